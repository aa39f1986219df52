"""`gristmill db`: the store's schema."""

import click

from db.engine import open_engine
from db.schema import upgrade as upgrade_schema
from flows.store import database_url


@click.group()
def db() -> None:
    """Look after the store."""


@db.command()
def upgrade() -> None:
    """Bring the store's schema up to date; make a backup first."""
    engine = open_engine(database_url())
    try:
        before, after = upgrade_schema(engine)
    finally:
        engine.dispose()
    click.echo(
        f"schema {after}: nothing to do" if before == after else f"schema {before or 'none'} -> {after}"
    )
