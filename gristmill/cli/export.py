"""`gristmill export`: a training set, cut from the store."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gristmill.cli.help import SettingsCommand
from gristmill.cli.options import by_section, options, shared_option
from gristmill.exports.formats import FORMATS
from gristmill.exports.settings import EXPORT_SECTIONS, ExportSettings

if TYPE_CHECKING:
    from gristmill.exports.export import Exported


COMMON_SETTINGS = (
    "format",
    "container",
    "sources",
    "min_pass_rate",
    "max_pass_rate",
    "per_problem",
    "keep",
    "pairing",
    "pairs_per_problem",
    "validation",
    "test",
)


@click.command(cls=SettingsCommand, common=COMMON_SETTINGS, epilog=f"Formats: {', '.join(FORMATS)}.")
@click.argument("run_ids", nargs=-1, metavar="[RUN]...")
@click.option("--recipe", type=click.Path(path_type=Path), help="Recipe of the export, a TOML file.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Folder to make. [default: RUN-FORMAT; export-FORMAT for several runs]",
)
@click.option("--replace", is_flag=True, help="Put it in the place of an export that is there.")
@click.option(
    "--manifest",
    type=click.Path(path_type=Path, exists=True),
    help="Make the export of this manifest again, byte for byte, or say what has changed.",
)
@click.option("--push-to", metavar="OWNER/NAME", help="Push it to this repository of the Hugging Face hub.")
@click.option("--public", is_flag=True, help="Make the repository, if it is new, a public one.")
@shared_option
@options(EXPORT_SECTIONS, without=("runs",))
def export(
    run_ids: tuple[str, ...],
    recipe: Path | None,
    out: Path | None,
    replace: bool,
    manifest: Path | None,
    push_to: str | None,
    public: bool,
    **flags: Any,
) -> None:
    """Cut a training set from the runs, and write it as a folder with its manifest and data card.

    Without a flag: the accepted responses of each problem, within its quota, as chats in JSON Lines.
    """
    from gristmill.exports.hub import check_hub, push

    given = by_section(flags | {"runs": run_ids}, EXPORT_SECTIONS)
    if manifest is not None and (recipe or any(given.values())):
        raise click.UsageError("--manifest says what is exported: give it without runs, recipe and filters")
    if push_to is not None:
        check_hub(push_to)
    made = _made(recipe, given, manifest, out, replace=replace)
    _print(made)
    if push_to is not None:
        click.echo(f"pushed to {push(made.path, push_to, private=not public)}")


def _made(
    recipe: Path | None,
    given: Mapping[str, Mapping[str, Any]],
    manifest: Path | None,
    out: Path | None,
    *,
    replace: bool,
) -> Exported:
    """A new export, or that of the manifest again."""
    from gristmill.exports.export import export as cut_export
    from gristmill.exports.export import shown_progress
    from gristmill.exports.manifest import read_manifest
    from gristmill.exports.recipe import export_settings
    from gristmill.exports.replay import replay
    from gristmill.reports.console import console
    from gristmill.runs.cancellation import ended_by_sigterm
    from gristmill.runs.store import open_store

    with (
        open_store(must_exist=True) as engine,
        ended_by_sigterm(),
        shown_progress(console(stderr=True)) as watch,
    ):
        if manifest is None:
            settings = export_settings(recipe, given)
            path = out or Path(_name(settings))
            return cut_export(engine, settings, path, replace=replace, on_progress=watch)
        stored = read_manifest(manifest)
        path = out or Path(f"{_name(stored.settings)}-again")
        return replay(engine, stored, path, replace=replace, on_progress=watch)


def _name(settings: ExportSettings) -> str:
    """Of the folder: the run's where there is one."""
    runs = settings.filter.runs
    return f"{runs[0] if len(runs) == 1 else 'export'}-{settings.output.format}"


def _print(made: Exported) -> None:
    from gristmill.exports.splits import split_names
    from gristmill.reports.console import console, plain

    out, manifest = console(), made.manifest
    splits = ", ".join(f"{name} {rows:,}" for name, rows in manifest.splits.items())
    out.print(
        plain(
            f"{made.path}: {manifest.rows:,} rows from {manifest.problems:,} problems"
            + (f" ({splits})" if len(manifest.splits) > 1 else "")
        )
    )
    for file in manifest.files:
        out.print(plain(f"  {file.path}  {file.bytes:,} bytes  SHA-256 {file.sha256}"), soft_wrap=True)
    for what, count in manifest.left_out.items():
        out.print(plain(f"  left out: {count:,} {what}"))
    for split in split_names(manifest.settings.splits):
        if not manifest.splits.get(split):
            out.print(f"  the split {split} has no row")
    if not made.is_recorded:
        out.print("  not recorded in the store, which can only be read: `gristmill exports` will not list it")
