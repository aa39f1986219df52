"""Sessions that share one run on PostgreSQL: who draws what, and when it is over."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence

import pytest
from sqlalchemy import select

from gristmill.db.attempts import record
from gristmill.db.sessions import Engine, Session, reading, writing
from gristmill.db.tables.core import AttemptRow
from gristmill.db.tables.workers import LeaseRow
from gristmill.db.workers.leases import Exchange, exchange
from gristmill.db.workers.registry import Worker, workers_of
from gristmill.generators.settings import GeneratorSettings
from gristmill.runs.open_generators import Generators
from gristmill.runs.sample import sample
from gristmill.runs.workers import leases as sharing
from gristmill.sampling.pipeline import Pipeline
from gristmill.sampling.ports import Generator
from gristmill.sampling.records import Problem, RunState, Stop, StopReason
from gristmill.verifiers.settings import VerifierSettings
from tests.db.samples import an_attempt
from tests.progress import progressing
from tests.support.sessions import a_session
from tests.support.shared_runs import (
    RUN,
    A,
    GeneratorsTogether,
    R,
    another_worker,
    attempts,
    begun,
    config,
    in_haste,
    left,
    session_of,
    state,
    stops,
)

pytestmark = [pytest.mark.full, pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)]


@pytest.fixture(autouse=True)
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    in_haste(monkeypatch)


class LateGenerators(Generators):
    """A server that takes its time to start; `asked` for once the session is at that point."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.ready = asyncio.Event(), asyncio.Event()

    async def generator(
        self, settings: GeneratorSettings, problems: Mapping[str, Problem], verifier: VerifierSettings
    ) -> Generator:
        self.asked.set()
        await self.ready.wait()
        return await super().generator(settings, problems, verifier)


async def test_two_sessions_draw_each_number_once_and_bring_every_problem_to_its_end(engine: Engine) -> None:
    asked = config(limit=40, quota=4, ceiling=12, latency=0.04)
    await begun(engine, asked)
    both = asyncio.Barrier(2)
    sessions = (session_of(engine, asked, generators=GeneratorsTogether(both)) for _ in range(2))
    reports = await asyncio.gather(*sessions)
    with reading(engine) as session:
        rows = session.execute(select(AttemptRow.problem_id, AttemptRow.number)).all()
    assert len(rows) == sum(report.attempts for report in reports)  # a number drawn twice is stored once
    assert min(report.attempts for report in reports) > 0
    assert {report.state for report in reports} == {RunState.FINISHED} == {state(engine)}
    assert stops(engine) <= {StopReason.QUOTA_MET, StopReason.CEILING_REACHED}
    numbers = Counter(problem_id for problem_id, _ in rows)
    assert len(numbers) == 40
    assert max(numbers.values()) <= 12
    with reading(engine) as session:
        assert workers_of(session, RUN) == []
        assert session.scalars(select(LeaseRow.problem_id)).all() == []


async def test_one_that_comes_late_gets_a_share_of_what_another_holds(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = config(limit=40, quota=40, ceiling=60, latency=0.05)
    await begun(engine, asked)
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    taken = {1: asyncio.Event(), 2: asyncio.Event()}
    shares: dict[str, int] = {}

    def told(
        session: Session, worker: Worker, *, give: Sequence[str], held: int, known: set[str] | None
    ) -> Exchange:
        seen = exchange(session, worker, give=give, held=held, known=known)
        shares[worker.id] = held + len(seen.taken)
        if seen.taken:
            loop.call_soon_threadsafe(taken[seen.workers].set)
        return seen

    monkeypatch.setattr(sharing, "exchange", told)
    async with Generators() as one, Generators() as other, progressing(lambda: attempts(engine)):
        first = asyncio.create_task(sample(a_session(engine, asked, one, stop=stop)))
        await taken[1].wait()
        second = asyncio.create_task(sample(a_session(engine, asked, other, stop=stop)))
        await taken[2].wait()
        stop.set()
        await asyncio.gather(first, second)
    assert len(shares) == 2
    assert 10 <= min(shares.values()) <= max(shares.values()) <= 30
    assert state(engine) is RunState.INTERRUPTED


async def test_one_whose_server_still_starts_holds_nothing_that_another_could_draw(engine: Engine) -> None:
    """A model takes minutes to load; the servers that are there are not to wait for it."""
    asked = config()
    await begun(engine, asked)
    late = LateGenerators()
    loading = asyncio.create_task(session_of(engine, asked, generators=late))
    try:
        await late.asked.wait()
        ready = asyncio.create_task(session_of(engine, asked))
        assert (await ready).attempts > 0, "it does not wait for another's server"
    finally:
        late.ready.set()
        await asyncio.gather(loading, ready, return_exceptions=True)


async def test_one_that_is_stopped_leaves_the_run_of_others_running(engine: Engine) -> None:
    asked = config(latency=60.0)
    await begun(engine, asked)
    other, mine = another_worker(engine, 1)
    stop = asyncio.Event()

    async def stopped(_: Pipeline) -> None:
        stop.set()

    async with progressing(lambda: attempts(engine)), Generators() as generators:
        report = await sample(a_session(engine, asked, generators, stop=stop, watchers=[stopped]))
    assert report.state is RunState.INTERRUPTED
    assert state(engine) is RunState.RUNNING
    left(engine, other)
    assert state(engine) is RunState.INTERRUPTED
    assert len(mine) == 1


async def test_what_another_found_out_last_opens_problems_that_are_then_drawn(engine: Engine) -> None:
    """Quotas that follow difficulty: by what this session knows its problems are done, by all that is stored
    they are not, since the hardest one of another worker turned out easier. It was alone from then on.
    """
    asked = config(recipe="dart-prop2diff", quota=8, ceiling=40, probe=2)
    hard, *others = await begun(engine, asked)
    with writing(engine) as session:
        record(session, RUN, [an_attempt(hard, n, R) for n in range(10)], [], [])
        for problem in others:
            record(session, RUN, [an_attempt(problem, n, (A, R)[n % 2]) for n in range(10)], [], [])
    other, mine = another_worker(engine, 1)
    assert mine == [hard.id]

    def turned_out_easy() -> None:
        with writing(engine) as session:
            stop = Stop(hard.id, StopReason.CEILING_REACHED, 8, 40)
            record(session, RUN, [an_attempt(hard, n, A) for n in range(10, 40)], [], [stop])
        left(engine, other)

    async def watch(_: Pipeline) -> None:
        await asyncio.to_thread(turned_out_easy)

    report = await session_of(engine, asked, [watch])
    assert report.state is RunState.FINISHED
    assert report.attempts > 0
