"""`gristmill run`: a recipe, with flags on top, through Prefect or directly."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from gristmill.cli.help import SettingsCommand
from gristmill.cli.options import by_section, run_options, shared_option
from gristmill.runs.run_ids import RUN_ID, fresh_run_id
from gristmill.runs.settings.run import SECTIONS
from gristmill.runs.settings.shipped import shipped_recipes
from gristmill.sampling.errors import ConfigError

if TYPE_CHECKING:
    from rich.console import Console

    from gristmill.runs.settings.run import RunConfig

COMMON_SETTINGS = (
    "dataset",
    "limit",
    "seeds",
    "documents",
    "target",
    "quota",
    "ceiling",
    "server",
    "model",
    "concurrency",
    "temperature",
    "max_tokens",
    "verifier",
    "seed",
)


def recipes_in_short() -> dict[str, str]:
    """Each shipped recipe's line without its source."""
    return {name: re.split(r": | \(", line)[0] for name, line in shipped_recipes().items()}


@click.command(cls=SettingsCommand, common=COMMON_SETTINGS, choices=("Shipped recipes", recipes_in_short))
@click.argument("recipe", required=False)
@click.option("--run-id", help="Name of the run; one that is in the store goes on where it stopped.")
@click.option("--direct", is_flag=True, help="Run without Prefect.")
@click.option("--print-config", is_flag=True, help="Print what would run, as a recipe, and do nothing.")
@click.option("--print-deployment", metavar="NAME", help="Print a block for prefect.yaml, and do nothing.")
@click.option("--cron", metavar="EXPR", help="Schedule of --print-deployment, in UTC: '0 2 * * *'.")
@shared_option
@run_options
def run(
    recipe: str | None,
    run_id: str | None,
    direct: bool,
    print_config: bool,
    print_deployment: str | None,
    cron: str | None,
    **flags: Any,
) -> None:
    """Draw, verify and store until no problem of the data set misses anything.

    RECIPE is the name of a shipped recipe or the path of your own. With the --run-id of a run in the store
    it may be left out. Every setting of a recipe can be overridden by its flag.
    """
    if run_id is not None and not RUN_ID.fullmatch(run_id):
        raise click.UsageError("--run-id takes letters, digits, dots, dashes and underscores, 100 at most")
    if cron is not None and print_deployment is None:
        raise click.UsageError("--cron goes with --print-deployment")
    if recipe is None and run_id is None:
        raise click.UsageError(f"name a recipe; shipped are: {', '.join(shipped_recipes())}")
    config = _config(recipe, run_id, by_section(flags, SECTIONS))
    if print_deployment is not None:
        from gristmill.flows.deploy.block import deployment_yaml

        click.echo(deployment_yaml(config, print_deployment, cron), nl=False)
    elif print_config:
        from gristmill.runs.settings.recipe import as_toml

        click.echo(as_toml(config), nl=False)
    else:
        run_id = run_id or fresh_run_id(config.recipe)
        received = _directly(config, run_id) if direct else _through_prefect(config, run_id)
        if not _print_outcome(config, run_id, received):
            raise SystemExit(128 + (received or signal.SIGINT))


def _config(recipe: str | None, run_id: str | None, flags: dict[str, dict[str, Any]]) -> RunConfig:
    """Without a recipe the configuration of the stored run, with the flags on top."""
    from gristmill.runs.settings.recipe import resumed_config, run_config

    if recipe is not None:
        return run_config(recipe, flags)
    from gristmill.db.runs import find_run
    from gristmill.db.sessions import reading
    from gristmill.runs.settings.snapshot import snapshot_from
    from gristmill.runs.store import open_store

    with open_store(must_exist=True) as engine, reading(engine) as session:
        stored = find_run(session, str(run_id))
    if stored is None:
        raise ConfigError(f"there is no run {run_id!r} in this store; name a recipe to start it")
    return resumed_config(snapshot_from(stored.config).config, flags)


