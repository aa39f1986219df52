"""Alembic's entry point. `db.schema` passes the connection, inside whose transaction everything happens."""

from alembic import context

from gristmill.db.tables.core import VERSION_TABLE, Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    version_table=VERSION_TABLE,
)
with context.begin_transaction():
    context.run_migrations()
