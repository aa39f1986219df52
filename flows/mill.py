"""Drawing for a run that is in the store, without Prefect: the phase that flow and command line share.

What came of it is read back from the store, which is the only truth, so that going on with a run is the
same step over again: tallies are read, and what is missing is drawn.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial

from db.attempts import progress
from db.ledger import StoreLedger
from db.problems import run_problems
from db.runs import RunRecord, beat_run, mark_run
from db.sessions import Engine, reading, writing
from flows.judging import open_judge
from flows.prometheus import metrics_served
from flows.run_config import RunConfig
from flows.serving import Serving
from flows.signals import before
from flows.store import stored_run
from generators import concurrency_of
from generators.prompts import render
from sampling.errors import GristmillError, StoreError
from sampling.pipeline import Pipeline, PipelineReport, PipelineSettings
from sampling.ports import DrawPlan
from sampling.records import Problem, Prompt, RunState
from sampling.scheduler import Scheduler

Watcher = Callable[[Pipeline], Awaitable[None]]
"""Runs beside a pipeline and is cancelled at its end: a display, a progress artifact."""

_BEAT_SECONDS = 5.0
_log = logging.getLogger(__name__)


async def sample(
    engine: Engine,
    run_id: str,
    config: RunConfig,
    stop: asyncio.Event,
    serving: Serving,
    watchers: Sequence[Watcher] = (),
) -> PipelineReport:
    """Draws until nothing is missing, or until told to stop, and marks the run accordingly.

    A run that misses nothing opens no generator and issues no request.
    """
    with reading(engine) as session:
        record = stored_run(session, run_id)
        problems = run_problems(session, run_id)
        known = progress(session, run_id)
    scheduler = Scheduler(
        [problem.id for problem in problems],
        config.policy.as_policy(),
        config.run.seed or 0,
        known,
        expected_tokens=config.generator.max_tokens,
        together=config.run.together,
    )
    if scheduler.nothing_to_draw(record.elapsed_seconds):
        return await nothing_missing(engine, record, scheduler)
    opening = _open_pipeline(engine, record, config, problems, scheduler, serving)
    return await draw(engine, record, opening, stop, [serving.watch, *watchers])


async def draw(
    engine: Engine,
    record: RunRecord,
    opening: AbstractAsyncContextManager[Pipeline],
    stop: asyncio.Event,
    watchers: Sequence[Watcher],
) -> PipelineReport:
    """Opens the pipeline and runs it, with the watchers beside it and the run marked before and after."""
    with _marking(engine, record) as mark:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(_beating(engine, record, mark))
            mark.pipeline = pipeline = await before(stop, stack.enter_async_context(opening))
            if pipeline is None:
                mark.state = RunState.INTERRUPTED
                return nothing_done(RunState.INTERRUPTED)
            async with _beside(pipeline, watchers):
                report = await pipeline.run(stop)
        mark.state = report.state
    return report


@dataclass(slots=True)
class _Mark:
    """How a session will have ended; what is not set otherwise is a failure."""

    state: RunState = RunState.FAILED
    pipeline: Pipeline | None = None


@contextmanager
def _marking(engine: Engine, record: RunRecord) -> Iterator[_Mark]:
    """Marks the run running, and at the end as what became of it, whatever happens short of a kill."""
    write_mark(engine, record.id, RunState.RUNNING, record.elapsed_seconds)
    mark, message = _Mark(), ""
    try:
        yield mark
    except asyncio.CancelledError:
        mark.state = RunState.INTERRUPTED
        raise
    except GristmillError as error:
        message = str(error)
        raise
    finally:
        elapsed = mark.pipeline.elapsed_seconds if mark.pipeline else record.elapsed_seconds
        try:
            write_mark(engine, record.id, mark.state, elapsed, message)
        except StoreError as error:  # the error that ended the session, if one did, says it better
            _log.warning("the run was not marked %s: %s", mark.state.value, error)


def pipeline_settings(config: RunConfig) -> PipelineSettings:
    return PipelineSettings(
        concurrency=concurrency_of(config.generator),
        group_size=config.run.group_size,
        group_seconds=config.run.group_seconds,
        grace_seconds=config.run.grace_seconds,
    )


@asynccontextmanager
async def _open_pipeline(
    engine: Engine,
    record: RunRecord,
    config: RunConfig,
    problems: Sequence[Problem],
    scheduler: Scheduler,
    serving: Serving,
) -> AsyncIterator[Pipeline]:
    by_id = _by_id(problems)
    port, count = config.run.metrics_port, len(by_id)
    with metrics_served(port, engine, record.id, config, servers=serving.servers, problems=count) as show:
        generator = await serving.generator(config.generator, by_id, config.verifier)
        async with open_judge(config, serving) as judge:
            pipeline = Pipeline(
                scheduler,
                by_id,
                _prompt_of(config.generator.template),
                generator,
                judge,
                StoreLedger(engine, record.id),
                pipeline_settings(config),
                elapsed_before=record.elapsed_seconds,
            )
            yield show(pipeline)


@asynccontextmanager
async def _beside(pipeline: Pipeline, watchers: Sequence[Watcher]) -> AsyncIterator[None]:
    """Runs the watchers while the block runs. None of them can end the run: what they raise is logged."""
    tasks = [asyncio.ensure_future(watcher(pipeline)) for watcher in watchers]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for result in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(result, Exception):
                _log.warning("a watcher of the run failed: %r", result)


@asynccontextmanager
async def _beating(engine: Engine, record: RunRecord, mark: _Mark) -> AsyncIterator[None]:
    """Writes the drawing time now and then, so that a budget in seconds survives a kill, and so that the run
    is seen to live, also while its server takes minutes to start.
    """

    def write(seconds: float) -> None:
        try:
            with writing(engine) as session:
                beat_run(session, record.id, elapsed_seconds=seconds)
        except StoreError as error:
            _log.warning("the drawing time was not written: %s", error)

    async def beat() -> None:
        while True:
            await asyncio.sleep(_BEAT_SECONDS)
            elapsed = mark.pipeline.elapsed_seconds if mark.pipeline else record.elapsed_seconds
            await asyncio.to_thread(write, elapsed)

    beats = asyncio.create_task(beat())
    try:
        yield
    finally:
        beats.cancel()
        await asyncio.gather(beats, return_exceptions=True)


async def nothing_missing(engine: Engine, record: RunRecord, scheduler: DrawPlan) -> PipelineReport:
    """Brings the marks up to date, in case the session that drew the last response did not come to that."""
    scheduler.close(finished=True)
    await StoreLedger(engine, record.id).record([], [], scheduler.drain_stops())
    if record.state is not RunState.FINISHED:
        write_mark(engine, record.id, RunState.FINISHED, record.elapsed_seconds)
    return nothing_done(RunState.FINISHED)


def nothing_done(state: RunState) -> PipelineReport:
    return PipelineReport(state, attempts=0, failures=0, seconds=0.0, mean_in_flight=0.0)


def write_mark(engine: Engine, run_id: str, state: RunState, elapsed: float, message: str = "") -> None:
    with writing(engine) as session:
        mark_run(session, run_id, state, elapsed_seconds=elapsed, message=message)


def _prompt_of(template: str) -> Callable[[Problem], Prompt]:
    return partial(render, template)


def _by_id(problems: Sequence[Problem]) -> dict[str, Problem]:
    return {problem.id: problem for problem in problems}
