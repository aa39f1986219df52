"""`gristmill top-up`: what a schedule runs each night, and a person whenever there are new problems."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gristmill.cli.help import SettingsCommand
from gristmill.cli.options import by_section, run_options, shared_option
from gristmill.cli.run import COMMON_SETTINGS, recipes_in_short
from gristmill.exports.settings import ExportSettings
from gristmill.runs.run_ids import RUN_ID
from gristmill.runs.settings.run import SECTIONS

if TYPE_CHECKING:
    from gristmill.db.reports.top_up import ProblemQuery
    from gristmill.db.sessions import Engine
    from gristmill.runs.prepare import Prepared
    from gristmill.runs.top_up import ToppedUp, TopUp


@click.command(
    "top-up", cls=SettingsCommand, common=COMMON_SETTINGS, choices=("Shipped recipes", recipes_in_short)
)
@click.argument("recipe")
@click.option("--sources", multiple=True, metavar="NAME", help="Take the active problems of this source.")
@click.option("--runs", multiple=True, metavar="RUN", help="Take the active problems of this run.")
@click.option("--run-id", help="Name of the top-ups' run; by default recipe and sources give it one.")
@click.option(
    "--export-recipe", type=click.Path(path_type=Path), help="Recipe of the export; by default chats for SFT."
)
@click.option(
    "--exports",
    "folder",
    type=click.Path(path_type=Path),
    default=Path("exports"),
    show_default=True,
    help="Folder that gets the new version of the data set.",
)
@shared_option
@run_options
def top_up_command(
    recipe: str,
    sources: tuple[str, ...],
    runs: tuple[str, ...],
    run_id: str | None,
    export_recipe: Path | None,
    folder: Path,
    **flags: Any,
) -> None:
    """Bring every active problem of these sources to its quota, then export a new version.

    The same command again goes on with the same run: it takes up problems that are new, draws what is
    missing, and does nothing where nothing is. Name --sources or --runs of the store, or a --dataset that is
    read each time. A budget (--policy budgeted) is that of each top-up.
    """

    import asyncio

    from gristmill.db.reports.top_up import ProblemQuery
    from gristmill.exports.recipe import export_settings
    from gristmill.exports.versions import check_folder, export_of
    from gristmill.runs.store import open_store
    from gristmill.sampling.records import RunState

    if run_id is not None and not RUN_ID.fullmatch(run_id):
        raise click.UsageError("--run-id takes letters, digits, dots, dashes and underscores, 100 at most")
    asked = _asked(recipe, ProblemQuery(sources, runs), run_id, by_section(flags, SECTIONS))
    settings = export_of(export_settings(export_recipe, {}), asked.run_id)
    check_folder(folder)
    with open_store() as engine:
        done, interrupted_by = asyncio.run(_top_up(engine, asked))
        if done is None or done.report.state is not RunState.FINISHED:
            click.echo(f"stopped: nothing was exported; run {asked.run_id} goes on by the same command")
            raise SystemExit(128 + (interrupted_by or 2))
        _print_drawn(engine, asked, done)
        _export(engine, settings, folder, asked.run_id)


def _asked(recipe: str, query: ProblemQuery, run_id: str | None, flags: dict[str, dict[str, Any]]) -> TopUp:
    from gristmill.runs.settings.recipe import recipe_tables, run_config
    from gristmill.runs.top_up import described, top_up_of

    if not (query.sources or query.runs):
        if not {**recipe_tables(recipe).get("dataset", {}), **flags["dataset"]}.get("dataset"):
            raise click.UsageError("say which problems: --sources or --runs of the store, or a --dataset")
        return top_up_of(run_config(recipe, flags), None, run_id)
    if flags["dataset"]:
        raise click.UsageError("--sources and --runs name problems of the store: leave the data set out")
    flags["dataset"] = {"dataset": described(query)}
    return top_up_of(run_config(recipe, flags), query, run_id)


async def _top_up(engine: Engine, asked: TopUp) -> tuple[ToppedUp | None, int | None]:
    """What came of it, None if it was stopped before that; and the signal that stopped it, if one did."""

    from gristmill.reports.console import console
    from gristmill.reports.progress import display, print_start
    from gristmill.runs.cancellation import stop_on_signals
    from gristmill.runs.open_generators import Generators
    from gristmill.runs.session import RunSession
    from gristmill.runs.top_up import top_up

    err = console(stderr=True)

    def begins(prepared: Prepared, added: int) -> None:
        print_start(err, prepared)
        if added and not prepared.new:
            err.print(f"{added:,} of them are new")

    with stop_on_signals() as stop:
        async with Generators() as generators:
            session = RunSession(engine, asked.run_id, asked.config, stop.event, generators, [display(err)])
            return await top_up(session, asked.query, begins), stop.signal


def _print_drawn(engine: Engine, asked: TopUp, done: ToppedUp) -> None:
    from gristmill.exports.versions import NOTHING_MISSING, drew_nothing
    from gristmill.reports.console import console
    from gristmill.reports.summary import prices_of, read_summary
    from gristmill.reports.summary_tables import print_summary

    if drew_nothing(done.report):
        click.echo(NOTHING_MISSING)
        return
    prices = prices_of(asked.config.run)
    print_summary(console(), read_summary(engine, asked.run_id, prices if prices.known else None))


def _export(engine: Engine, settings: ExportSettings, folder: Path, name: str) -> None:
    from gristmill.exports.export import shown_progress
    from gristmill.exports.versions import export_line, export_new_version
    from gristmill.reports.console import console, plain
    from gristmill.runs.cancellation import ended_by_sigterm

    with ended_by_sigterm(), shown_progress(console(stderr=True)) as watch:
        made = export_new_version(engine, settings, folder, name, watch)
    console().print(plain(export_line(made)), soft_wrap=True)
