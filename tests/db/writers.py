"""Concurrent writers for tests of export moments.

Where a thread is to wait for another, PostgreSQL is asked whether it does. SQLite cannot be asked: there the
thread has begun, and the order that follows is checked.
"""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, select, text

from gristmill.db.attempts import record
from gristmill.db.exports.query import export_problems
from gristmill.db.exports.records import ExportQuery
from gristmill.db.moments import export_cutoff
from gristmill.db.sessions import Session, reading, writing
from gristmill.db.tables.core import AttemptRow
from gristmill.sampling.records import Outcome
from tests.db.samples import RUN, a_problem, an_attempt, commit

ONE = a_problem(1)
SECONDS = 90.0
BLOCKED = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


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


def until_blocked(engine: Engine, waiting: Future[Any]) -> None:
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
    return commit(engine, export_cutoff, run_ids or (RUN,))


def cut_as_of(engine: Engine, as_of: datetime, *outcomes: Outcome) -> list[int]:
    """The numbers of the attempts."""
    query = ExportQuery((RUN,), as_of, outcomes=outcomes or (Outcome.ACCEPTED,))
    with reading(engine) as session:
        return [attempt.number for problem in export_problems(session, query) for attempt in problem.attempts]


def written_at(engine: Engine, number: int) -> datetime:
    with reading(engine) as session:
        return session.execute(
            select(AttemptRow.created_at).where(AttemptRow.run_id == RUN, AttemptRow.number == number)
        ).scalar_one()


def draw(session: Session) -> None:
    record(session, RUN, [an_attempt(ONE, 1)], [], [])
