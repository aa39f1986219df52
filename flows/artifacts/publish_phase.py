"""Artifacts and events at the end of each phase of a run, from what the store says then.

Nothing here can fail a run or hold it up for more than seconds: what Prefect does not take, and what cannot
be read, is logged.
"""

import asyncio
from collections.abc import Awaitable
from pathlib import Path
from typing import TypeVar

from prefect import get_run_logger
from prefect.artifacts import acreate_link_artifact, acreate_markdown_artifact
from prefect.context import FlowRunContext

from gristmill.db.runs import RunRecord
from gristmill.db.sessions import Engine
from gristmill.flows.artifacts.acceptance_watch import check_acceptance
from gristmill.flows.artifacts.events import RunEvent, Value, emit
from gristmill.flows.artifacts.keys import artifact_key
from gristmill.flows.artifacts.markdown import escaped
from gristmill.flows.artifacts.publish import Publication, publication_state, publish, table_artifact
from gristmill.flows.artifacts.report_link import LONGEST_PATH, address_of
from gristmill.flows.artifacts.rows import level_rows, metric_rows, reason_rows, summary_rows
from gristmill.reports.summary import Prices, RunSummary, read_summary
from gristmill.sampling.errors import ConfigError, GristmillError
from gristmill.sampling.records import RunState, StopReason

Result = TypeVar("Result")
_NOT_OF_THEIR_OWN = (None, StopReason.BUDGET_SPENT)
"""Stops of problems that more draws might still bring to their quota."""


async def sampling_ended(engine: Engine, run_id: str) -> None:
    """Publishes the tables by level and by reason, of a sampling that failed too."""
    summary = await _tried(asyncio.to_thread(read_summary, engine, run_id))
    if summary is not None:
        await publish_tables(summary)


async def publish_tables(summary: RunSummary) -> None:
    """By level and by reason, as the store has it now; Prefect keeps an earlier table beside a later one."""
    run = summary.run
    about = f"Run {escaped(run.id)} ({escaped(run.recipe)}): {run.state.value}"
    if await publish(
        table_artifact("levels", run.id, level_rows(summary), about),
        table_artifact("reasons", run.id, reason_rows(summary), about),
    ):
        publication_state().tabled.add(run.id)


def emit_quotas_met(summary: RunSummary) -> None:
    """Emits that every problem has met its quota but for those left for a reason of their own (ceiling
    reached, given up, failed), and that at least one has.
    """
    stops, total = summary.stops, summary.total
    met = stops.get(StopReason.QUOTA_MET, 0)
    if not met or any(stops.get(reason, 0) for reason in _NOT_OF_THEIR_OWN):
        return
    payload: dict[str, Value] = {
        "problems": total.problems,
        "quota_met": met,
        "left": total.problems - met,
        "attempts": total.attempts,
    }
    emit(RunEvent.QUOTA_MET, summary.run.id, summary.run.recipe, payload)


async def measuring_ended(engine: Engine, run_id: str) -> None:
    """Publishes a table of the metrics, where there are any."""
    rows = await _tried(asyncio.to_thread(metric_rows, engine, run_id))
    if rows:
        await publish(table_artifact("metrics", run_id, rows, f"Metrics of run {escaped(run_id)}"))


async def run_ended(engine: Engine, run_id: str, prices: Prices, report: Path | None = None) -> None:
    """Publishes tables, summary and where the report is. Emits that the run is over and, where this session
    had anything to do, events of quotas and acceptance.
    """
    asked = prices if prices.known else None
    summary = await _tried(asyncio.to_thread(read_summary, engine, run_id, asked))
    if summary is None:
        return
    if run_id not in publication_state().tabled:
        await publish_tables(summary)
    rows = await _tried(asyncio.to_thread(summary_rows, summary))
    if rows:
        about = f"Summary of run {escaped(run_id)}: {summary.run.state.value}"
        await publish(table_artifact("summary", run_id, rows, about))
    if report is not None:
        await publish(_report_artifact(run_id, report))
    had_work = _ended_now(summary.run)
    if had_work:
        emit_quotas_met(summary)
        await check_acceptance(engine, run_id, ended=True)
    _emit_end(summary, mark_finished=not had_work)


def _report_artifact(run_id: str, report: Path) -> Publication:
    """A link where there is an address for it, else its path."""
    key, about = f"report-{artifact_key(run_id)}", f"Report of run {escaped(run_id)}"
    try:
        address = address_of(report)
    except ConfigError as error:
        get_run_logger().warning("not shown: %s", error)
        address = None
    if address is None:
        return acreate_markdown_artifact(escaped(str(report), LONGEST_PATH), key=key, description=about)
    return acreate_link_artifact(address, report.name, key=key, description=about)


def _ended_now(run: RunRecord) -> bool:
    """True if the calling flow run found it unfinished, whichever process then drew."""
    context = FlowRunContext.get()
    return run.finished_at is None or context is None or run.finished_at >= context.start_time


def _emit_end(summary: RunSummary, *, mark_finished: bool) -> None:
    run, total = summary.run, summary.total
    decided = total.accepted + total.rejected
    payload: dict[str, Value] = {
        "state": run.state.value,
        "mark_finished": mark_finished,
        "problems": total.problems,
        "attempts": total.attempts,
        "accepted": total.accepted,
        "rejected": total.rejected,
        "undecided": total.undecided,
        "acceptance": round(total.accepted / decided, 4) if decided else None,
        "quota_met": round(total.quota_met / total.problems, 4) if total.problems else None,
        "tokens": total.prompt_tokens + total.completion_tokens,
        "cost": round(summary.prices.cost(total), 6) if summary.prices.known else None,
        "seconds": round(run.elapsed_seconds, 1),
    }
    finished = run.state is RunState.FINISHED
    emit(RunEvent.FINISHED if finished else RunEvent.INTERRUPTED, run.id, run.recipe, payload)


async def _tried(work: Awaitable[Result]) -> Result | None:
    """Its result; None, with a line in the log, where store or disk are in the way."""
    try:
        return await work
    except (GristmillError, OSError, ValueError, RuntimeError) as error:
        get_run_logger().warning("not shown: %s", error)
        return None
