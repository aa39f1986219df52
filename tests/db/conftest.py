"""Threads for the tests of sessions that come at the same time, and runs that workers share."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine

from gristmill.db.engine import open_engine
from gristmill.db.schema import prepare
from tests.db.samples import start_run
from tests.db.stored_workers import PROBLEMS


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(6) as pool:
        yield pool


@pytest.fixture
def begun(engine: Engine) -> Engine:
    """A store with a run that nobody works on."""
    start_run(engine, PROBLEMS)
    return engine


@pytest.fixture
def postgres(postgres_url: str) -> Iterator[Engine]:
    engine = open_engine(postgres_url)
    prepare(engine)
    start_run(engine, PROBLEMS)
    yield engine
    engine.dispose()
