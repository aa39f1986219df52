"""The revision of a store's tables: making them in an empty store, and migrating an older one.

An empty store gets the tables as the code declares them, which spares it Alembic; that the migrations come
to the same tables is tested. Making and migrating, with the record of it, is one transaction, which begins
with a lock that only one process gets: two that prepare the same new store take turns, and the second finds
nothing to do. The record is in a table of our own name, so that another application's Alembic is never
mistaken for ours.

A store that is in use is not migrated: whether a run is active is asked under that same lock. What the lock
does not hold up is a process of the older code that has opened the store and not begun its run.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from gristmill.db.faults import store_errors, store_name
from gristmill.db.tables import exports, instructions, workers  # noqa: F401 - they declare their tables
from gristmill.db.tables.core import VERSION_TABLE, Base
from gristmill.db.workers.activity import active_runs, in_words
from gristmill.sampling.errors import StoreError

MIGRATIONS = Path(__file__).parent / "migrations"

_ADVISORY_LOCK = 0x6772697374  # any number, the same in every process
_ALEMBIC = threading.Lock()  # its `context` is global to the process


def prepare_schema(engine: Engine) -> None:
    """Makes the tables in an empty store. Raises StoreError when they are of another revision or not ours."""
    with store_errors(engine), engine.connect() as connection:
        # Tables without a revision may be those that another process has just made: looked at under the lock.
        if _revision(connection) is not None and _checked_revision(connection) == head():
            return
    with _locked(engine) as connection:
        found = _checked_revision(connection)
        if found is None:
            _make(connection)
        elif found != head():
            raise StoreError(
                f"{store_name(engine.url)}: made by an older Gristmill (revision {found}, wanted {head()}); "
                "back it up, then run `gristmill db upgrade`"
            )


def upgrade(
    engine: Engine, *, force: bool = False, before: Callable[[str], None] = lambda _: None
) -> tuple[str | None, str]:
    """The revisions before (None: empty) and after. `before` is called with the older revision of a store
    that is about to be migrated, under the lock; what it raises leaves the store as it is.

    Raises StoreError as `prepare_schema` does, but not for age; and for an older store with an active run,
    unless told to `force` it.
    """
    with _locked(engine) as connection:
        found = _checked_revision(connection)
        if found is not None and found != head():
            if not force:
                _check_idle(connection)
            before(found)
        if found is None:
            _make(connection)
        elif found != head():
            _migrate(connection)
        return found, head()


def revision(engine: Engine) -> str | None:
    """The revision of the store as it is, None when it has none."""
    with store_errors(engine), engine.connect() as connection:
        return _revision(connection)


def head() -> str:
    """The revision that this code wants."""
    known = revisions()
    if not known:
        raise RuntimeError("db/migrations/versions is not installed")
    return max(known)


def revisions() -> set[str]:
    """Every revision that this code knows; they are numbered in their order."""
    return {path.name.partition("_")[0] for path in MIGRATIONS.glob("versions/[0-9]*_*.py")}


@contextmanager
def _locked(engine: Engine) -> Iterator[Connection]:
    writer = engine.execution_options(sqlite_begin="IMMEDIATE")
    with store_errors(engine), writer.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
        yield connection


def _check_idle(connection: Connection) -> None:
    active = active_runs(connection)
    if active:
        raise StoreError(
            f"{store_name(connection.engine.url)}: not upgraded, for {len(active)} of its runs "
            f"{'is' if len(active) == 1 else 'are'} active: {in_words(active)}; stop them first (Ctrl-C), "
            "or upgrade under them with `gristmill db upgrade --force`"
        )


def _checked_revision(connection: Connection) -> str | None:
    found = _revision(connection)
    name = store_name(connection.engine.url)
    if found is None:
        tables = sorted(set(inspect(connection).get_table_names()) - {VERSION_TABLE})
        if tables:
            raise StoreError(
                f"{name}: holds tables that are not Gristmill's ({', '.join(tables[:3])}); "
                "name an empty database in GRISTMILL_DATABASE_URL"
            )
    elif found not in revisions():
        raise StoreError(f"{name}: made by a newer Gristmill (revision {found}); upgrade gristmill")
    return found


def _revision(connection: Connection) -> str | None:
    """None without the table, or with nothing in it."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    found: str | None = connection.execute(
        text(f"SELECT version_num FROM {VERSION_TABLE}")  # noqa: S608
    ).scalar_one_or_none()
    return found


def _make(connection: Connection) -> None:
    """The tables and their revision, in a store that has none; an empty table of revisions may be there."""
    Base.metadata.create_all(connection)
    connection.execute(
        text(
            f"CREATE TABLE IF NOT EXISTS {VERSION_TABLE} (version_num VARCHAR(32) NOT NULL, "
            f"CONSTRAINT {VERSION_TABLE}_pkc PRIMARY KEY (version_num))"
        )
    )
    connection.execute(
        text(f"INSERT INTO {VERSION_TABLE} (version_num) VALUES (:head)"),  # noqa: S608
        {"head": head()},
    )


def _migrate(connection: Connection, to: str = "head") -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    with _ALEMBIC:
        command.upgrade(config, to)
