"""`gristmill export`: a training set, cut from the store."""

from pathlib import Path

import click

from db.exports import accepted_rows, record_export
from db.sessions import reading, writing
from flows.export import FORMATS
from flows.export import export as write_export
from flows.run_summary import read_summary
from flows.store import open_store


@click.command()
@click.argument("run_id", metavar="RUN")
@click.option("--format", "format_name", type=click.Choice(sorted(FORMATS)), default="sft", show_default=True)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File to write. [default: RUN.FORMAT.jsonl]",
)
@click.option("--with-surplus", is_flag=True, help="Keep accepted responses beyond a problem's quota, too.")
def export(run_id: str, format_name: str, out: Path | None, with_surplus: bool) -> None:
    """Write the accepted responses of a run as a training set."""
    path = out or Path(f"{run_id}.{format_name}.jsonl")
    with open_store(must_exist=True) as engine:
        read_summary(engine, run_id)
        with reading(engine) as session:
            rows = accepted_rows(session, [run_id], with_surplus=with_surplus)
            exported = write_export(format_name, rows, path)
        with writing(engine) as session:
            record_export(
                session,
                path=str(path.resolve()),
                format=format_name,
                filter={"with_surplus": with_surplus},
                run_ids=[run_id],
                row_count=exported.rows,
                checksum=exported.sha256,
            )
    click.echo(f"{path}: {exported.rows:,} rows, SHA-256 {exported.sha256}")
