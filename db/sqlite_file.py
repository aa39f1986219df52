"""Connections to the file of a SQLite store: the settings, files that may only be read, files that are gone.

A file in WAL mode is read through two more beside it, `-wal` and `-shm`, which SQLite makes where they are
missing. In a folder that cannot be written to it refuses the store, then: one that was closed in order is
opened `immutable` instead, and one that a killed process left with its `-wal` without locks, so that what the
`-wal` holds is read as well. Both take it that nobody writes meanwhile; who writes has a `-shm`.

SQLite does not notice that the file of a connection was deleted: it goes on writing what no name leads to,
and another connection would begin an empty store at the same path. So the file is looked at, by device and
inode, when a connection is made and when a transaction begins and commits.
"""

import os
import sqlite3
import time
from pathlib import Path
from typing import Any

from gristmill.sampling.errors import StoreError

_WAL_PAUSE_SECONDS = 0.01
_WAL_PAGES = 1_000
_WAL_BYTES = 64_000_000
"""What is left of a longer `-wal` (loading a large data set) once all of it is in the file."""

_PRAGMAS = (
    "synchronous=FULL",
    "foreign_keys=ON",
    "cache_size=-4096",
    f"wal_autocheckpoint={_WAL_PAGES}",
    f"journal_size_limit={_WAL_BYTES}",
)


class LostStoreError(StoreError):
    """The file of a store was deleted, or another one put in its place, while it was open."""


class StoreFile:
    """The file that the connections of an engine are made to; `path` None for a URI, which may name any."""

    def __init__(self, name: str, path: Path | None) -> None:
        self._name = name
        self._path = None if path is None else path.absolute()
        self._opened: tuple[int, int] | None = None

    def connect(self, arguments: tuple[Any, ...], options: dict[str, Any]) -> sqlite3.Connection:
        """As `sqlite3.connect`, configured. Raises sqlite3.Error, LostStoreError and StoreError."""
        self.check()
        try:
            connection: sqlite3.Connection = sqlite3.connect(*arguments, **options)
            try:
                _configure(connection, options["timeout"])
            except sqlite3.Error:
                connection.close()
                raise
        except sqlite3.OperationalError:
            if self._path is None or (uri := _uri_without_locks(self._path)) is None:
                raise
            connection = _connect_without_locks(uri, options)
        if self._opened is None:
            self._opened = self._identity()
        return connection

    def check(self) -> None:
        """Raises LostStoreError where the path leads to another file than the first connection's."""
        if self._opened is not None and (found := self._identity()) != self._opened:
            what = "its file was deleted" if found is None else "another file was put in its place"
            raise LostStoreError(
                f"{self._name}: {what} while it was open; put the file back, then run the same command again"
            )

    def _identity(self) -> tuple[int, int] | None:
        if self._path is None:
            return None
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return None
        return found.st_dev, found.st_ino


def open_to_read(path: Path) -> sqlite3.Connection:
    """A connection by which nothing can be written, for any one thread at a time. Raises sqlite3.Error and
    StoreError.
    """
    options: dict[str, Any] = {"check_same_thread": False}
    path = path.absolute()
    if (uri := _uri_without_locks(path)) is not None:
        return _connect_without_locks(uri, options)
    connection: sqlite3.Connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, **options)
    return connection


def _uri_without_locks(path: Path) -> str | None:
    """The URI for a file that only so can be read, None for any other."""
    wal, shm = (path.with_name(path.name + ending) for ending in ("-wal", "-shm"))
    if os.access(path.parent, os.W_OK) or not os.access(path, os.R_OK) or shm.exists():
        return None
    if not wal.exists():
        return f"{path.as_uri()}?immutable=1"
    if not os.access(wal, os.R_OK):
        raise StoreError(f"the store {path}: what was written last is in {wal}, which cannot be read")
    return f"{path.as_uri()}?mode=ro&vfs=unix-none"


def _connect_without_locks(uri: str, options: dict[str, Any]) -> sqlite3.Connection:
    connection: sqlite3.Connection = sqlite3.connect(uri, **(options | {"uri": True}))
    connection.isolation_level = None
    try:
        for pragma in ("locking_mode=EXCLUSIVE", "cache_size=-4096"):
            connection.execute(f"PRAGMA {pragma}").close()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _configure(connection: sqlite3.Connection, busy_seconds: float) -> None:
    connection.isolation_level = None
    _enter_wal(connection, busy_seconds)
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}").close()


def _enter_wal(connection: sqlite3.Connection, busy_seconds: float) -> None:
    """Waits here, as SQLite does not: when two processes open the same new file, one is refused at once."""
    deadline = time.monotonic() + busy_seconds
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL").close()
        except sqlite3.OperationalError as exc:
            if exc.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(_WAL_PAUSE_SECONDS)
        else:
            return
