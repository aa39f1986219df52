"""The console that commands print to, and plain text and tables on it.

Text from outside (a model's, a file's) is never read as markup or as terminal control.
"""

from collections.abc import Iterable, Sequence

from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from gristmill.text.visible import visible

_WIDTH_ELSEWHERE = 110


def console(*, stderr: bool = False) -> Console:
    """Stdout or stderr; a terminal keeps its own width, anything else gets 110 columns."""
    made = Console(stderr=stderr, highlight=False)
    return made if made.is_terminal else Console(stderr=stderr, highlight=False, width=_WIDTH_ELSEWHERE)


def plain(text: str) -> Text:
    """Text from outside, made safe to print: control characters are shown and do nothing."""
    return Text(visible(text))


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Group:
    """The first column is text, the others are numbers, aligned at the right."""
    made = Table(box=None, pad_edge=False)
    for index, column in enumerate(columns):
        made.add_column(column, justify="left" if index == 0 else "right", overflow="fold")
    for row in rows:
        made.add_row(*(plain(str(cell)) for cell in row))
    return Group(Text(title, style="bold"), made)
