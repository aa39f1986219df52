"""Where transactions begin and end: callers open one here, and the functions of this package take its session.

    with writing(engine) as session:
        mark_run(session, run_id, RunState.FINISHED, elapsed_seconds=12.5)

A reading session sees the store as it was at its first statement, on both databases, however long it takes.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from db.faults import store_errors

__all__ = ["Engine", "Session", "reading", "writing"]


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """Commits at the end of the block, rolls back on any error. Raises StoreError."""
    bound = engine.execution_options(sqlite_begin="IMMEDIATE")
    with store_errors(engine), Session(bound) as session, session.begin():
        yield session


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """Never commits. Raises StoreError."""
    bound = engine
    if engine.dialect.name == "postgresql":
        bound = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    with store_errors(engine), Session(bound) as session:
        yield session
