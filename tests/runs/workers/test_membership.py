"""Membership in a run: a process joins before anything is drawn, sends heartbeats, and leaves in the end."""

import asyncio
import threading
from datetime import datetime

import pytest
from sqlalchemy import delete, select, text

from gristmill.db.sessions import Engine, Session, reading, writing
from gristmill.db.tables.core import table
from gristmill.db.tables.workers import LeaseRow, WorkerRow
from gristmill.db.workers.leases import take
from gristmill.db.workers.registry import Worker, heartbeat, workers_of
from gristmill.runs.store import stored_run
from gristmill.runs.workers import membership as membership_module
from gristmill.runs.workers.membership import Membership, join_run
from gristmill.sampling.errors import ConfigError, StoreError, UnavailableError
from gristmill.sampling.records import RunState
from tests.db.samples import RUN, a_problem, commit, read, start_run
from tests.progress import STILL_SECONDS
from tests.sampling.harness import Harness
from tests.sampling.ports import GatedGenerator

PROBLEMS = [a_problem(number) for number in range(3)]


@pytest.fixture
def begun(engine: Engine) -> Engine:
    start_run(engine, PROBLEMS)
    return engine


def workers(engine: Engine) -> list[Worker]:
    with reading(engine) as session:
        return [seen.worker for seen in workers_of(session, RUN)]


def state(engine: Engine) -> RunState:
    return read(engine, stored_run, RUN).state


def expiry(engine: Engine) -> datetime:
    with reading(engine) as session:
        return session.scalars(select(WorkerRow.expires_at)).one()


def reaped(engine: Engine) -> None:
    with writing(engine) as session:
        session.execute(delete(table(LeaseRow)))
        session.execute(delete(table(WorkerRow)))


class Signs:
    """Real signs of life, of which a test waits for the next."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.given = asyncio.Semaphore(0)
        self.error: Exception | None = None
        self._loop = asyncio.get_running_loop()
        monkeypatch.setattr(membership_module, "_HEARTBEAT_SECONDS", 0.01)
        monkeypatch.setattr(membership_module, "heartbeat", self._heartbeat)

    def _heartbeat(self, session: Session, worker: Worker) -> bool:
        self._loop.call_soon_threadsafe(self.given.release)
        if self.error is not None:
            raise self.error
        return heartbeat(session, worker)

    async def next(self, count: int = 2) -> None:
        """The second one from now has begun, and the first has been written."""
        async with asyncio.timeout(STILL_SECONDS):
            for _ in range(count):
                await self.given.acquire()


@pytest.mark.parametrize("alone", [True, False])
async def test_a_process_is_at_work_for_as_long_as_the_block_runs(begun: Engine, alone: bool) -> None:
    async with join_run(begun, RUN, alone=alone) as membership:
        assert workers(begun) == [membership.worker]
        assert (membership.alone, membership.is_first) == (alone, True)
    assert workers(begun) == []


async def test_the_second_is_refused_before_its_block_begins(begun: Engine) -> None:
    async with join_run(begun, RUN, alone=True) as membership:
        with pytest.raises(ConfigError, match="another process"):
            async with join_run(begun, RUN, alone=True):
                raise AssertionError("it began")
        assert workers(begun) == [membership.worker]


async def test_who_comes_second_to_a_shared_run_knows_it(begun: Engine) -> None:
    async with join_run(begun, RUN, alone=False), join_run(begun, RUN, alone=False) as second:
        assert not second.is_first


async def test_it_gives_signs_of_life_while_it_works(begun: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    signs = Signs(monkeypatch)
    async with join_run(begun, RUN, alone=True):
        before = expiry(begun)
        await signs.next()
        assert expiry(begun) > before


async def test_what_it_has_leased_is_free_when_it_leaves(begun: Engine) -> None:
    async with join_run(begun, RUN, alone=False) as membership:
        assert len(commit(begun, take, membership.worker, 9)) == 3
    with reading(begun) as session:
        assert session.scalars(select(LeaseRow.problem_id)).all() == []


async def test_it_leaves_when_the_work_fails_or_is_cancelled(begun: Engine) -> None:
    with pytest.raises(ZeroDivisionError):
        async with join_run(begun, RUN, alone=True):
            raise ZeroDivisionError
    assert workers(begun) == []
    inside = asyncio.Event()

    async def work() -> None:
        async with join_run(begun, RUN, alone=True):
            inside.set()
            await asyncio.Event().wait()

    working = asyncio.create_task(work())
    await inside.wait()
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working
    assert workers(begun) == []
    assert state(begun) is RunState.INTERRUPTED


async def test_one_that_is_cancelled_while_it_joins_leaves_nobody_behind(
    begun: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The thread that joins goes on without it; a row that nobody keeps would refuse others for 30 s."""
    joining, may_join = threading.Event(), threading.Event()
    join = Membership.join

    def slowly(membership: Membership, session: Session) -> None:
        joining.set()
        assert may_join.wait(20)
        join(membership, session)

    monkeypatch.setattr(Membership, "join", slowly)

    async def work() -> None:
        async with join_run(begun, RUN, alone=True):
            await asyncio.Event().wait()

    working = asyncio.create_task(work())
    await asyncio.to_thread(joining.wait, 20)
    working.cancel()
    asyncio.get_running_loop().call_later(0.05, may_join.set)
    with pytest.raises(asyncio.CancelledError):
        await working
    await asyncio.get_running_loop().shutdown_default_executor()  # whatever is still to come has come
    assert workers(begun) == []


