"""Opens the store: one checked URL, with the settings under which a commit that returned is durable.

SQLite runs in WAL mode with `synchronous=FULL` (one fsync a commit) and foreign keys on. Its driver would
begin transactions on its own and not before SELECT or DDL, so it is told not to and `BEGIN` is sent here (the
recipe of SQLAlchemy's SQLite dialect, which serves Python 3.11 too). A transaction that is going to write
begins `IMMEDIATE`: one that begins as a reader and then writes can fail at once when another process wrote in
between, without waiting.
"""

import re
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from gristmill.db.faults import store_errors, store_name
from gristmill.db.sqlite_file import StoreFile
from gristmill.sampling.errors import ConfigError, StoreError
from gristmill.text.private_files import open_private

BUSY_SECONDS = 30.0
CONNECT_SECONDS = 10
SILENCE_SECONDS = 30
"""After these a PostgreSQL host that acknowledges nothing counts as lost; a slow query is no such silence."""

_KNOWN = "known are sqlite:///PATH and postgresql://USER:PASSWORD@HOST:PORT/DATABASE"
_DRIVERS = {
    "sqlite": "sqlite+pysqlite",
    "sqlite+pysqlite": "sqlite+pysqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}
_SQLITE = re.compile(r"sqlite(?:\+pysqlite)?:///(?P<path>.+)", re.DOTALL)
_OPTIONS = re.compile(r"\?[a-z_]+=[^&=?/.]*(?:&[a-z_]+=[^&=?/.]*)*\Z")
"""Ends a URL that has options. Any other question mark is one of the path, which is taken as it stands."""


def open_engine(url: str, *, must_exist: bool = False, busy_seconds: float = BUSY_SECONDS) -> Engine:
    """Connects once, so that a store that cannot be used is known here; `dispose()` it in the end.

    A missing SQLite file is made, unless it `must_exist`. Another process's write is waited for
    `busy_seconds`. Raises ConfigError for the URL or a missing driver, StoreError for the rest.
    """
    parsed = _parsed(url)
    if parsed.get_backend_name() == "sqlite":
        _check_path(parsed, must_exist)
        engine = _sqlite_engine(parsed, busy_seconds)
    else:
        engine = _postgresql_engine(parsed)
    try:
        with store_errors(engine), engine.connect():
            return engine
    except StoreError:
        engine.dispose()
        raise


def _parsed(url: str) -> URL:
    file = _SQLITE.fullmatch(url)
    try:
        if file and not _OPTIONS.search(url):
            parsed = URL.create("sqlite", database=file["path"])
        else:
            parsed = make_url(url)
    except (ArgumentError, ValueError):
        # Without the cause: it quotes the URL, which may hold a password.
        raise ConfigError(f"GRISTMILL_DATABASE_URL: not a database URL; {_KNOWN}") from None
    if parsed.drivername not in _DRIVERS:
        raise ConfigError(f"GRISTMILL_DATABASE_URL: unknown database {parsed.drivername!r}; {_KNOWN}")
    parsed = parsed.set(drivername=_DRIVERS[parsed.drivername])
    if parsed.database in (None, "", ":memory:"):
        raise ConfigError(f"GRISTMILL_DATABASE_URL: it names no file or database to keep things in; {_KNOWN}")
    if parsed.get_backend_name() == "sqlite" and parsed.query and "uri" not in parsed.query:
        raise ConfigError(f"GRISTMILL_DATABASE_URL: unknown options {', '.join(parsed.query)}; {_KNOWN}")
    return parsed


def _check_path(url: URL, must_exist: bool) -> None:
    if url.query.get("uri") or url.database is None:
        return
    path = Path(url.database)
    if must_exist and not path.exists():
        raise StoreError(f"{store_name(url)}: there is none; start a run, or set GRISTMILL_DATABASE_URL")
    if not path.parent.is_dir():
        raise StoreError(f"{store_name(url)}: its folder is missing; make it with `mkdir -p '{path.parent}'`")
    if not path.exists():
        with suppress(OSError):  # SQLite will say it better
            open_private(path, "ab").close()


def _sqlite_engine(url: URL, busy_seconds: float) -> Engine:
    file = StoreFile(store_name(url), None if url.query.get("uri") else Path(url.database or ""))

    def connect(_dialect: object, _entry: object, arguments: Any, options: dict[str, Any]) -> object:
        return file.connect(arguments, options)

    def begin(connection: Connection) -> None:
        file.check()
        mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {mode}")

    engine = create_engine(url, connect_args={"timeout": busy_seconds})
    event.listen(engine, "do_connect", connect)
    event.listen(engine, "begin", begin)
    event.listen(engine, "commit", lambda _: file.check())
    event.listen(engine, "reset", _end_transaction)
    return engine


def _end_transaction(connection: sqlite3.Connection, *_: object) -> None:
    """Without this a connection whose COMMIT failed goes back to the pool with transaction and lock."""
    if connection.in_transaction:
        connection.rollback()


def _postgresql_engine(url: URL) -> Engine:
    arguments = {
        "connect_timeout": CONNECT_SECONDS,
        "application_name": "gristmill",
        "keepalives": 1,
        "keepalives_idle": SILENCE_SECONDS // 3,
        "keepalives_interval": SILENCE_SECONDS // 6,
        "keepalives_count": 4,
        "tcp_user_timeout": SILENCE_SECONDS * 1000,  # milliseconds
    }
    try:
        return create_engine(
            url,
            pool_pre_ping=True,
            connect_args={name: value for name, value in arguments.items() if name not in url.query},
        )
    except ModuleNotFoundError as exc:
        raise ConfigError("PostgreSQL needs its driver: pip install 'gristmill[postgres]'") from exc
