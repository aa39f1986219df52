"""One moment divides what a cut has seen from all that is written later, whoever writes at the same time.

Where a thread is to wait for another, PostgreSQL is asked whether it does. SQLite cannot be asked: there the
thread has begun, and the order that follows is checked.
"""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import Engine, func, select, text

import db.moments
from db.attempts import record
from db.cut_records import CutQuery
from db.cuts import cut
from db.engine import open_engine
from db.moments import moment_of_cut, moment_of_write
from db.runs import beat_run
from db.schema import prepare
from db.sessions import Session, reading, writing
from db.tables import AttemptRow
from db.verdicts import append_verdicts
from sampling.errors import StoreError
from sampling.records import Outcome
from tests.db.samples import RUN, a_problem, a_verdict, an_attempt, start_run, store

ONE = a_problem(1)
SECONDS = 30.0
WRITERS = 4
CUTS = 10
BLOCKED = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


@pytest.fixture
def postgres(postgres_url: str) -> Iterator[Engine]:
    engine = open_engine(postgres_url)
    prepare(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(6) as pool:
        yield pool


@contextmanager
def held(threads: ThreadPoolExecutor, engine: Engine, write: Callable[[Session], object]) -> Iterator[None]:
    """Something is written by another session, which commits at the end of the block."""
    written, may_commit = threading.Event(), threading.Event()

    def hold() -> None:
        with writing(engine) as session:
            write(session)
            written.set()
            assert may_commit.wait(SECONDS)

    holding = threads.submit(hold)
    try:
        assert written.wait(SECONDS)
        yield
    finally:
        may_commit.set()
        holding.result(SECONDS)


def until_blocked(engine: Engine, waiting: Future[datetime] | Future[None]) -> None:
    """Until a session of the database waits for another's lock."""
    if engine.dialect.name != "postgresql":
        return
    end = datetime.now(UTC) + timedelta(seconds=SECONDS)
    while datetime.now(UTC) < end:
        with engine.connect() as connection:
            if connection.execute(BLOCKED).scalar_one():
                return
        assert not waiting.done(), "it did not wait"
    raise AssertionError("it neither waits nor goes on")


def moment(engine: Engine, *run_ids: str) -> datetime:
    with writing(engine) as session:
        return moment_of_cut(session, run_ids or (RUN,))


def cut_as_of(engine: Engine, as_of: datetime, *outcomes: Outcome) -> list[int]:
    """The numbers of the attempts."""
    query = CutQuery((RUN,), as_of, outcomes=outcomes or (Outcome.ACCEPTED,))
    with reading(engine) as session:
        return [attempt.number for problem in cut(session, query) for attempt in problem.attempts]


def written_at(engine: Engine, number: int) -> datetime:
    with reading(engine) as session:
        return session.execute(
            select(AttemptRow.created_at).where(AttemptRow.run_id == RUN, AttemptRow.number == number)
        ).scalar_one()


def draw(session: Session) -> None:
    record(session, RUN, [an_attempt(ONE, 1)], [], [])


def judge(session: Session) -> None:
    append_verdicts(session, RUN, [(ONE.id, 0, a_verdict(Outcome.REJECTED, "2"))])


@pytest.mark.parametrize(("write", "after"), [(draw, [0, 1]), (judge, [])])
def test_what_is_being_written_is_waited_for_and_is_in_the_cut(
    engine: Engine, threads: ThreadPoolExecutor, write: Callable[[Session], None], after: list[int]
) -> None:
    start_run(engine, [ONE])
    store(engine, [an_attempt(ONE, 0)])
    with held(threads, engine, write):
        taking = threads.submit(moment, engine)
        until_blocked(engine, taking)
    as_of = taking.result(SECONDS)
    assert cut_as_of(engine, as_of) == after
    assert all(written_at(engine, number) <= as_of for number in after)


@pytest.mark.parametrize(("write", "after"), [(draw, [0, 1]), (judge, [])])
def test_a_writer_that_comes_while_the_moment_is_taken_waits_and_has_a_later_one(
    engine: Engine, threads: ThreadPoolExecutor, write: Callable[[Session], None], after: list[int]
) -> None:
    start_run(engine, [ONE])
    store(engine, [an_attempt(ONE, 0)])

    def come() -> None:
        with writing(engine) as session:
            write(session)

    with writing(engine) as session:
        as_of = moment_of_cut(session, [RUN])
        coming = threads.submit(come)
        until_blocked(engine, coming)
    coming.result(SECONDS)
    assert cut_as_of(engine, as_of) == [0], "whether it is cut now or was cut then"
    assert cut_as_of(engine, moment(engine)) == after
    assert 1 not in after or written_at(engine, 1) > as_of


def test_a_transaction_that_is_older_than_the_cut_writes_at_a_later_moment(
    postgres: Engine, threads: ThreadPoolExecutor
) -> None:
    """PostgreSQL's `now()` would be the beginning of the transaction."""
    start_run(postgres, [ONE])
    begun, may_write = threading.Event(), threading.Event()

    def write_late() -> None:
        with writing(postgres) as session:
            session.execute(select(func.now()))
            begun.set()
            assert may_write.wait(SECONDS)
            draw(session)

    writing_late = threads.submit(write_late)
    assert begun.wait(SECONDS)
    as_of = moment(postgres)
    may_write.set()
    writing_late.result(SECONDS)
    assert written_at(postgres, 1) > as_of
    assert cut_as_of(postgres, as_of) == []


def test_two_writers_of_one_run_do_not_wait_for_each_other(
    postgres: Engine, threads: ThreadPoolExecutor
) -> None:
    start_run(postgres, [ONE])
    with held(threads, postgres, draw):
        threads.submit(store, postgres, [an_attempt(ONE, 2)]).result(SECONDS)
        assert cut_as_of(postgres, datetime(9999, 1, 1, tzinfo=UTC)) == [2], "the other is not committed"
    assert cut_as_of(postgres, moment(postgres)) == [1, 2]


def writers_that_pass(engine: Engine, begun: "count[int]") -> int:
    """Transactions that began to write while a cut waited for its turn."""
    with writing(engine) as session:
        session.execute(select(1))  # so that it is connected
        before = next(begun)
        moment_of_cut(session, [RUN])
        return next(begun) - before - 1


def test_a_cut_is_not_passed_by_writers_that_come_one_over_the_other(
    postgres: Engine, threads: ThreadPoolExecutor
) -> None:
    """Some of them hold a lock on the run nearly all the time, so that it is seldom free by itself."""
    start_run(postgres, [ONE])
    ended, overlap, begun = threading.Event(), threading.Semaphore(0), count()

    def keep_writing() -> None:
        while not ended.is_set():
            with writing(postgres) as session:
                moment_of_write(session, RUN)
                next(begun)
                overlap.release()
                session.execute(select(func.pg_sleep(0.05)))  # the server's: a write that takes a while

    writers = [threads.submit(keep_writing) for _ in range(WRITERS)]
    try:
        for _ in range(2 * WRITERS):
            assert overlap.acquire(timeout=SECONDS)
        passed = sum(writers_that_pass(postgres, begun) for _ in range(CUTS))
    finally:
        ended.set()
        for writer in writers:
            writer.result(SECONDS)
    assert passed <= 2 * CUTS


def test_a_cut_gives_up_on_a_writer_that_does_not_end_and_says_so(
    postgres: Engine, threads: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db.moments, "CUT_SECONDS", 0.05)
    start_run(postgres, [ONE])
    with held(threads, postgres, draw):
        with pytest.raises(StoreError, match="a lock is held by another process: end that one"):
            moment(postgres)
        assert moment(postgres, "run-2")
    assert moment(postgres)


def test_a_cut_that_gave_up_leaves_the_patience_of_others_as_it_was(postgres: Engine) -> None:
    with writing(postgres) as session:
        moment_of_cut(session, [RUN])
    with reading(postgres) as session:
        assert session.execute(text("SHOW lock_timeout")).scalar_one() == "0"


def test_runs_are_locked_in_one_order_so_that_cuts_never_wait_in_a_ring(
    postgres: Engine, threads: ThreadPoolExecutor
) -> None:
    names = [RUN, *(f"run-{n}" for n in range(2, 30))]
    cuts = [threads.submit(moment, postgres, *order) for order in (names, names[::-1]) * 6]
    assert all(cut.result(SECONDS) for cut in cuts)


def test_a_cut_of_other_runs_does_not_wait(postgres: Engine, threads: ThreadPoolExecutor) -> None:
    start_run(postgres, [ONE])
    start_run(postgres, [ONE], "run-2")
    with held(threads, postgres, draw):
        assert threads.submit(moment, postgres, "run-2", "nope").result(SECONDS)
        both = threads.submit(moment, postgres, "run-2", RUN)
        until_blocked(postgres, both)
    assert both.result(SECONDS) >= written_at(postgres, 1)


def test_a_run_that_writes_still_shows_signs_of_life(postgres: Engine, threads: ThreadPoolExecutor) -> None:
    start_run(postgres, [ONE])

    def beat() -> None:
        with writing(postgres) as session:
            beat_run(session, RUN, elapsed_seconds=1.0)

    with held(threads, postgres, draw):
        threads.submit(beat).result(SECONDS)


def test_moments_are_of_the_clock_of_the_server_where_there_is_one(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    start_run(engine, [ONE])
    ours = datetime(2001, 2, 3, tzinfo=UTC)
    monkeypatch.setattr(db.moments, "now", lambda: ours)
    before = datetime.now(UTC)
    with writing(engine) as session:
        taken = [moment_of_write(session, RUN), moment_of_cut(session, [RUN])]
    after = datetime.now(UTC)
    assert all(one.utcoffset() == timedelta(0) for one in taken)
    if engine.dialect.name == "sqlite":
        assert taken == [ours, ours]
    else:
        assert before < taken[0] < taken[1] < after, "the server is on this machine"


def test_moments_of_one_transaction_go_on(engine: Engine) -> None:
    start_run(engine, [ONE])
    with writing(engine) as session:
        taken = [moment_of_write(session, RUN) for _ in range(5)]
    assert taken == sorted(taken)
    assert taken[-1] <= moment(engine)


def test_a_moment_of_no_run_is_a_moment(engine: Engine) -> None:
    before = datetime.now(UTC) - timedelta(seconds=1)
    with writing(engine) as session:
        assert moment_of_cut(session, []) > before
        assert moment_of_write(session, "nope") > before
