"""Stores that a test makes besides those of the fixtures."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine

from gristmill.db.engine import BUSY_SECONDS, open_engine
from gristmill.db.schema import prepare_schema


@contextmanager
def made_store(url: str, *, busy_seconds: float = BUSY_SECONDS) -> Iterator[Engine]:
    """The store at the URL, with its tables, while the block runs."""
    engine = open_engine(url, busy_seconds=busy_seconds)
    try:
        prepare_schema(engine)
        yield engine
    finally:
        engine.dispose()
