"""Tables of runs and of one run's summary, as the commands print them."""

from collections.abc import Iterable

from rich.console import Console, Group

from gristmill.db.reports.summary import LevelRow
from gristmill.db.runs import RunRecord
from gristmill.reports.console import plain, table
from gristmill.reports.summary import RunSummary, cost_cells, cost_columns, per_accepted_line
from gristmill.sampling.records import UNREADABLE

LEVEL_COLUMNS = ("level", "problems", "quota met", "draws", "accepted", "rejected", "undecided", "pass rate")


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
    if lost := summary.failures.get(UNREADABLE):
        out.print(f"{lost:,} draws failed: no reply to them could be read")
    if total.accepted:
        out.print(per_accepted_line(total, run.elapsed_seconds))
    levels = summary.levels if len(summary.levels) == 1 else [*summary.levels, total]
    costs = [(row.level or "-", *cost_cells(row, summary.prices)) for row in levels]
    reasons = [(f"{row.outcome.value}: {row.reason}", f"{row.attempts:,}") for row in summary.reasons]
    stops = [(stop.value if stop else "open", f"{count:,}") for stop, count in summary.stops.items()]
    failures = [(kind, f"{count:,}") for kind, count in summary.failures.items()]
    parts = [
        table("By level", LEVEL_COLUMNS, [level_cells(row) for row in levels]),
        table("By cost", ("level", *cost_columns(summary.prices)), costs),
        table("By reason", ("verdict", "attempts"), reasons),
        table("Problems by why they stopped", ("stop", "problems"), stops),
    ]
    if failures:
        parts.append(table("Requests that brought no response", ("kind", "times"), failures))
    for part in parts:
        out.print()
        out.print(part)
