"""The sampling phase: draws, verifies and records responses until every problem has its quota or its ceiling.

It starts from what the store says, so going on with a run is the same phase over again: tallies are read, and
what is missing is drawn. On PostgreSQL a session draws for the problems that it has leased, and others can
join at any time; on SQLite, and under a budget, a run has one session at a time.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from dataclasses import replace
from functools import partial
from typing import TypeVar

from gristmill.db.attempts import progress
from gristmill.db.ledger import StoreLedger
from gristmill.db.problems import run_problems
from gristmill.db.runs import RunRecord
from gristmill.db.sessions import Engine, reading
from gristmill.generators import concurrency_of
from gristmill.generators.prompts import render
from gristmill.runs.judges.open_judge import open_judge
from gristmill.runs.reconcile import reconcile
from gristmill.runs.session import RunSession, empty_report, mark_finished, run_pipeline
from gristmill.runs.settings.run import RunConfig
from gristmill.runs.store import stored_run
from gristmill.runs.workers.leases import LeaseKeeper
from gristmill.runs.workers.membership import join_run
from gristmill.runs.workers.outage import Outage
from gristmill.sampling.pipeline import Pipeline, PipelineReport, PipelineSettings
from gristmill.sampling.policy import PolicyName
from gristmill.sampling.records import Problem, Progress, RunState
from gristmill.sampling.scheduler import Scheduler
from gristmill.sampling.shared_scheduler import SharedScheduler

AnyScheduler = TypeVar("AnyScheduler", bound=Scheduler)


async def sample(session: RunSession) -> PipelineReport:
    """Draws until nothing is missing, or until told to stop, and marks the run accordingly.

    Joins the run unless the session has a membership already. A run that misses nothing opens no generator
    and issues no request. Raises ConfigError where another process is at work on it that this one cannot work
    beside.
    """
    membership = session.membership
    if membership is None:
        alone = not shares(session.store, session.config)
        async with join_run(session.store, session.run_id, alone=alone) as joined:
            return await sample(replace(session, membership=joined))
    session = replace(session, watchers=[session.generators.watch, membership.watch, *session.watchers])
    if membership.alone:
        record, problems, known = _read(session)
        scheduler = _scheduler(Scheduler, session.config, problems, known)
        if scheduler.nothing_to_draw(record.elapsed_seconds):
            return await mark_finished(session.store, record, scheduler)
        return await run_pipeline(session, record, _open_pipeline(session, record, problems, scheduler))
    store, config = session.store, session.config
    if membership.is_first and await asyncio.to_thread(
        reconcile, store, session.run_id, config, session_begins=True
    ):
        return empty_report(RunState.FINISHED)
    record, problems, known = await asyncio.to_thread(_read, session)
    shared = _scheduler(SharedScheduler, config, problems, known)
    outage = Outage(session.generators.silent_seconds)
    keeper = LeaseKeeper(store, membership.worker, config, shared, outage)  # takes none while a model loads
    opening = _open_pipeline(session, record, problems, shared, membership.worker.id)
    return await run_pipeline(session, record, opening, keeper.keep)


def shares(engine: Engine, config: RunConfig) -> bool:
    """Whether several processes can draw for such a run at once. A budget is one process's to spend."""
    return engine.dialect.name == "postgresql" and config.policy.policy is not PolicyName.BUDGETED


def pipeline_settings(config: RunConfig) -> PipelineSettings:
    return PipelineSettings(
        concurrency=concurrency_of(config.generator),
        group_size=config.run.group_size,
        group_seconds=config.run.group_seconds,
        grace_seconds=config.run.grace_seconds,
    )


def _read(session: RunSession) -> tuple[RunRecord, list[Problem], dict[str, Progress]]:
    run_id = session.run_id
    with reading(session.store) as transaction:
        return (
            stored_run(transaction, run_id),
            run_problems(transaction, run_id),
            progress(transaction, run_id),
        )


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


def _metrics(
    session: RunSession, port: int | None, run_id: str, problems: int
) -> AbstractContextManager[Callable[[Pipeline], Pipeline]]:
    """What shows a pipeline to Prometheus, whose client is imported where a port is given alone."""
    if port is None:
        return nullcontext(lambda pipeline: pipeline)
    from gristmill.runs.metrics_server import metrics_served

    servers = session.generators.servers
    return metrics_served(port, session.store, run_id, session.config, servers=servers, problems=problems)


@asynccontextmanager
async def _open_pipeline(
    session: RunSession,
    record: RunRecord,
    problems: Sequence[Problem],
    scheduler: Scheduler,
    worker_id: str | None = None,
) -> AsyncIterator[Pipeline]:
    config, generators = session.config, session.generators
    by_id = {problem.id: problem for problem in problems}
    port, count = config.run.metrics_port, len(by_id)
    most = count * config.policy.as_policy().ceiling
    with _metrics(session, port, record.id, count) as show:
        generator = await generators.generator(config.generator, by_id, config.verifier)
        async with open_judge(config, generators, most) as judge:
            pipeline = Pipeline(
                scheduler,
                by_id,
                partial(render, config.generator.template),
                generator,
                judge,
                StoreLedger(session.store, record.id, worker_id=worker_id),
                pipeline_settings(config),
                elapsed_before=record.elapsed_seconds,
            )
            yield show(pipeline)