def _directly(config: RunConfig, run_id: str) -> int | None:
    """Returns the signal that interrupted it, if one did."""
    import asyncio
    from dataclasses import replace

    from gristmill.reports.console import console
    from gristmill.reports.progress import INSTRUCTIONS_MADE, PROBLEMS_DONE, display, print_end, print_start
    from gristmill.runs.cancellation import stop_on_signals, unless_stopped
    from gristmill.runs.execute import DIRECT, execute
    from gristmill.runs.open_generators import Generators
    from gristmill.runs.prepare import prepare
    from gristmill.runs.session import RunSession
    from gristmill.runs.store import open_store
    from gristmill.sampling.pipeline import PipelineReport

    err = console(stderr=True)

    def shown(session: RunSession, counted: str) -> RunSession:
        return replace(session, watchers=[display(err, counted)])

    async def sample(session: RunSession) -> PipelineReport:
        report = await DIRECT.sample(shown(session, PROBLEMS_DONE))
        print_end(err, report)
        return report

    phases = replace(
        DIRECT, make=lambda session: DIRECT.make(shown(session, INSTRUCTIONS_MADE)), sample=sample
    )

    async def run_here() -> int | None:
        with open_store() as engine, stop_on_signals() as stop:
            async with Generators() as generators:
                session = RunSession(engine, run_id, config, stop.event, generators)
                prepared = await unless_stopped(stop.event, prepare(session))
                if prepared is not None:
                    print_start(err, prepared)
                    await execute(replace(session, config=prepared.config), phases)
            return stop.signal

    return asyncio.run(run_here())


def _through_prefect(config: RunConfig, run_id: str) -> int | None:
    """What can be known to be wrong with store and data set is said before a Prefect server is started.

    Returns the signal that interrupted the run, if one did.
    """
    import asyncio

    from gristmill.db.runs import find_run
    from gristmill.db.sessions import reading
    from gristmill.flows.local import set_quiet
    from gristmill.problems.load import load_problems
    from gristmill.reports.console import console
    from gristmill.runs.instructions.prepare import check_maker
    from gristmill.runs.store import open_store

    set_quiet()
    with open_store() as engine, reading(engine) as session:
        is_new = find_run(session, run_id) is None
    if is_new and config.makes_instructions:
        check_maker(config)
    elif is_new:
        load_problems(config.dataset.model_copy(update={"limit": 1}), config.verifier.verifier)
    with _prefect_api(console(stderr=True)):
        from gristmill.flows.local import run_flow

        return asyncio.run(run_flow(config, run_id))


@contextmanager
def _prefect_api(err: Console) -> Iterator[None]:
    """The server that is configured, else one of our own for as long as the run takes."""
    from prefect.settings import PREFECT_API_URL, temporary_settings

    from gristmill.flows.local import drain_prefect, prefect_server, require_prefect, without_user
    from gristmill.reports.console import plain

    configured = PREFECT_API_URL.value()
    if configured:
        require_prefect(configured)
        err.print(plain(f"Prefect at {without_user(configured)}"))
        yield
        return
    err.print("Starting a temporary Prefect server, some 12 s (--direct does without) ...")
    with prefect_server() as url:
        os.environ["PREFECT_API_URL"] = url
        err.print(plain(f"Prefect at {url.removesuffix('/api')}"))
        with temporary_settings({PREFECT_API_URL: url}):
            try:
                yield
            finally:
                drain_prefect()


def _print_outcome(config: RunConfig, run_id: str, received: int | None) -> bool:
    """Whether the run is finished. Ends the command where a signal came before the run was in the store."""
    from gristmill.db.runs import find_run
    from gristmill.db.sessions import reading
    from gristmill.reports.console import console, plain
    from gristmill.reports.instructions import print_instructions, read_instructions
    from gristmill.reports.summary import prices_of, read_summary
    from gristmill.reports.summary_tables import print_summary
    from gristmill.runs.store import open_store
    from gristmill.sampling.records import RunState

    prices = prices_of(config.run)
    with open_store() as engine:
        with reading(engine) as session:
            begun = find_run(session, run_id) is not None
        if received and not begun:
            click.echo("gristmill: stopped before the run began; nothing was stored", err=True)
            raise SystemExit(128 + received)
        summary = read_summary(engine, run_id, prices if prices.known else None)
        made = read_instructions(engine, run_id, whole=False)
    out, finished = console(), summary.run.state is RunState.FINISHED
    if made is not None:
        print_instructions(out, made)
    print_summary(out, summary)
    out.print()
    if finished:
        out.print(plain(f"gristmill show {run_id} --problem ID    the attempts of a problem"))
        out.print(plain(f"gristmill export {run_id} --format sft  a training set of the accepted pairs"))
    else:
        out.print(plain(f"gristmill run --run-id {run_id}         go on where it stopped"))
    return finished
