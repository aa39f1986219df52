"""The store as the commands open it: the URL from the environment, the schema made or checked, closed at
the end.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from db.engine import open_engine
from db.schema import prepare
from db.sessions import Engine

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
        prepare(engine)
        yield engine
    finally:
        engine.dispose()
