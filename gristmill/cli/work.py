"""`gristmill work`: one more process for a run, on this machine or on another one that shares the store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from gristmill.cli.options import by_section, options
from gristmill.runs.run_ids import RUN_ID
from gristmill.runs.settings.run import EXECUTION_FIELDS, SECTIONS

if TYPE_CHECKING:
    from gristmill.sampling.records import RunState

_FIXED = {name for model in SECTIONS.values() for name in model.model_fields} - EXECUTION_FIELDS


@click.command(name="work")
@click.argument("run_id", metavar="RUN")
@options(SECTIONS, without=_FIXED | {"responses"})
def work_command(run_id: str, **flags: Any) -> None:
    """Draw for a run that is in the store, beside any other process that does so.

    On PostgreSQL any number of processes on any number of machines work on one run: each leases problems, and
    those of one that dies are taken over by the others. `gristmill run` is such a process, too. On SQLite,
    and under a budget, a run has one process at a time, and a second one is refused.

    The settings are the run's own; what may differ here is the pace, and the --server that answers: that of
    the run, unless given here or by GRISTMILL_SERVERS (several, separated by commas).
    """

    import asyncio

    from gristmill.reports.console import console
    from gristmill.reports.summary import read_summary
    from gristmill.reports.summary_tables import print_summary
    from gristmill.runs.store import open_store
    from gristmill.sampling.records import RunState

    if not RUN_ID.fullmatch(run_id):
        raise click.UsageError("RUN takes letters, digits, dots, dashes and underscores, 100 at most")
    state, interrupted_by = asyncio.run(_work(run_id, with_own_servers(by_section(flags, SECTIONS))))
    with open_store(must_exist=True) as engine:
        print_summary(console(), read_summary(engine, run_id))
    if state is not RunState.FINISHED:
        raise SystemExit(128 + (interrupted_by or 2))


def with_own_servers(pace: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """With the servers of `GRISTMILL_SERVERS` where neither servers nor one to launch are given."""

    from gristmill.runs.workers.work import own_servers

    generator = pace["generator"]
    servers = own_servers()
    if not servers or generator.get("server") or generator.get("launch"):
        return pace
    return {**pace, "generator": {**generator, "server": servers}}


async def _work(run_id: str, pace: dict[str, dict[str, Any]]) -> tuple[RunState, int | None]:
    """How it ended, and the signal that stopped it, if one did."""

    from gristmill.reports.console import console
    from gristmill.reports.progress import display, print_end
    from gristmill.runs.cancellation import stop_on_signals
    from gristmill.runs.open_generators import Generators
    from gristmill.runs.session import RunSession
    from gristmill.runs.store import open_store
    from gristmill.runs.workers.work import config_to_work, work

    err = console(stderr=True)
    with open_store(must_exist=True) as engine, stop_on_signals() as stop:
        config = config_to_work(engine, run_id, pace)
        async with Generators() as generators:
            report = await work(RunSession(engine, run_id, config, stop.event, generators, [display(err)]))
        print_end(err, report)
        return report.state, stop.signal
