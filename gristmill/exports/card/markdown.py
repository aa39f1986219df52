"""Tables in Markdown whose cells hold any text: names of models, levels and sources are from outside.

A name becomes a code span, in which Markdown knows no markup, HTML or links. The three things that could end
the span or the row (a backtick, a bar, a line feed) and whatever does not print are shown as escapes. Long
names and long tables are cut short: the manifest has all of it.
"""

from collections.abc import Iterable, Mapping, Sequence

from gristmill.text.markdown_table import markdown_table
from gristmill.text.visible import visible

MOST_ROWS = 40
_LONGEST = 120
_LONGEST_BLOCK = 60
_TAKEN = "`|"
_PUNCTUATION = "\\`*_{}[]<>()#+-.!|&~:@"


def name(text: str) -> str:
    """A text from outside as a cell, or within a sentence."""
    return f"`{one_line(text)}`" if text else "(none)"


def names(texts: Iterable[str], most: int = 5) -> str:
    """Some of them, with commas."""
    every = list(texts)
    return ", ".join(map(name, every[:most])) + (", ..." if len(every) > most else "") or "-"


def prose(text: str) -> str:
    """Where a code span would be odd: every sign that Markdown takes is escaped."""
    return "".join(f"\\{c}" if c in _PUNCTUATION else c for c in one_line(text))


def block(text: str) -> str:
    """A text of several lines, indented, which is code whatever it holds. It goes after a paragraph."""
    lines = text.split("\n")
    shown = [visible(line[:1000]) for line in lines]
    cut = ["..."] if len(shown) > _LONGEST_BLOCK else []
    return "\n".join(f"    {line}".rstrip() for line in shown[:_LONGEST_BLOCK] + cut)


def one_line(text: str) -> str:
    """One line of what prints, without backticks and bars, at most some hundred characters."""
    cut = text if len(text) <= _LONGEST else text[:_LONGEST] + "..."
    return visible(cut, keep="", also=_TAKEN).strip() or "\\x20"


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Columns of digits alone are aligned at the right. Cells are safe already."""
    every = list(rows)
    numbers = [place for place in range(len(columns)) if all(_is_number(row[place]) for row in every)]
    more = len(every) - MOST_ROWS
    note = f"\n\nand {more:,} more (see `manifest.json`)" if more > 0 else ""
    return markdown_table(columns, every[:MOST_ROWS], numbers) + note


def count_table(what: str, counted: str, counts: Mapping[str, int]) -> str:
    """By count, the largest first, then by name."""
    return table((what, counted), [(name(key), f"{count:,}") for key, count in by_count(counts)])


def by_count(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """The largest first, then by name."""
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _is_number(cell: str) -> bool:
    return cell.strip("0123456789,.%-") == ""
