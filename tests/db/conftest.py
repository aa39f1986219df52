"""Threads for the tests of sessions that come at the same time, and runs that workers share."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine

from tests.db.samples import start_run
from tests.db.stored_workers import PROBLEMS
from tests.support.stores import made_store


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
    with made_store(postgres_url) as engine:
        start_run(engine, PROBLEMS)
        yield engine
