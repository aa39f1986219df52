"""Who waits for whom on PostgreSQL: a cut for the writers of its runs, for a while, and nobody for longer."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import count
from statistics import median

import pytest
from sqlalchemy import Engine, func, select, text

import gristmill.db.moments
from gristmill.db.moments import export_cutoff, write_timestamp
from gristmill.db.runs import beat_run, find_run
from gristmill.db.sessions import reading, writing
from gristmill.sampling.errors import StoreError
from tests.db.samples import RUN, an_attempt, commit, read, start_run, store
from tests.db.writers import ONE, SECONDS, cut_as_of, draw, held, moment, until_blocked, written_at

WRITERS = 4
CUTS = 10


def test_a_transaction_that_is_older_than_the_cut_writes_at_a_later_moment(
    postgres: Engine, threads: ThreadPoolExecutor
) -> None:
    """PostgreSQL's `now()` would be the beginning of the transaction."""
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
    with held(threads, postgres, draw):
        threads.submit(store, postgres, [an_attempt(ONE, 2)]).result(SECONDS)
        assert cut_as_of(postgres, datetime(9999, 1, 1, tzinfo=UTC)) == [2], "the other is not committed"
    assert cut_as_of(postgres, moment(postgres)) == [1, 2]


def writers_that_pass(engine: Engine, begun: "count[int]") -> int:
    """Transactions that began to write while a cut waited for its turn."""
    with writing(engine) as session:
        session.execute(select(1))  # so that it is connected
        before = next(begun)
        export_cutoff(session, [RUN])
        return next(begun) - before - 1


def test_a_cut_is_not_passed_by_writers_that_come_one_over_the_other(
    postgres: Engine, threads: ThreadPoolExecutor
) -> None:
    """Some of them hold a lock on the run nearly all the time, so that it is seldom free by itself."""
    ended, overlap, begun = threading.Event(), threading.Semaphore(0), count()

    def keep_writing() -> None:
        while not ended.is_set():
            with writing(postgres) as session:
                write_timestamp(session, RUN)
                next(begun)
                overlap.release()
                session.execute(select(func.pg_sleep(0.05)))  # the server's: a write that takes a while

    writers = [threads.submit(keep_writing) for _ in range(WRITERS)]
    try:
        for _ in range(2 * WRITERS):
            assert overlap.acquire(timeout=SECONDS)
        passed = [writers_that_pass(postgres, begun) for _ in range(CUTS)]
    finally:
        ended.set()
        for writer in writers:
            writer.result(SECONDS)
    assert median(passed) <= WRITERS  # the machine may hold up a cut or two before they ask for their turn


def test_a_cut_gives_up_on_a_writer_that_does_not_end_and_says_so(
    postgres: Engine, threads: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gristmill.db.moments, "LOCK_SECONDS", 0.05)
    with held(threads, postgres, draw):
        with pytest.raises(StoreError, match="a lock is held by another process: end that one"):
            moment(postgres)
        assert moment(postgres, "run-2")
    assert moment(postgres)


def test_a_cut_that_gave_up_leaves_the_patience_of_others_as_it_was(postgres: Engine) -> None:
    commit(postgres, export_cutoff, [RUN])
    with reading(postgres) as session:
        assert session.execute(text("SHOW lock_timeout")).scalar_one() == "0"


def test_runs_are_locked_in_one_order_so_that_cuts_never_wait_in_a_ring(
    postgres: Engine, threads: ThreadPoolExecutor
) -> None:
    names = [RUN, *(f"run-{n}" for n in range(2, 30))]
    cuts = [threads.submit(moment, postgres, *order) for order in (names, names[::-1]) * 6]
    assert all(cut.result(SECONDS) for cut in cuts)


def test_a_cut_of_other_runs_does_not_wait(postgres: Engine, threads: ThreadPoolExecutor) -> None:
    start_run(postgres, [ONE], "run-2")
    with held(threads, postgres, draw):
        assert threads.submit(moment, postgres, "run-2", "nope").result(SECONDS)
        both = threads.submit(moment, postgres, "run-2", RUN)
        until_blocked(postgres, both)
    assert both.result(SECONDS) >= written_at(postgres, 1)


def test_a_run_that_writes_still_shows_signs_of_life(postgres: Engine, threads: ThreadPoolExecutor) -> None:

    def beat() -> None:
        commit(postgres, beat_run, RUN, elapsed_seconds=1.0)

    with held(threads, postgres, draw):
        threads.submit(beat).result(SECONDS)
        record = read(postgres, find_run, RUN)
        assert record is not None
        assert record.elapsed_seconds == 1.0
