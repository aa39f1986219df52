"""Transactions: callers open one here, the functions of this package take its session.

    with writing(engine) as session:
        mark_run(session, run_id, RunState.FINISHED, elapsed_seconds=12.5)

A reading session sees the store as it was at its first statement, on both databases, however long it takes.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from typing import Any

from sqlalchemy import Engine, Row, Select, text
from sqlalchemy.orm import Session

from gristmill.db.faults import ReadOnlyStoreError, store_errors
from gristmill.db.tables.core import VERSION_TABLE

__all__ = ["Engine", "Session", "is_read_only", "reading", "writing"]

STREAM_ROWS = 200
"""Rows of a streaming query that are in memory at a time."""

_STREAMS = "gristmill_streams"


@contextmanager
def writing(engine: Engine, *, into_file: bool = False) -> Iterator[Session]:
    """Commits at the end of the block, rolls back on any error. Raises StoreError.

    `into_file` moves what is committed on from SQLite's `-wal` into the file itself, which alone may be what
    somebody copies. SQLite does so at every 1,000 pages, to which a small run never comes.
    """
    bound = engine.execution_options(sqlite_begin="IMMEDIATE")
    with store_errors(engine), Session(bound) as session:
        with _streams(session):
            yield session
        session.commit()
    if into_file and engine.dialect.name == "sqlite":
        _move_into_file(engine)


def _move_into_file(engine: Engine) -> None:
    """As far as no reader needs what the file still has; the next time takes the rest. Nobody waits, and what
    a full disk does not take is as safe in the `-wal`.
    """
    with suppress(sqlite3.OperationalError), closing(engine.raw_connection()) as connection:
        connection.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)").close()


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """Never commits. Raises StoreError."""
    bound = engine
    if engine.dialect.name == "postgresql":
        bound = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    with store_errors(engine), Session(bound) as session, _streams(session):
        yield session


def is_read_only(engine: Engine) -> bool:
    """Whether what can be read cannot be written. Raises StoreError."""
    try:
        with writing(engine) as session:
            session.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = version_num WHERE 1 = 0"))  # noqa: S608
    except ReadOnlyStoreError:
        return True
    return False


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
