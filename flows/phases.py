"""The phases of a run as Prefect's tasks, shared by the flows: load, make instructions, sample, measure,
summarise.

Prefect sees the run and its phases, never a single response. What it shows is a view: the store is the
truth, and a Prefect server that goes away in mid-run costs artifacts and nothing else.
"""

import asyncio
import re
from contextvars import ContextVar
from time import perf_counter
from uuid import UUID

import httpx
from prefect import get_run_logger, task
from prefect.artifacts import acreate_progress_artifact, acreate_table_artifact, aupdate_progress_artifact
from prefect.cache_policies import NO_CACHE
from prefect.exceptions import PrefectException

from flows.cost import Prices, cost_cells, cost_columns
from flows.display import MADE, display, line_display, print_end, print_start, state_line
from flows.instruction_report import instruction_rows, read_instructions
from flows.make_instructions import make_instructions
from flows.mill import Watcher, sample
from flows.prepare import Prepared, prepare
from flows.run_config import RunConfig
from flows.run_names import instruction_run_id
from flows.run_summary import RunSummary, read_summary
from flows.selection import measure
from flows.serving import Serving
from flows.signals import StopRequest, before
from flows.store import open_store
from flows.tables import console, level_cells
from flows.take_instructions import take_instructions
from sampling.pipeline import Pipeline, PipelineReport

_ARTIFACT_SECONDS = 5.0
GONE = (httpx.HTTPError, PrefectException)
foreground: ContextVar[StopRequest | None] = ContextVar("foreground", default=None)
"""Set while a command runs the flow in its terminal; a deployment's runs get their signals from Prefect."""


@task(name="load", cache_policy=NO_CACHE)
async def load(config: RunConfig, run_id: str, serving: Serving) -> Prepared | None:
    """Reads the problems and writes the run, or finds the stored one. None: it was stopped before that."""
    log, stop = get_run_logger(), foreground.get()
    with open_store() as engine:
        preparing = prepare(engine, config, run_id, serving)
        prepared = await before(stop.event if stop else asyncio.Event(), preparing)
    if prepared is None:
        return None
    if stop is not None:
        print_start(console(stderr=True), prepared)
    log.info("run %s: %d problems", run_id, prepared.problems)
    for bad in prepared.skipped:
        log.warning("skipped: %s", bad)
    return prepared


@task(name="make", cache_policy=NO_CACHE)
async def make(run_id: str, config: RunConfig, serving: Serving) -> PipelineReport:
    """Draws instructions and passes them through the gates, until as many are accepted as are wanted."""
    stop, err = foreground.get(), console(stderr=True)
    own_display = display(err, MADE) if stop else line_display(get_run_logger().info, MADE)
    watchers = [own_display, progress_artifact(instruction_run_id(run_id))]
    with open_store() as engine:
        ended = stop.event if stop else asyncio.Event()
        return await make_instructions(engine, run_id, config, ended, serving, watchers)


@task(name="take", cache_policy=NO_CACHE)
async def take(run_id: str, config: RunConfig) -> int:
    """Makes the accepted instructions the problems of the run."""
    with open_store() as engine:
        return await asyncio.to_thread(take_instructions, engine, run_id, config)


@task(name="sample", cache_policy=NO_CACHE)
async def sample_run(run_id: str, config: RunConfig, serving: Serving) -> PipelineReport:
    """Draws, judges and records until nothing is missing."""
    stop, err = foreground.get(), console(stderr=True)
    own_display = display(err) if stop else line_display(get_run_logger().info)
    watchers = [own_display, progress_artifact(run_id)]
    with open_store() as engine:
        ended = stop.event if stop else asyncio.Event()
        report = await sample(engine, run_id, config, ended, serving, watchers)
    if stop is not None:
        print_end(err, report)
    return report


@task(name="measure", cache_policy=NO_CACHE)
async def measure_run(run_id: str, config: RunConfig) -> int:
    """Computes the metrics that the recipe wants, and ranks the accepted responses by one of them."""
    with open_store() as engine:
        return await asyncio.to_thread(measure, engine, run_id, config.selection)


@task(name="report-instructions", cache_policy=NO_CACHE)
async def report_instructions(run_id: str) -> None:
    """Publishes what came of the first sampling as table artifacts: verdicts on candidates, and diversity."""
    with open_store() as engine:
        made = await asyncio.to_thread(read_instructions, engine, run_id, whole=True)
    if made is None:
        return
    key, description = artifact_key(run_id), f"Instructions of run {run_id}"
    for name, rows in instruction_rows(made).items():
        await acreate_table_artifact(rows, key=f"{name}-{key}", description=description)


@task(name="summarise", cache_policy=NO_CACHE)
async def summarise(run_id: str, prices: Prices) -> None:
    """Publishes what came of the run as table artifacts."""
    with open_store() as engine:
        summary = await asyncio.to_thread(read_summary, engine, run_id, prices if prices.known else None)
    key = artifact_key(run_id)
    description = f"Run {run_id} ({summary.run.recipe}): {summary.run.state.value}"
    await acreate_table_artifact(_level_rows(summary), key=f"levels-{key}", description=description)
    reasons = [
        {"verdict": row.outcome.value, "reason": row.reason, "attempts": row.attempts}
        for row in summary.reasons
    ]
    await acreate_table_artifact(reasons, key=f"reasons-{key}", description=description)


def progress_artifact(run_id: str) -> Watcher:
    """The share of problems that need no more draws, as an artifact that a slow or absent server cannot
    hold up.
    """

    async def watch(pipeline: Pipeline) -> None:
        log, artifact, since = get_run_logger(), None, perf_counter()
        while True:
            try:
                async with asyncio.timeout(_ARTIFACT_SECONDS):
                    artifact = await _publish(artifact, run_id, pipeline, since)
            except (TimeoutError, OSError, RuntimeError, *GONE) as error:
                log.debug("progress artifact not updated: %r", error)
            await asyncio.sleep(_ARTIFACT_SECONDS)

    return watch


async def _publish(artifact: UUID | None, run_id: str, pipeline: Pipeline, since: float) -> UUID:
    share = 100.0 * pipeline.scheduler.stopped_share
    description = state_line(pipeline, since)
    if artifact is None:
        return await acreate_progress_artifact(
            progress=share, key=f"progress-{artifact_key(run_id)}", description=description
        )
    await aupdate_progress_artifact(artifact, progress=share, description=description)
    return artifact


def artifact_key(run_id: str) -> str:
    """Prefect's keys hold lower-case letters, digits and dashes only."""
    return re.sub(r"[^a-z0-9]+", "-", run_id.lower()).strip("-") or "run"


def _level_rows(summary: RunSummary) -> list[dict[str, str]]:
    names = (
        "level",
        "problems",
        "quota met",
        "draws",
        "accepted",
        "rejected",
        "undecided",
        "pass rate",
        *cost_columns(summary.prices),
    )
    rows = [*summary.levels, summary.total]
    return [
        dict(zip(names, (*level_cells(row), *cost_cells(row, summary.prices)), strict=True)) for row in rows
    ]
