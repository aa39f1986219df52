"""What an export shows while it goes: a bar in a terminal, a plain line now and then elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from gristmill.exports.export import Watch

_LINE_SECONDS = 10.0


@contextmanager
def watching(out: Console) -> Iterator[Watch]:
    """What is told of the export's progress, on this console."""
    if not out.is_terminal:
        yield _lines(out)
        return
    columns = (
        BarColumn(bar_width=24),
        TextColumn("{task.percentage:>3.0f}% of problems"),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=out, transient=True) as progress:
        bar = progress.add_task("", total=None)
        yield lambda done, problems, rows: progress.update(
            bar, completed=done, total=problems, description=f"{rows:,} rows"
        )


def _lines(out: Console) -> Watch:
    last = monotonic()

    def tell(done: int, problems: int, rows: int) -> None:
        nonlocal last
        if monotonic() - last >= _LINE_SECONDS:
            last = monotonic()
            out.print(f"{done / max(1, problems):.0%} of problems; {rows:,} rows")

    return tell
