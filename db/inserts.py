"""Bulk inserts that pass over what is already there, or replace it.

Both databases spell it `ON CONFLICT (key) DO NOTHING`, SQLAlchemy asks for it by dialect. Only the named key
is forgiven: a broken check, a missing parent or another unique constraint is an error still.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

Row = Mapping[str, object]


def insert_new(session: Session, table: Table, rows: Sequence[Row], key: Sequence[str] = ()) -> None:
    """One executemany; `key` is the primary key unless given. All rows have the same columns."""
    if not rows:
        return
    index = list(key) or [column.name for column in table.primary_key]
    if session.get_bind().dialect.name == "postgresql":
        statement = postgresql.insert(table).on_conflict_do_nothing(index_elements=index)
        session.execute(statement, rows)
    else:
        session.execute(sqlite.insert(table).on_conflict_do_nothing(index_elements=index), rows)


def put(session: Session, table: Table, rows: Sequence[Row], changed: Sequence[str]) -> None:
    """Inserts, and of a row that is there already (by its primary key) sets the columns `changed`."""
    if not rows:
        return
    index = [column.name for column in table.primary_key]
    if session.get_bind().dialect.name == "postgresql":
        newer = postgresql.insert(table)
        values = {name: newer.excluded[name] for name in changed}
        session.execute(newer.on_conflict_do_update(index_elements=index, set_=values), rows)
    else:
        other = sqlite.insert(table)
        values = {name: other.excluded[name] for name in changed}
        session.execute(other.on_conflict_do_update(index_elements=index, set_=values), rows)
