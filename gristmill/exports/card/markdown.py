"""Markdown in which any text can stand: names of models, levels and sources are from outside.

A text that is not `Markdown` already becomes a code span, in which Markdown knows no markup, HTML or links.
The three things that could end the span or the row of a table (a backtick, a bar, a line feed) and whatever
does not print are shown as escapes. Long names and long tables are cut short: the manifest has all of it.
"""

from collections.abc import Iterable, Mapping, Sequence

from gristmill.text.markdown_table import markdown_table
from gristmill.text.visible import visible

MOST_ROWS = 40
_LONGEST = 120
_LONGEST_BLOCK = 60
_TAKEN = "`|"
_PUNCTUATION = "\\`*_{}[]<>()#+-.!|&~:@"


class Markdown(str):
    """Markdown that is safe as it is: our own words, or a text that was escaped."""

    __slots__ = ()


def cell(value: object) -> Markdown:
    """A value as a cell or within a sentence: a number with commas, any other text as a code span."""
    if isinstance(value, Markdown):
        return value
    if isinstance(value, int):
        return Markdown(f"{value:,}")
    text = str(value)
    return Markdown(f"`{one_line(text)}`" if text else "(none)")


def names(texts: Iterable[str], most: int = 5) -> Markdown:
    """Some of them, with commas."""
    every = list(texts)
    return Markdown(", ".join(map(cell, every[:most])) + (", ..." if len(every) > most else "") or "-")


def prose(text: str) -> Markdown:
    """A text with all punctuation of Markdown escaped, for places where a code span would be odd."""
    return Markdown("".join(f"\\{c}" if c in _PUNCTUATION else c for c in one_line(text)))


def block(text: str) -> Markdown:
    """A text of several lines, indented, which is code whatever it holds. It goes after a paragraph."""
    shown = [visible(line[:1000]) for line in text.split("\n")]
    cut = ["..."] if len(shown) > _LONGEST_BLOCK else []
    return Markdown("\n".join(f"    {line}".rstrip() for line in shown[:_LONGEST_BLOCK] + cut))


def one_line(text: str) -> str:
    """One line of what prints, without backticks and bars, at most some hundred characters."""
    cut = text if len(text) <= _LONGEST else text[:_LONGEST] + "..."
    return visible(cut, keep="", also=_TAKEN).strip() or "\\x20"


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Markdown:
    """Columns of numbers alone are aligned at the right."""
    every = [[cell(value) for value in row] for row in rows]
    numbers = [place for place in range(len(columns)) if all(_is_number(row[place]) for row in every)]
    more = len(every) - MOST_ROWS
    note = f"\n\nand {more:,} more (see `manifest.json`)" if more > 0 else ""
    return Markdown(markdown_table(columns, every[:MOST_ROWS], numbers) + note)


def count_table(what: str, counted: str, counts: Mapping[str, int]) -> Markdown:
    """By count, the largest first, then by name."""
    return table((what, counted), by_count(counts))


def by_count(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """The largest first, then by name."""
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _is_number(cell: str) -> bool:
    return cell.strip("0123456789,.%-") == ""
