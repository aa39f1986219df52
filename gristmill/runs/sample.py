"""Drawing for a run that is in the store, without Prefect: the phase that flow and command line share.

What came of it is read back from the store, which is the only truth, so that going on with a run is the
same step over again: tallies are read, and what is missing is drawn. On PostgreSQL every session draws for
what it has leased, so that another one can join at any time; on SQLite, and under a budget, a run has one
session at a time.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import TypeVar

from gristmill.db.attempts import progress
from gristmill.db.ledger import StoreLedger
from gristmill.db.problems import run_problems
from gristmill.db.runs import RunRecord
from gristmill.db.sessions import Engine, reading
from gristmill.generators import concurrency_of
from gristmill.generators.prompts import render
from gristmill.runs.generators import Generators
from gristmill.runs.judges.verifier import open_judge
from gristmill.runs.metrics_server import metrics_served
from gristmill.runs.reconcile import reconcile
from gristmill.runs.session import Watcher, draw, nothing_done, nothing_missing
from gristmill.runs.settings.run import RunConfig
from gristmill.runs.store import stored_run
from gristmill.runs.workers.leases import LeaseKeeper
from gristmill.runs.workers.membership import Membership, join_run
from gristmill.runs.workers.outage import Outage
from gristmill.sampling.pipeline import Pipeline, PipelineReport, PipelineSettings
from gristmill.sampling.policy import PolicyName
from gristmill.sampling.records import Problem, Progress, Prompt, RunState
from gristmill.sampling.scheduler import Scheduler
from gristmill.sampling.shared_scheduler import SharedScheduler

AnyScheduler = TypeVar("AnyScheduler", bound=Scheduler)

__all__ = ["Watcher", "pipeline_settings", "sample", "shares"]


async def sample(
    engine: Engine,
    run_id: str,
    config: RunConfig,
    stop: asyncio.Event,
    generators: Generators,
    watchers: Sequence[Watcher] = (),
    membership: Membership | None = None,
) -> PipelineReport:
    """Draws until nothing is missing, or until told to stop, and marks the run accordingly.

    A run that misses nothing opens no generator and issues no request. `membership`: that of a
    caller who has joined the run already. Raises ConfigError where another process is at work on it that this
    one cannot work beside.
    """
    if membership is None:
        async with join_run(engine, run_id, alone=not shares(engine, config)) as own:
            return await sample(engine, run_id, config, stop, generators, watchers, own)
    beside = [generators.watch, membership.watch, *watchers]
    if membership.alone:
        return await _sample_alone(engine, run_id, config, stop, generators, beside)
    if membership.is_first and await asyncio.to_thread(reconcile, engine, run_id, config, anew=True):
        return nothing_done(RunState.FINISHED)
    return await _sample_shared(engine, config, stop, generators, beside, membership)


def shares(engine: Engine, config: RunConfig) -> bool:
    """Whether several processes can draw for such a run at once. A budget is one process's to spend."""
    return engine.dialect.name == "postgresql" and config.policy.policy is not PolicyName.BUDGETED


async def _sample_alone(
    engine: Engine,
    run_id: str,
    config: RunConfig,
    stop: asyncio.Event,
    generators: Generators,
    watchers: Sequence[Watcher],
) -> PipelineReport:
    record, problems, known = _read(engine, run_id)
    scheduler = _scheduler(Scheduler, config, problems, known)
    if scheduler.nothing_to_draw(record.elapsed_seconds):
        return await nothing_missing(engine, record, scheduler)
    opening = _open_pipeline(engine, record, config, problems, scheduler, generators)
    return await draw(engine, record, opening, stop, watchers)


async def _sample_shared(
    engine: Engine,
    config: RunConfig,
    stop: asyncio.Event,
    generators: Generators,
    watchers: Sequence[Watcher],
    membership: Membership,
) -> PipelineReport:
    record, problems, known = await asyncio.to_thread(_read, engine, membership.worker.run_id)
    scheduler = _scheduler(SharedScheduler, config, problems, known)
    keeper = LeaseKeeper(  # leases nothing while a model loads
        engine, membership.worker, config, scheduler, Outage(generators.silent_seconds)
    )
    opening = _open_pipeline(engine, record, config, problems, scheduler, generators, membership.worker.id)
    return await draw(engine, record, opening, stop, watchers, keeper.keep, membership)


def _scheduler(
    kind: type[AnyScheduler], config: RunConfig, problems: Sequence[Problem], known: Mapping[str, Progress]
) -> AnyScheduler:
    return kind(
        [problem.id for problem in problems],
        config.policy.as_policy(),
        config.run.seed or 0,
        known,
        expected_tokens=config.generator.max_tokens,
        together=config.run.together,
    )


def _read(engine: Engine, run_id: str) -> tuple[RunRecord, list[Problem], dict[str, Progress]]:
    with reading(engine) as session:
        return stored_run(session, run_id), run_problems(session, run_id), progress(session, run_id)


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
    generators: Generators,
    worker_id: str | None = None,
) -> AsyncIterator[Pipeline]:
    by_id = _by_id(problems)
    port, count = config.run.metrics_port, len(by_id)
    with metrics_served(port, engine, record.id, config, servers=generators.servers, problems=count) as show:
        generator = await generators.generator(config.generator, by_id, config.verifier)
        async with open_judge(config, generators) as judge:
            pipeline = Pipeline(
                scheduler,
                by_id,
                _prompt_of(config.generator.template),
                generator,
                judge,
                StoreLedger(engine, record.id, worker_id=worker_id),
                pipeline_settings(config),
                elapsed_before=record.elapsed_seconds,
            )
            yield show(pipeline)


def _prompt_of(template: str) -> Callable[[Problem], Prompt]:
    return partial(render, template)


def _by_id(problems: Sequence[Problem]) -> dict[str, Problem]:
    return {problem.id: problem for problem in problems}
