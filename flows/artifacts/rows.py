"""The rows of the table artifacts of a run: by level, and by reason."""

from gristmill.db.metrics import metric_means
from gristmill.db.sessions import Engine, reading
from gristmill.reports.console import level_cells
from gristmill.reports.run_summary import RunSummary
from gristmill.reports.summary import cost_cells, cost_columns

Rows = list[dict[str, str]]
_LEVEL = ("level", "problems", "quota met", "draws", "accepted", "rejected", "undecided", "pass rate")


def level_rows(summary: RunSummary) -> Rows:
    """The last row is of all levels."""
    names = (*_LEVEL, *cost_columns(summary.prices))
    rows = [*summary.levels, summary.total]
    return [
        dict(zip(names, (*level_cells(row), *cost_cells(row, summary.prices)), strict=True)) for row in rows
    ]


def reason_rows(summary: RunSummary) -> Rows:
    """Accepted first; every attempt counts once, by its current verdict."""
    return [
        {"verdict": row.outcome.value, "reason": row.reason, "attempts": f"{row.attempts:,}"}
        for row in summary.reasons
    ]


def metric_rows(engine: Engine, run_id: str) -> Rows:
    """Means over the responses measured, and over those that rank first."""
    with reading(engine) as session:
        means = metric_means(session, run_id)
    return [
        {
            "metric": name,
            "responses": f"{count:,}",
            "mean": f"{mean:.4g}",
            "mean of the first": "-" if first is None else f"{first:.4g}",
        }
        for name, count, mean, first in means
    ]
