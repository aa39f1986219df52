"""What is published and told when a phase of a run is over, by what the store says then.

Nothing here can fail a run or hold it up for more than seconds: what Prefect does not take, and what cannot
be read or drawn, is logged.
"""

import asyncio
from collections.abc import Awaitable
from pathlib import Path
from typing import TypeVar

from prefect import get_run_logger
from prefect.artifacts import acreate_image_artifact, acreate_link_artifact, acreate_markdown_artifact
from prefect.context import FlowRunContext

from gristmill.db.runs import RunRecord
from gristmill.db.sessions import Engine
from gristmill.flows.artifacts.acceptance_watch import tell_of_drop
from gristmill.flows.artifacts.events import RunEvent, Value, tell
from gristmill.flows.artifacts.keys import artifact_key
from gristmill.flows.artifacts.markdown import escaped
from gristmill.flows.artifacts.publish import publish, table_artifact
from gristmill.flows.artifacts.report_link import address_of, as_markdown
from gristmill.flows.artifacts.rows import level_rows, metric_rows, reason_rows
from gristmill.flows.artifacts.session import this_session
from gristmill.flows.artifacts.summary import Whole, markdown, read_whole
from gristmill.reports.run_summary import RunSummary, read_summary
from gristmill.reports.summary import Prices
from gristmill.sampling.errors import GristmillError
from gristmill.sampling.records import RunState, StopReason

Result = TypeVar("Result")
_NOT_OF_THEIR_OWN = (None, StopReason.BUDGET_SPENT)
"""Stops of problems that more draws might still bring to their quota."""


async def sampling_ended(engine: Engine, run_id: str) -> None:
    """Tables by level and by reason, of a sampling that failed too."""
    summary = await _tried(asyncio.to_thread(read_summary, engine, run_id))
    if summary is not None:
        await publish_tables(summary)


async def publish_tables(summary: RunSummary) -> None:
    """As the store has it now; a later table stands beside an earlier one."""
    run = summary.run
    about = f"Run {escaped(run.id)} ({escaped(run.recipe)}): {run.state.value}"
    if await publish(
        table_artifact("levels", run.id, level_rows(summary), about),
        table_artifact("reasons", run.id, reason_rows(summary), about),
    ):
        this_session().tabled.add(run.id)


def tell_of_quotas(summary: RunSummary) -> None:
    """Once every problem has met its quota but for those that were left for a reason of their own (ceiling
    reached, given up, failed), and at least one has.
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
    tell(RunEvent.QUOTA_MET, summary.run.id, summary.run.recipe, payload)


async def measuring_ended(engine: Engine, run_id: str) -> None:
    """A table of the metrics."""
    rows = await _tried(asyncio.to_thread(metric_rows, engine, run_id))
    if rows:
        await publish(table_artifact("metrics", run_id, rows, f"Metrics of run {escaped(run_id)}"))


async def run_ended(engine: Engine, run_id: str, prices: Prices, report: Path | None, plots: bool) -> None:
    """The summary and what belongs to it, and the events: that the run is over; and where this session had
    anything to do, of quotas and acceptance.
    """
    asked = prices if prices.known else None
    summary = await _tried(asyncio.to_thread(read_summary, engine, run_id, asked))
    if summary is None:
        return
    if run_id not in this_session().tabled:
        await publish_tables(summary)
    where = "" if report is None else await _tried(_as_markdown(report)) or escaped(str(report))
    servers = this_session().servers
    whole = await _tried(asyncio.to_thread(read_whole, engine, summary, servers, where))
    if whole is not None:
        await _publish_whole(whole, report)
    if plots:
        await _publish_plots(engine, summary)
    had_work = _ended_now(summary.run)
    if had_work:
        tell_of_quotas(summary)
        await tell_of_drop(engine, run_id, ended=True)
    _tell_of_end(summary, nothing_missing=not had_work)


async def _publish_whole(whole: Whole, report: Path | None) -> None:
    run = whole.summary.run
    key, about = artifact_key(run.id), f"Summary of run {escaped(run.id)}: {run.state.value}"
    await publish(acreate_markdown_artifact(markdown(whole), key=f"summary-{key}", description=about))
    if report is None:
        return
    about, address = f"Report of run {escaped(run.id)}", await _tried(_address(report))
    if address is None:
        await publish(acreate_markdown_artifact(whole.report, key=f"report-{key}", description=about))
    else:
        await publish(acreate_link_artifact(address, report.name, key=f"report-{key}", description=about))


async def _publish_plots(engine: Engine, summary: RunSummary) -> None:
    try:
        from gristmill.flows.artifacts.plots import pictures
    except ModuleNotFoundError as error:
        get_run_logger().info("no plots: %s is not installed (gristmill[report])", error.name)
        return
    found = await _tried(asyncio.to_thread(pictures, engine, summary)) or []
    key, run = artifact_key(summary.run.id), escaped(summary.run.id)
    await publish(
        *(
            acreate_image_artifact(
                picture.address, key=f"{picture.name}-{key}", description=f"Run {run}: {picture.about}"
            )
            for picture in found
        )
    )


def _ended_now(run: RunRecord) -> bool:
    """Whether the flow run that calls found it unfinished; whichever process then drew."""
    context = FlowRunContext.get()
    return run.finished_at is None or context is None or run.finished_at >= context.start_time


def _tell_of_end(summary: RunSummary, *, nothing_missing: bool) -> None:
    run, total = summary.run, summary.total
    decided = total.accepted + total.rejected
    payload: dict[str, Value] = {
        "state": run.state.value,
        "nothing_missing": nothing_missing,
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
    tell(RunEvent.FINISHED if finished else RunEvent.INTERRUPTED, run.id, run.recipe, payload)


async def _tried(work: Awaitable[Result]) -> Result | None:
    """What it gives; None, and a line in the log, where store or disk are in the way."""
    try:
        return await work
    except (GristmillError, OSError, ValueError, RuntimeError) as error:
        get_run_logger().warning("not shown: %s", error)
        return None


async def _as_markdown(report: Path) -> str:
    return as_markdown(report)


async def _address(report: Path) -> str | None:
    return address_of(report)
