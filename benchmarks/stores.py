"""Stores for the benchmarks: PostgreSQL by URL, or started for as long as the benchmark takes.

One that is started here is that of the tests: it does not wait for the disk (`fsync=off`), so its absolute
numbers flatter it. SQLite does wait.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from sqlalchemy import create_engine, make_url, text
from sqlalchemy.pool import NullPool

from tests.support.postgres import running_server

START = "start"
"""The name of a server that is to be started."""


@contextmanager
def postgres_server(named: str | None) -> Iterator[str | None]:
    """The URL of a server where databases may be made; None where none is asked for."""
    if named != START:
        yield named
        return
    with running_server() as url:
        yield url.render_as_string(hide_password=False)


@contextmanager
def postgres_database(server: str) -> Iterator[str]:
    """The URL of an empty database on a server."""
    url, name = make_url(server).set(drivername="postgresql+psycopg"), f"gristmill_{uuid4().hex}"
    maintenance = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with maintenance.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield url.set(database=name).render_as_string(hide_password=False)
    finally:
        with maintenance.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
