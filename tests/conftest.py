"""Stores for the tests: every test that asks for one runs on SQLite and on PostgreSQL, each time on a fresh database.

`GRISTMILL_TEST_POSTGRES` names a server where databases may be made. Without it one is started from the binaries on
the machine, for the session, on a Unix socket in a temporary folder; without these, the PostgreSQL half is skipped.
"""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import URL, Engine, create_engine, text

from db.engine import open_engine
from db.schema import prepare
from tests.db.postgres import ServerUnavailableError, running_server


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    """The URL of a server's maintenance database."""
    try:
        with running_server() as url:
            yield url
    except ServerUnavailableError as exc:
        pytest.skip(str(exc))


@pytest.fixture
def postgres_url(postgres_server: URL) -> Iterator[str]:
    """A database of its own, empty, gone after the test."""
    name = f"gristmill_{uuid4().hex}"
    server = create_engine(postgres_server, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield postgres_server.set(database=name).render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty store, once in each database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'store.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def engine(store_url: str) -> Iterator[Engine]:
    """A prepared store, once in each database."""
    engine = open_engine(store_url)
    prepare(engine)
    yield engine
    engine.dispose()
