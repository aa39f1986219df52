"""Joining a run that is in the store as one of its workers, with the configuration that it began with.

What may differ from worker to worker is the pace, and which servers answer: each machine has its own.
"""

import asyncio
import os
from collections.abc import Mapping, Sequence

from gristmill.db.problems import run_problems
from gristmill.db.sessions import Engine, reading
from gristmill.runs.generators import Generators
from gristmill.runs.names import is_instruction_run
from gristmill.runs.prepare import prepare
from gristmill.runs.sample import sample, shares
from gristmill.runs.selection import measure
from gristmill.runs.session import Watcher
from gristmill.runs.settings.recipe import config_to_go_on
from gristmill.runs.settings.run import RunConfig
from gristmill.runs.settings.snapshot import snapshot_from
from gristmill.runs.store import stored_run
from gristmill.runs.workers.membership import join_run
from gristmill.sampling.errors import ConfigError
from gristmill.sampling.pipeline import PipelineReport
from gristmill.sampling.records import RunState

SERVERS_VARIABLE = "GRISTMILL_SERVERS"
"""Base URLs of this machine's own servers, separated by commas."""


def own_servers() -> tuple[str, ...]:
    """Those that this machine has by its environment; none where it says nothing."""
    named = (server.strip() for server in os.environ.get(SERVERS_VARIABLE, "").split(","))
    return tuple(server for server in named if server)


async def work(
    engine: Engine,
    run_id: str,
    stop: asyncio.Event,
    generators: Generators,
    watchers: Sequence[Watcher] = (),
    *,
    pace: Mapping[str, Mapping[str, object]] | None = None,
    measures: bool = True,
) -> PipelineReport:
    """Draws for what the run misses, beside any others at work on it, until nothing is left for anyone.

    `pace` are settings by section that may change while a run goes on. Whoever ends last measures what the
    recipe wants measured, unless `measures` says that somebody else does. Raises ConfigError for a run that
    is not there, whose problems are still being made, or that cannot be shared and is being worked on.
    """
    config = await asyncio.to_thread(_config, engine, run_id, pace or {})
    prepared = await prepare(engine, config, run_id, generators)
    async with join_run(engine, run_id, alone=not shares(engine, prepared.config)) as membership:
        report = await sample(engine, run_id, prepared.config, stop, generators, watchers, membership)
    if measures and report.state is RunState.FINISHED and membership.was_last:
        await asyncio.to_thread(measure, engine, run_id, prepared.config.selection)
    return report


def _config(engine: Engine, run_id: str, pace: Mapping[str, Mapping[str, object]]) -> RunConfig:
    if is_instruction_run(run_id):
        raise ConfigError(
            f"{run_id} makes instructions, which is for one process: `gristmill run` goes on with it"
        )
    with reading(engine) as session:
        stored = stored_run(session, run_id)
        is_empty = not run_problems(session, run_id)
    if is_empty:
        raise ConfigError(
            f"run {run_id} has no problems yet: its instructions are still to be made by `gristmill run`"
        )
    return config_to_go_on(snapshot_from(stored.config).config, pace)
