"""Bulk inserts with `ON CONFLICT`: pass over what is already there, or replace it.

Both databases spell it `ON CONFLICT (key) DO NOTHING`, SQLAlchemy asks for it by dialect. Only the named key
is forgiven: a broken check, a missing parent or another unique constraint is an error still.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast

from sqlalchemy import Table
from sqlalchemy.orm import Session

if TYPE_CHECKING:
    from sqlalchemy.dialects import sqlite

Row = Mapping[str, object]


def insert_new(session: Session, table: Table, rows: Sequence[Row], key: Sequence[str] = ()) -> None:
    """One executemany; `key` is the primary key unless given. All rows have the same columns."""
    if rows:
        index = list(key) or [column.name for column in table.primary_key]
        session.execute(_insert(session, table).on_conflict_do_nothing(index_elements=index), rows)


def put(session: Session, table: Table, rows: Sequence[Row], changed: Sequence[str]) -> None:
    """Inserts, and of a row that is there already (by its primary key) sets the columns `changed`."""
    if rows:
        index = [column.name for column in table.primary_key]
        newer = _insert(session, table)
        values = {name: newer.excluded[name] for name in changed}
        session.execute(newer.on_conflict_do_update(index_elements=index, set_=values), rows)


def _insert(session: Session, table: Table) -> "sqlite.Insert":
    """The INSERT of the session's dialect, typed as SQLite's: PostgreSQL's has the same methods. Only the one
    dialect is imported.
    """
    if session.get_bind().dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql

        return cast("sqlite.Insert", postgresql.insert(table))
    from sqlalchemy.dialects import sqlite

    return sqlite.insert(table)
