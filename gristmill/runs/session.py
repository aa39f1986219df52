"""Session: the context that the phases of a run share in one process, and the states that it gives the run.

`run_pipeline` marks the run in the store before and after, writes its drawing time now and then, and runs
watchers beside the pipeline. Whatever ends it short of a kill, what has landed is recorded, and the store
says how the run stands.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial

from gristmill.db.ledger import StoreLedger
from gristmill.db.runs import RunRecord, beat_run, find_run, lock_run, mark_run
from gristmill.db.sessions import Engine, Session, writing
from gristmill.db.sqlite_file import LostStoreError
from gristmill.db.workers.registry import reap, workers_of
from gristmill.runs.cancellation import in_thread, unless_stopped
from gristmill.runs.open_generators import Generators
from gristmill.runs.settings.run import RunConfig
from gristmill.runs.workers.membership import Membership
from gristmill.sampling.errors import GristmillError, StoreError
from gristmill.sampling.pipeline import Pipeline, PipelineReport
from gristmill.sampling.ports import DrawPlan
from gristmill.sampling.records import RunState

Watcher = Callable[[Pipeline], Awaitable[None]]
"""Runs beside a pipeline and is cancelled at its end: a display, a progress artifact."""

_BEAT_SECONDS = 5.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RunSession:
    """`config` is what is asked for until `prepare` gives what the run goes by; `membership` None until the
    process has joined the run.
    """

    store: Engine
    run_id: str
    config: RunConfig
    stop: asyncio.Event
    generators: Generators
    watchers: Sequence[Watcher] = ()
    membership: Membership | None = None


async def run_pipeline(
    session: RunSession,
    record: RunRecord,
    opening: AbstractAsyncContextManager[Pipeline],
    keeper: Watcher | None = None,
) -> PipelineReport:
    """Opens the pipeline and runs it, with the session's watchers beside it and the run of `record` marked
    before and after.

    What a watcher raises is logged; what the `keeper` raises ends the run, which cannot do without it.
    """
    async with _marking(session, record) as mark:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(_beating(session.store, record, mark))
            mark.pipeline = pipeline = await unless_stopped(session.stop, stack.enter_async_context(opening))
            if pipeline is None:
                mark.state = RunState.INTERRUPTED
                return empty_report(RunState.INTERRUPTED)
            async with _beside(pipeline, session.watchers, keeper):
                report = await pipeline.run(session.stop)
        mark.state = report.state
    return report


async def mark_finished(engine: Engine, record: RunRecord, scheduler: DrawPlan) -> PipelineReport:
    """Marks run and problems as finished, in case the session that drew the last response was killed before
    it did.
    """
    scheduler.close(finished=True)
    await StoreLedger(engine, record.id).record([], [], scheduler.drain_stops())
    if record.state is not RunState.FINISHED:
        await in_thread(partial(write_mark, engine, record.id, RunState.FINISHED, record.elapsed_seconds))
    return empty_report(RunState.FINISHED)


def empty_report(state: RunState) -> PipelineReport:
    return PipelineReport(state, attempts=0, failures=0, seconds=0.0)


def write_mark(
    engine: Engine,
    run_id: str,
    state: RunState,
    elapsed: float,
    message: str = "",
    membership: Membership | None = None,
) -> None:
    """Writes the run's state and drawing time. A worker that shares the run, by its `membership`, leaves the
    mark as it is where the others decide.

    It waits for whoever has locked the run's row, so call it in a thread: heartbeats go on meanwhile.
    """
    with writing(engine, into_file=state is not RunState.RUNNING) as session:
        if membership is None or membership.alone or _decides(session, membership, state):
            mark_run(session, run_id, state, elapsed_seconds=elapsed, message=message)


def _decides(session: Session, membership: Membership, state: RunState) -> bool:
    """Whether this worker may mark a shared run. One that others finished stays finished, and one that others
    go on with is not over because one of them has ended.
    """
    run_id = membership.worker.run_id
    lock_run(session, run_id)
    reap(session, run_id)
    run = find_run(session, run_id)
    is_finished = run is not None and run.state is RunState.FINISHED
    if state is RunState.FINISHED or (state is RunState.RUNNING and membership.is_first):
        return True
    others = any(seen.worker != membership.worker for seen in workers_of(session, run_id))
    return not is_finished and (state is RunState.RUNNING or not others)


@dataclass(slots=True)
class _Mark:
    """How a session will have ended; what is not set otherwise is a failure."""

    state: RunState = RunState.FAILED
    pipeline: Pipeline | None = None


@asynccontextmanager
async def _marking(session: RunSession, record: RunRecord) -> AsyncIterator[_Mark]:
    """Marks the run running, and at the end as what became of it, whatever happens short of a kill."""
    write = partial(write_mark, session.store, record.id, membership=session.membership)
    await in_thread(partial(write, RunState.RUNNING, record.elapsed_seconds))
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
            await in_thread(partial(write, mark.state, elapsed, message))
        except StoreError as error:  # the error that ended the session, if one did, says it better
            if str(error) != message:
                _log.warning("the run was not marked %s: %s", mark.state.value, error)


@asynccontextmanager
async def _beside(
    pipeline: Pipeline, watchers: Sequence[Watcher], keeper: Watcher | None
) -> AsyncIterator[None]:
    """Runs them while the block runs."""
    tasks = [asyncio.ensure_future(watcher(pipeline)) for watcher in watchers]
    if keeper is not None:
        tasks.append(kept := asyncio.ensure_future(keeper(pipeline)))
        kept.add_done_callback(pipeline.note_end)
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
            with writing(engine, into_file=True) as session:
                beat_run(session, record.id, elapsed_seconds=seconds)
        except LostStoreError:
            pass  # the heartbeat of the membership ends the run by it
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
