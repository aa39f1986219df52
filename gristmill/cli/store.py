"""`gristmill db`: the store's schema."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from gristmill.db.sessions import Engine


@click.group()
def db() -> None:
    """Look after the store."""


@db.command()
@click.option("--force", is_flag=True, help="Upgrade under active runs: they may fail on the newer schema.")
def upgrade(force: bool) -> None:
    """Bring the store's schema up to date; make a backup first.

    It refuses while a run is active. The upgrade is one transaction: one that is interrupted leaves the store
    as it was.
    """

    from gristmill.db.engine import open_engine
    from gristmill.db.schema import upgrade as upgrade_schema
    from gristmill.runs.store import database_url

    engine = open_engine(database_url())

    def tell(found: str) -> None:
        click.echo(f"schema {found} is older: upgrading it in one transaction")
        click.echo(f"a backup is made by: {backup_command(engine)}")

    try:
        before, after = upgrade_schema(engine, force=force, before=tell)
    finally:
        engine.dispose()
    click.echo(
        f"schema {after}: nothing to do" if before == after else f"schema {before or 'none'} -> {after}"
    )


def backup_command(engine: Engine) -> str:
    """How to copy this store while it is in use, for a shell; on PostgreSQL without user and password."""
    url = engine.url
    file = url.database or ""
    if url.get_backend_name() == "sqlite":
        copy = f'.backup "{file}.bak"'
        return (
            f"sqlite3 {shlex.quote(file)} {shlex.quote(copy)} "
            "(or, while nothing writes to it, copy the file with its -wal)"
        )
    host, port = url.host or url.query.get("host"), url.port
    server = [part for flag, value in (("-h", host), ("-p", port)) if value for part in (flag, str(value))]
    return shlex.join(["pg_dump", *server, "-Fc", "-f", f"{file}.dump", file])
