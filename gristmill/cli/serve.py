"""`gristmill serve`: everything that `prefect.yaml` deploys, on this machine, in one process tree.

The Prefect server with its UI, the schedules, the runs and the folder of reports, until Ctrl-C or SIGTERM.
Where PREFECT_API_URL names a server, that one is used and none is started.
Either may be away for as long as it likes: one of our own is started again, another is waited for.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from gristmill.flows.serve.server import SupervisedServer

from gristmill.cli.options import shared_option
from gristmill.sampling.errors import UnavailableError

_PORT = click.IntRange(1, 65_535)


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--port", type=_PORT, default=4200, show_default=True, help="Of Prefect's server and UI.")
@click.option("--reports-port", type=_PORT, default=4280, show_default=True, help="Of the reports' folder.")
@click.option(
    "--limit", type=click.IntRange(1, 64), default=4, show_default=True, help="Runs at once; others wait."
)
@click.option("--pause-on-drop", is_flag=True, help="Pause a deployment whose share of accepted drops.")
@click.option("--print-file", is_flag=True, help="Print the shipped prefect.yaml, and do nothing.")
@click.option("--allow-launch", is_flag=True, help="Let deployments start programs: vLLM, code unsandboxed.")
@click.option("--allow-paths", is_flag=True, help="Let deployments name files outside of this folder.")
@shared_option
@click.option("--in-own-session", is_flag=True, hidden=True)
def serve(
    file: Path | None,
    port: int,
    reports_port: int,
    limit: int,
    pause_on_drop: bool,
    print_file: bool,
    allow_launch: bool,
    allow_paths: bool,
    in_own_session: bool,
) -> None:
    """Serve the deployments of FILE on this machine until Ctrl-C: server, schedules, runs, reports.

    FILE is `prefect.yaml` in the working directory unless named, and the shipped one where there is none.
    Runs that are stopped with it go on when it is started again.
    """

    from gristmill.flows.deploy.prefect_yaml import file_to_use, shipped_file
    from gristmill.flows.parameter_rules import LAUNCH_VARIABLE, PATHS_VARIABLE
    from gristmill.flows.serve.child_process import run_in_child_process
    from gristmill.runs.cancellation import ended_by_sigterm

    os.environ.update({LAUNCH_VARIABLE: "1"} if allow_launch else {})
    os.environ.update({PATHS_VARIABLE: "1"} if allow_paths else {})
    if print_file:
        click.echo(shipped_file().read_text("utf-8"), nl=False)
        return
    if not in_own_session:
        flags = [f"--port={port}", f"--reports-port={reports_port}", f"--limit={limit}"]
        flags += ["--pause-on-drop"] if pause_on_drop else []
        flags += ["--", str(file)] if file else []
        sys.exit(run_in_child_process(["serve", "--in-own-session", *flags]))
    with ended_by_sigterm():
        received = _serve(file_to_use(file), port, reports_port, limit, pause_on_drop)
    if received:
        raise SystemExit(128 + received)


def _serve(file: Path, port: int, reports_port: int, limit: int, pause_on_drop: bool) -> int:
    """Returns the signal that ended it."""

    from gristmill.flows.local import set_quiet, without_user
    from gristmill.reports.console import console, plain
    from gristmill.reports.report_folder import FOLDER_VARIABLE, URL_VARIABLE, report_folder

    set_quiet()
    err = console(stderr=True)
    from prefect.settings import PREFECT_API_URL, PREFECT_HOME

    from gristmill.flows.deploy.register import checked_deployments, former_entrypoints_line
    from gristmill.flows.serve.lock import serve_lock
    from gristmill.flows.serve.serve import Console, serve_deployments
    from gristmill.reports.site import report_site

    def say(line: str) -> None:
        err.print(plain(line))

    checked = checked_deployments(file, limit)
    if line := former_entrypoints_line(file, checked):
        say(line)
    folder = report_folder().resolve()
    # Where a server of our own is to be started: the moment since which nobody else's is up, if known.
    alone = nullcontext() if PREFECT_API_URL.value() else serve_lock(PREFECT_HOME.value())
    with (
        alone as exclusive_since,
        report_site(folder, reports_port) as reports_url,
        _api(port) as (url, server),
    ):
        os.environ.update({FOLDER_VARIABLE: str(folder), URL_VARIABLE: reports_url})

        def told(times: dict[str, datetime | None]) -> None:
            say(f"{file}: {len(checked)} deployments")
            for name, time in times.items():
                due = "no run is due" if time is None else f"next {time.astimezone():%Y-%m-%d %H:%M %Z}"
                say(f"  {name}  {due}")
            say(f"Prefect at {without_user(url).removesuffix('/api')}, reports at {reports_url}")
            if server is not None:
                say(f"Prefect's server logs errors, if any, to {server.log}")
            say(f"other terminals: export PREFECT_API_URL={without_user(url)}")

        serving = serve_deployments(
            checked, limit, pause_on_drop, server, exclusive_since, Console(told, say)
        )
        return _run(serving)


def _run(serving: Coroutine[Any, Any, int]) -> int:
    from prefect.exceptions import PrefectException

    from gristmill.flows.local import drain_prefect

    try:
        return asyncio.run(serving)
    except PrefectException as error:
        raise UnavailableError(f"Prefect did not take the deployments: {error}") from error
    finally:
        drain_prefect()


@contextmanager
def _api(port: int) -> Iterator[tuple[str, SupervisedServer | None]]:
    """The server that is configured, else one of our own. Children find it by the environment."""

    from prefect.settings import PREFECT_API_URL, PREFECT_HOME, temporary_settings

    from gristmill.flows.local import require_prefect
    from gristmill.flows.serve.server import supervised_server
    from gristmill.reports.console import console

    configured = PREFECT_API_URL.value()
    if configured:
        require_prefect(configured, "name another")
        yield configured, None
        return
    console(stderr=True).print("Starting the Prefect server, some 15 s ...")
    with supervised_server(port, PREFECT_HOME.value() / "gristmill-server.log") as server:
        os.environ["PREFECT_API_URL"] = server.url
        with temporary_settings({PREFECT_API_URL: server.url}):
            yield server.url, server
