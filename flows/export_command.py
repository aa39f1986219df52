"""`gristmill export`: a training set, cut from the store."""

from pathlib import Path

import click

from db.exports import accepted_rows, record_export
from db.metrics import ranks_are_current
from db.sessions import Engine, reading, writing
from flows.export import FORMATS
from flows.export import export as write_export
from flows.run_names import is_instruction_run
from flows.selection import measure
from flows.selection_settings import SelectionSettings
from flows.snapshot import snapshot_from
from flows.store import open_store, stored_run
from sampling.errors import ConfigError


@click.command()
@click.argument("run_id", metavar="RUN")
@click.option("--format", "format_name", type=click.Choice(sorted(FORMATS)), default="sft", show_default=True)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File to write. [default: RUN.FORMAT.jsonl]",
)
@click.option(
    "--with-surplus",
    is_flag=True,
    help="Keep accepted responses beyond a problem's quota, too, and those that a selection passed over.",
)
def export(run_id: str, format_name: str, out: Path | None, with_surplus: bool) -> None:
    """Write the accepted responses of a run as a training set."""
    path = out or Path(f"{run_id}.{format_name}.jsonl")
    with open_store(must_exist=True) as engine:
        selection = _selection(engine, run_id)
        selected = selection.select_by is not None and not with_surplus
        chosen_by = {"selected_by": selection.select_by} if selected else {}
        if selected:
            _rank(engine, run_id, selection)
        with reading(engine) as session:
            rows = accepted_rows(session, [run_id], with_surplus=with_surplus, selected=selected)
            exported = write_export(format_name, rows, path)
        with writing(engine) as session:
            record_export(
                session,
                path=str(path.resolve()),
                format=format_name,
                filter={"with_surplus": with_surplus, **chosen_by},
                run_ids=[run_id],
                row_count=exported.rows,
                checksum=exported.sha256,
            )
    click.echo(f"{path}: {exported.rows:,} rows, SHA-256 {exported.sha256}")


def _selection(engine: Engine, run_id: str) -> SelectionSettings:
    """How the run chooses one response of each problem, if it does."""
    with reading(engine) as session:
        config = snapshot_from(stored_run(session, run_id).config).config
    if config.makes_instructions and is_instruction_run(run_id):
        raise ConfigError(
            f"{run_id} made instructions; the responses to them are in the run of its name before"
        )
    return config.selection


def _rank(engine: Engine, run_id: str, selection: SelectionSettings) -> None:
    """Ranks the responses where that was not done since the last of them was drawn or judged: a run that
    was interrupted, or verified again, would else give less than one response of a problem.
    """
    with reading(engine) as session:
        current = ranks_are_current(session, run_id)
    if not current:
        measure(engine, run_id, selection)
