"""Transactions: callers open one here, the functions of this package take its session.

    with writing(engine) as session:
        mark_run(session, run_id, RunState.FINISHED, elapsed_seconds=12.5)

A reading session sees the store as it was at its first statement, on both databases, however long it takes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, Row, Select
from sqlalchemy.orm import Session

from gristmill.db.faults import store_errors

__all__ = ["Engine", "Session", "reading", "writing"]

STREAM_ROWS = 200
"""Rows of a streaming query that are in memory at a time."""

_STREAMS = "gristmill_streams"


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """Commits at the end of the block, rolls back on any error. Raises StoreError."""
    bound = engine.execution_options(sqlite_begin="IMMEDIATE")
    with store_errors(engine), Session(bound) as session:
        with _streams(session):
            yield session
        session.commit()


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """Never commits. Raises StoreError."""
    bound = engine
    if engine.dialect.name == "postgresql":
        bound = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    with store_errors(engine), Session(bound) as session, _streams(session):
        yield session


def stream(
    session: Session, query: Select[tuple[Any, ...]], rows: int = STREAM_ROWS
) -> Iterator[Row[tuple[Any, ...]]]:
    """The rows of a query, a few at a time: on PostgreSQL by a cursor on the server.

    Iterated to its end or not, it is closed before the session, which is of `reading` or `writing`.
    """
    # Of the connection: the columns alone are wanted, and the session would look at each row for entities.
    result = session.connection().execute(query, execution_options={"yield_per": rows})
    session.info[_STREAMS].add(result)
    yield from result
    session.info[_STREAMS].remove(result)


@contextmanager
def _streams(session: Session) -> Iterator[None]:
    """Closes what was not read to its end: a cursor on the server would stay open, and psycopg warn of it."""
    session.info[_STREAMS] = set()
    try:
        yield
    finally:
        for result in session.info.pop(_STREAMS):
            result.close()
