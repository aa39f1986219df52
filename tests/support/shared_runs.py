"""Runs that several sessions of this process share, and workers that do nothing but hold leases."""

import asyncio
from collections.abc import Mapping, Sequence

import pytest
from sqlalchemy import delete, select

from gristmill.db.problems import run_problems
from gristmill.db.runs import find_run
from gristmill.db.sessions import Engine, writing
from gristmill.db.tables.core import table
from gristmill.db.tables.workers import LeaseRow, WorkerRow
from gristmill.db.workers.leases import take
from gristmill.db.workers.registry import Worker, join, leave, this_worker
from gristmill.generators.settings import GeneratorSettings
from gristmill.reports.summary import read_summary
from gristmill.runs.open_generators import Generators
from gristmill.runs.sample import sample
from gristmill.runs.session import Watcher
from gristmill.runs.settings.recipe import run_config
from gristmill.runs.settings.run import RunConfig
from gristmill.runs.workers import leases as sharing
from gristmill.runs.workers import membership as membership_module
from gristmill.sampling.pipeline import PipelineReport
from gristmill.sampling.ports import Generator
from gristmill.sampling.records import Outcome, Problem, RunState, StopReason
from gristmill.verifiers.settings import VerifierSettings
from tests.db.samples import commit, read
from tests.progress import progressing
from tests.support.sessions import a_session, prepared

RUN = "r"
A, R = Outcome.ACCEPTED, Outcome.REJECTED


def config(
    *, limit: int = 3, recipe: str = "dart-uniform", latency: float = 0.0, **policy: object
) -> RunConfig:
    return run_config(
        recipe,
        {
            "dataset": {"dataset": "demo", "limit": limit},
            "policy": {"quota": 2, "ceiling": 6, **policy},
            "generator": {"backend": "scripted", "script_latency_seconds": latency, "concurrency": 4},
            "verifier": {"verify_workers": 1},
            "run": {"seed": 7, "grace_seconds": 0},
        },
    )


async def begun(engine: Engine, asked: RunConfig) -> list[Problem]:
    async with Generators() as generators:
        await prepared(a_session(engine, asked, generators))
    return read(engine, run_problems, RUN)


class GeneratorsTogether(Generators):
    """Servers that are ready only once every session has asked for its own."""

    def __init__(self, all_here: asyncio.Barrier) -> None:
        super().__init__()
        self._all_here = all_here

    async def generator(
        self, settings: GeneratorSettings, problems: Mapping[str, Problem], verifier: VerifierSettings
    ) -> Generator:
        await self._all_here.wait()
        return await super().generator(settings, problems, verifier)


def attempts(engine: Engine) -> int:
    """Of the run, as they are stored."""
    return read_summary(engine, RUN).total.attempts


async def session_of(
    engine: Engine, asked: RunConfig, watchers: Sequence[Watcher] = (), generators: Generators | None = None
) -> PipelineReport:
    """One session from its beginning to its end, which is to come by itself."""
    async with progressing(lambda: attempts(engine)), generators or Generators() as served:
        return await sample(a_session(engine, asked, served, watchers=watchers))


def another_worker(engine: Engine, most: int) -> tuple[Worker, list[str]]:
    """One that has leased so many problems and does nothing."""
    worker = this_worker(RUN, alone=False)
    with writing(engine) as session:
        join(session, worker)
        return worker, take(session, worker, most)


def left(engine: Engine, worker: Worker) -> None:
    commit(engine, leave, worker)


def reaped(engine: Engine, *others_are_not: Worker) -> None:
    """All but those. As `reap` does, their rows are locked first: an exchange that goes on ends before."""
    alive = [worker.id for worker in others_are_not]
    with writing(engine) as session:
        session.execute(select(WorkerRow.id).where(WorkerRow.id.not_in(alive)).with_for_update())
        session.execute(delete(table(LeaseRow)).where(LeaseRow.worker_id.not_in(alive)))
        session.execute(delete(table(WorkerRow)).where(WorkerRow.id.not_in(alive)))


def state(engine: Engine) -> RunState:
    run = read(engine, find_run, RUN)
    assert run is not None
    return run.state


def stops(engine: Engine) -> set[StopReason]:
    summary = read_summary(engine, RUN)
    assert sum(summary.stops.values()) == summary.total.problems
    return {reason for reason in summary.stops if reason is not None}


def in_haste(patch: pytest.MonkeyPatch) -> None:
    """Signs of life and exchanges come many times a second."""
    patch.setattr(membership_module, "_HEARTBEAT_SECONDS", 0.05)
    for name in ("_HUNGRY_SECONDS", "_EXCHANGE_SECONDS", "_LONE_SECONDS", "_LEAST_SECONDS"):
        patch.setattr(sharing, name, 0.02)
    patch.setattr(sharing, "_SHARE", 0.0)
