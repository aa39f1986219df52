"""Opens the store for a command: URL from the environment, schema made or checked, closed at the end."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from gristmill.db.engine import open_engine
from gristmill.db.runs import RunRecord, find_run
from gristmill.db.schema import prepare_schema
from gristmill.db.sessions import Engine, Session
from gristmill.db.text import escaped
from gristmill.sampling.errors import ConfigError

DATABASE_VARIABLE = "GRISTMILL_DATABASE_URL"
DEFAULT_DATABASE = "sqlite:///gristmill.db"


def database_url() -> str:
    """`GRISTMILL_DATABASE_URL`, else `gristmill.db` in the working directory."""
    return os.environ.get(DATABASE_VARIABLE) or DEFAULT_DATABASE


@contextmanager
def open_store(*, must_exist: bool = False) -> Iterator[Engine]:
    """Raises StoreError or ConfigError in one line when the store cannot be used as it is."""
    engine = open_engine(database_url(), must_exist=must_exist)
    try:
        prepare_schema(engine)
        yield engine
    finally:
        engine.dispose()


def stored_run(session: Session, run_id: str) -> RunRecord:
    """Raises ConfigError where there is no such run."""
    storable = escaped(run_id) == run_id  # what a column cannot hold is in none
    record = find_run(session, run_id) if storable else None
    if record is None:
        raise ConfigError(f"there is no run {run_id!r} in this store; `gristmill runs` lists them")
    return record
