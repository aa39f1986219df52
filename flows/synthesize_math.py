"""The flow of the math mill: load, sample, summarise, each phase a task of one Prefect flow run.

Prefect sees the run and its phases, never a single response. What it shows is a view: the store is the
truth, and a Prefect server that goes away in mid-run costs artifacts and nothing else.
"""

import asyncio
import re
from contextlib import nullcontext
from contextvars import ContextVar
from time import perf_counter
from typing import Any
from uuid import UUID

import httpx
from prefect import flow, get_run_logger, task
from prefect.artifacts import acreate_progress_artifact, acreate_table_artifact, aupdate_progress_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.exceptions import PrefectException
from prefect.states import Cancelled, Completed

from flows.cost import Prices, cost_cells, cost_columns, prices_of
from flows.display import display, line_display, print_end, print_start, state_line
from flows.mill import Watcher, sample
from flows.prepare import Prepared, fresh_run_id, prepare
from flows.run_config import RunConfig
from flows.run_summary import RunSummary, read_summary
from flows.serving import Serving
from flows.signals import StopRequest, before, stop_on_signals
from flows.store import open_store
from flows.tables import console, level_cells, plain
from sampling.pipeline import Pipeline, PipelineReport
from sampling.records import RunState

_ARTIFACT_SECONDS = 5.0
_GONE = (httpx.HTTPError, PrefectException)
_foreground: ContextVar[StopRequest | None] = ContextVar("foreground", default=None)
"""Set while a command runs the flow in its terminal; a deployment's runs get their signals from Prefect."""


@flow(name="synthesize-math")
async def synthesize_math(config: RunConfig, run_id: str | None = None) -> State[str]:
    """Brings every problem to its quota. `run_id` names a new run, or one to go on with."""
    stop = _foreground.get()
    with stop_on_signals(stop) if stop else nullcontext():  # here: Prefect has set its own handlers by now
        return await _phases(config, run_id or fresh_run_id(config.recipe))


async def _phases(config: RunConfig, run_id: str) -> State[str]:
    async with Serving() as serving:
        prepared = await load(config, run_id, serving)
        if prepared is None:
            return Cancelled(message=f"{run_id} was stopped before it began")
        report = await sample_run(prepared.run_id, prepared.config, serving)
    await summarise(prepared.run_id, prices_of(prepared.config.run))
    if report.state is RunState.FINISHED:
        return Completed(message=prepared.run_id, data=prepared.run_id)
    return Cancelled(
        message=f"{prepared.run_id} was interrupted; it goes on under its id", data=prepared.run_id
    )


async def run_flow(config: RunConfig, run_id: str) -> int | None:
    """Runs the flow here and now, raises what ended it as it is, returns the signal that interrupted it."""
    stop = StopRequest()
    _foreground.set(stop)
    try:
        state: State[Any] = await synthesize_math(config, run_id, return_state=True)
        if state.is_failed() or state.is_crashed():
            await state.aresult()
    except _GONE as error:
        console(stderr=True).print(plain(f"Prefect went away ({error!r}); the store has what was drawn"))
    return stop.signal


@task(name="load", cache_policy=NO_CACHE)
async def load(config: RunConfig, run_id: str, serving: Serving) -> Prepared | None:
    """Reads the problems and writes the run, or finds the stored one. None: it was stopped before that."""
    log, stop = get_run_logger(), _foreground.get()
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


@task(name="sample", cache_policy=NO_CACHE)
async def sample_run(run_id: str, config: RunConfig, serving: Serving) -> PipelineReport:
    """Draws, judges and records until nothing is missing."""
    stop, err = _foreground.get(), console(stderr=True)
    own_display = display(err) if stop else line_display(get_run_logger().info)
    watchers = [own_display, progress_artifact(run_id)]
    with open_store() as engine:
        ended = stop.event if stop else asyncio.Event()
        report = await sample(engine, run_id, config, ended, serving, watchers)
    if stop is not None:
        print_end(err, report)
    return report


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
            except (TimeoutError, OSError, RuntimeError, *_GONE) as error:
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
