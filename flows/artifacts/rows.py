"""Rows of a run's table artifacts: summary, by level, by reason, metrics. Cells are not yet escaped."""

from collections.abc import Iterator

from gristmill.db.metrics import metric_means
from gristmill.db.sessions import Engine, reading
from gristmill.reports.summary import RunSummary, cost_cells, cost_columns
from gristmill.reports.summary_tables import level_cells
from gristmill.runs.settings.snapshot import snapshot_from

Rows = list[dict[str, str]]
_LEVEL = ("level", "problems", "quota met", "draws", "accepted", "rejected", "undecided", "pass rate")


def summary_rows(summary: RunSummary) -> Rows:
    """The run in two columns. What there is nothing of (a price, a message, failed requests) has no row.

    Raises StoreError, also where another version wrote the run's configuration.
    """
    model = snapshot_from(summary.run.config).config.generator.model or ""
    return [{"what": what, "how much": value} for what, value in _numbers(summary, model)]


def _numbers(summary: RunSummary, model: str) -> Iterator[tuple[str, str]]:
    run, total, seconds = summary.run, summary.total, summary.run.elapsed_seconds
    decided, tokens = total.accepted + total.rejected, total.prompt_tokens + total.completion_tokens
    yield "run", run.id
    yield "state", run.state.value
    if run.message:
        yield "message", run.message
    yield "recipe", run.recipe
    yield "model", model
    yield "problems", f"{total.problems:,}"
    yield "quota met", f"{total.quota_met:,}"
    yield "quota met of the problems", _percent(total.quota_met, total.problems)
    yield "unsolved", f"{total.unsolved:,}"
    yield "attempts", f"{total.attempts:,}"
    yield "accepted", f"{total.accepted:,}"
    yield "rejected", f"{total.rejected:,}"
    yield "undecided", f"{total.undecided:,}"
    yield "accepted of the decided ones", _percent(total.accepted, decided)
    yield "tokens of prompts", f"{total.prompt_tokens:,}"
    yield "tokens of responses", f"{total.completion_tokens:,}"
    yield "accepted per thousand tokens", f"{1000 * total.accepted / tokens:.3g}" if tokens else "-"
    if summary.prices.known:
        cost = summary.prices.cost(total)
        yield "cost", f"{cost:,.4f}"
        yield "cost per accepted", f"{cost / total.accepted:,.6f}" if total.accepted else "-"
    yield "drawing seconds", f"{seconds:,.0f}"
    yield "attempts per second", f"{total.attempts / seconds:,.1f}" if seconds else "-"
    for kind, count in summary.failures.items():
        yield f"failed requests {kind}", f"{count:,}"


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


def _percent(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "-"
