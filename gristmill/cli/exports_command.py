"""`gristmill exports`: what was cut from the store, and what has been withdrawn of it since."""

from collections.abc import Iterable

import click
from rich.console import Console

from gristmill.db.exports.log import ExportRecord, list_exports
from gristmill.db.sessions import reading
from gristmill.reports.console import console, plain
from gristmill.runs.store import open_store


@click.command()
def exports() -> None:
    """List the exports, newest first, with those that hold withdrawn rows marked."""
    with open_store(must_exist=True) as engine, reading(engine) as session:
        found = list_exports(session)
    if not found:
        click.echo("nothing was exported from this store")
    print_exports(console(), found)


def print_exports(out: Console, records: Iterable[ExportRecord]) -> None:
    """One line each, and one more for the mark: paths are long, and are not to be broken into columns."""
    for record in records:
        what = f"{record.id}  {record.created_at:%Y-%m-%d %H:%M:%S} UTC  {record.format}"
        print_line(out, f"{what}  {record.row_count:,} rows  {record.path}")
        if record.replaced_by is not None:
            out.print(f"   replaced by {record.replaced_by}")
        if record.withdrawn_at is not None:
            when = f"{record.withdrawn_at:%Y-%m-%d %H:%M:%S} UTC"
            print_line(out, f"   withdrawn {when}: {record.withdrawn_because}")


def print_line(out: Console, text: str) -> None:
    """Text that is partly from outside, as one line of any length."""
    out.print(plain(text.replace("\n", "\\n")), soft_wrap=True)
