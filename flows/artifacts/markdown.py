"""Escaping of untrusted text for the Markdown of artifacts, and Markdown tables.

Both of Prefect's pages render raw HTML in Markdown, make links of bare addresses, and render Markdown in
descriptions; the older one does so in the cells of tables too, where it takes entities literally. A code span
is the one thing that both leave alone everywhere (tried in Chromium on 3.8.8), so whatever is not plainly a
word goes into one.
"""

import re
from collections.abc import Iterable, Sequence

from gristmill.reports.visible_text import printable, short
from gristmill.text.markdown_table import markdown_table
from gristmill.text.visible import escape_of

LONGEST = 200
"""Characters of a text that are shown."""

_PLAIN = re.compile(r"-|[0-9][0-9,.]*%?|[A-Za-z0-9]+(?:[ _.-][A-Za-z0-9]+)*", re.ASCII)
_ENDS_A_SPAN = re.compile(r"[`|]")


def escaped(text: str, characters: int = LONGEST) -> str:
    """Words and numbers as they are, anything else as a code span on one line; a dash for an empty text.

    What is not seen is written as an escape, as in the report, and so are backticks, bars and line ends.
    """
    text = short(text.strip(), characters)
    if not text:
        return "-"
    if _PLAIN.fullmatch(text) and "www." not in text.lower():
        return text
    return f"`{_ENDS_A_SPAN.sub(lambda match: escape_of(match[0]), printable(text))}`"


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], texts: int = 1) -> str:
    """Cells are Markdown: what is from outside is escaped by then. The first `texts` columns are text, the
    others numbers.
    """
    return markdown_table(headings, rows, numbers=range(texts, len(headings)))
