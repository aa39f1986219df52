"""The tables that the commands print. Text from a model is never read as markup or as terminal control."""

from collections.abc import Iterable, Sequence

from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from gristmill.db.reports.summary import LevelRow
from gristmill.db.runs import RunRecord
from gristmill.reports.run_summary import RunSummary
from gristmill.reports.summary import cost_cells, cost_columns, per_accepted_line
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


def level_table(summary: RunSummary) -> Group:
    columns = (
        "level",
        "problems",
        "quota met",
        "draws",
        "accepted",
        "rejected",
        "undecided",
        "pass rate",
    )
    return table("By level", columns, [level_cells(row) for row in _rows(summary)])


def cost_table(summary: RunSummary) -> Group:
    columns = ("level", *cost_columns(summary.prices))
    rows = [(row.level or "-", *cost_cells(row, summary.prices)) for row in _rows(summary)]
    return table("By cost", columns, rows)


def _rows(summary: RunSummary) -> list[LevelRow]:
    return summary.levels if len(summary.levels) == 1 else [*summary.levels, summary.total]


def level_cells(row: LevelRow) -> tuple[str, ...]:
    """One level as text; the pass rate is over decided attempts, a dash where there is none."""
    decided = row.accepted + row.rejected
    return (
        row.level or "-",
        f"{row.problems:,}",
        f"{row.quota_met:,}",
        f"{row.attempts:,}",
        f"{row.accepted:,}",
        f"{row.rejected:,}",
        f"{row.undecided:,}",
        f"{row.accepted / decided:.1%}" if decided else "-",
    )


def reason_table(summary: RunSummary) -> Group:
    rows = [(f"{row.outcome.value}: {row.reason}", f"{row.attempts:,}") for row in summary.reasons]
    return table("By reason", ("verdict", "attempts"), rows)


def stop_table(summary: RunSummary) -> Group:
    rows = [
        ("open" if reason is None else reason.value, f"{count:,}") for reason, count in summary.stops.items()
    ]
    return table("Problems by why they stopped", ("stop", "problems"), rows)


def failure_table(summary: RunSummary) -> Group:
    rows = [(kind, f"{count:,}") for kind, count in summary.failures.items()]
    return table("Requests that brought no response, and were made again", ("kind", "times"), rows)


def run_table(runs: Iterable[RunRecord]) -> Group:
    rows = [
        (
            run.id,
            run.recipe,
            run.state.value,
            f"{run.created_at:%Y-%m-%d %H:%M:%S}",
            f"{run.elapsed_seconds:,.0f}",
        )
        for run in runs
    ]
    return table("Runs", ("run", "recipe", "state", "started (UTC)", "seconds"), rows)


def print_summary(out: Console, summary: RunSummary) -> None:
    """The summary at the end of a run, and what `status` prints."""
    total, run = summary.total, summary.run
    out.print(
        plain(f"Run {run.id} ({run.recipe}): {run.state.value}{': ' + run.message if run.message else ''}")
    )
    out.print(
        f"{total.attempts:,} attempts = {total.accepted:,} accepted + {total.rejected:,} rejected "
        f"+ {total.undecided:,} undecided, on {total.problems:,} problems in {run.elapsed_seconds:,.0f} s"
    )
    if total.accepted:
        out.print(per_accepted_line(total, run.elapsed_seconds))
    parts = [level_table(summary), cost_table(summary), reason_table(summary), stop_table(summary)]
    if summary.failures:
        parts.append(failure_table(summary))
    for part in parts:
        out.print()
        out.print(part)
