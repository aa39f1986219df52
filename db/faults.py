"""Mapping of driver errors to `StoreError`: one line that names the store and says what to do.

Errors are told apart by code (SQLite's result codes, PostgreSQL's SQLSTATE), never by their text. What only a
bug can cause (a broken constraint, malformed SQL, a value out of range) is not mapped and keeps its
traceback.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL, Engine
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, NotSupportedError, ProgrammingError

from gristmill.sampling.errors import StoreError

_BUGS = (IntegrityError, DataError, NotSupportedError)

_SQLITE_ADVICE = {
    sqlite3.SQLITE_FULL: "the disk is full: free some space, then run the same command again",
    sqlite3.SQLITE_READONLY: "it is read-only: make the file and its folder writable, or name another store",
    sqlite3.SQLITE_BUSY: "another process keeps it locked: end that one, then run the same command again",
    sqlite3.SQLITE_LOCKED: "another process keeps it locked: end that one, then run the same command again",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened: the path must be a file to read, its folder writable",
    sqlite3.SQLITE_PERM: "access is denied: make the file and its folder writable, or name another store",
    sqlite3.SQLITE_NOTADB: "the file is not a SQLite database: name another file, this one is left as it is",
    sqlite3.SQLITE_CORRUPT: "the file is damaged: restore a backup, or run `sqlite3 FILE .recover`",
    sqlite3.SQLITE_IOERR: "the disk gave an input/output error: check it, then run the same command again",
}

_POSTGRESQL_ADVICE = {
    "53100": "the server's disk is full: free some space, then run the same command again",
    "25006": "it is read-only (a standby, or set so): name the primary server",
    "42501": "permission is denied: grant the user all rights on the database and its schema",
    "53300": "the server takes no more connections: close some, or raise its max_connections",
    "55P03": "a lock is held by another process: end that one, then run the same command again",
}

_LOST = "the connection was lost: check the server, then run the same command again"

_READ_ONLY = {sqlite3.SQLITE_READONLY, "25006", "42501"}
_TRANSIENT_SQLITE = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_TRANSIENT_SQLSTATES = {"40001", "40P01", "55P03", "53300", "57P01", "57P02", "57P03"}


class ReadOnlyStoreError(StoreError):
    """The store can be read and not written."""


class TransientStoreError(StoreError):
    """The store was locked or its connection lost: the same transaction may well succeed in a moment."""


@contextmanager
def store_errors(engine: Engine) -> Iterator[None]:
    """Raises StoreError for what the drivers raise inside, but for bugs."""
    try:
        yield
    except DBAPIError as exc:
        if _is_bug(exc):
            raise
        raise _kind(exc)(f"{store_name(engine.url)}: {_advice(exc)}") from exc


def store_name(url: URL) -> str:
    """The store as messages name it: the file, or server and database, without user, password and options."""
    if url.get_backend_name() == "sqlite":
        return f"the store {url.database}"
    server = url.host or "local server"
    return f"the store {url.database or ''} on {server}" + (f":{url.port}" if url.port else "")


def _sqlite_code(exc: DBAPIError) -> int | None:
    """The primary result code, without the extension in its high bits."""
    code = getattr(exc.orig, "sqlite_errorcode", None)
    return code & 0xFF if isinstance(code, int) else None


def _sqlstate(exc: DBAPIError) -> str | None:
    state = getattr(exc.orig, "sqlstate", None)
    return state if isinstance(state, str) else None


def _is_bug(exc: DBAPIError) -> bool:
    if isinstance(exc, ProgrammingError):
        return _sqlstate(exc) not in _POSTGRESQL_ADVICE and not _never_connected(exc)
    return isinstance(exc, _BUGS) or _sqlite_code(exc) == sqlite3.SQLITE_ERROR


def _kind(exc: DBAPIError) -> type[StoreError]:
    if {_sqlite_code(exc), _sqlstate(exc)} & _READ_ONLY:
        return ReadOnlyStoreError
    return TransientStoreError if _is_transient(exc) else StoreError


def _is_transient(exc: DBAPIError) -> bool:
    state = _sqlstate(exc)
    if state is not None:
        return state in _TRANSIENT_SQLSTATES or state.startswith("08")
    return exc.connection_invalidated or _sqlite_code(exc) in _TRANSIENT_SQLITE or _never_connected(exc)


def _never_connected(exc: DBAPIError) -> bool:
    """Whether a PostgreSQL connection failed before the server could say why: no statement, no code."""
    return exc.statement is None and _sqlite_code(exc) is None and not isinstance(exc.orig, sqlite3.Error)


def _advice(exc: DBAPIError) -> str:
    code, state = _sqlite_code(exc), _sqlstate(exc)
    if code in _SQLITE_ADVICE:
        return _SQLITE_ADVICE[code]
    if state in _POSTGRESQL_ADVICE:
        return _POSTGRESQL_ADVICE[state]
    if exc.connection_invalidated:
        return _LOST
    reason = (str(exc.orig).splitlines() or [type(exc.orig).__name__])[0]
    if _never_connected(exc):
        return f"cannot connect, check the server and GRISTMILL_DATABASE_URL ({reason})"
    return reason