async def test_who_was_taken_for_dead_draws_no_more(begun: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    Signs(monkeypatch)
    generator = GatedGenerator(is_open=False)
    bench = Harness(generator)
    async with join_run(begun, RUN, alone=True) as membership:
        watching = asyncio.create_task(membership.watch(bench.pipeline))
        running = asyncio.create_task(bench.run())
        async with asyncio.timeout(STILL_SECONDS):
            await generator.busy.wait()
            await asyncio.to_thread(reaped, begun)
            await watching
        generator.gate.set()
        with pytest.raises(UnavailableError) as told:
            await running
        assert told.value.kind == "taken-for-dead"
        with writing(begun) as session:
            session.execute(text("UPDATE runs SET state = 'finished'"))
    assert state(begun) is RunState.FINISHED


async def test_signs_of_life_that_end_by_a_bug_end_the_drawing_with_it(
    begun: Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    signs = Signs(monkeypatch)
    generator = GatedGenerator(is_open=False)
    bench = Harness(generator)
    async with join_run(begun, RUN, alone=True) as membership, asyncio.timeout(STILL_SECONDS):
        watching = asyncio.create_task(membership.watch(bench.pipeline))
        running = asyncio.create_task(bench.run())
        await generator.busy.wait()
        signs.error = ZeroDivisionError("a bug")
        await watching
        generator.gate.set()
        with pytest.raises(ZeroDivisionError, match="a bug"):
            await running
    assert workers(begun) == []
    assert "heartbeats have ended: ZeroDivisionError('a bug')" in caplog.text


async def test_a_store_that_is_away_for_a_while_ends_no_work(
    begun: Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    signs = Signs(monkeypatch)
    async with join_run(begun, RUN, alone=True) as membership:
        signs.error = StoreError("the store is away")
        await signs.next(3)
        signs.error = None
        before = expiry(begun)
        await signs.next(3)
        assert expiry(begun) > before
        assert workers(begun) == [membership.worker]
    assert "no heartbeat was written: the store is away" in caplog.text


async def test_a_store_that_is_away_at_the_end_is_logged_and_hides_no_error(
    begun: Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def leave(session: Session, worker: Worker) -> None:
        raise StoreError("the store is away")

    monkeypatch.setattr(membership_module, "leave", leave)
    with pytest.raises(ZeroDivisionError):
        async with join_run(begun, RUN, alone=True):
            raise ZeroDivisionError
    assert "the end of the work was not written: the store is away" in caplog.text
