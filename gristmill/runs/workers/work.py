"""Joins a stored run as a further worker, with the configuration that the run began with.

What may differ from worker to worker is the pace, and which servers answer: each machine has its own.
"""

import os
from collections.abc import Mapping
from dataclasses import replace

from gristmill.db.problems import run_problems
from gristmill.db.sessions import Engine, reading
from gristmill.runs.execute import measure_responses
from gristmill.runs.prepare import prepare
from gristmill.runs.run_ids import is_instruction_run
from gristmill.runs.sample import sample, shares
from gristmill.runs.session import RunSession
from gristmill.runs.settings.recipe import resumed_config
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


async def work(session: RunSession, *, measures: bool = True) -> PipelineReport:
    """Draws for what the run misses, beside any others at work on it, until nothing is left for anyone.

    The session's configuration is that of `config_to_work`. Whoever ends last measures what the recipe wants
    measured, unless `measures` says that somebody else does. Raises ConfigError for a run that cannot be
    shared and is being worked on.
    """
    prepared = await prepare(session)
    async with join_run(
        session.store, session.run_id, alone=not shares(session.store, prepared.config)
    ) as membership:
        session = replace(session, config=prepared.config, membership=membership)
        report = await sample(session)
    if measures and report.state is RunState.FINISHED and membership.was_last:
        await measure_responses(session)
    return report


def config_to_work(engine: Engine, run_id: str, pace: Mapping[str, Mapping[str, object]]) -> RunConfig:
    """The stored run's own, with `pace` on top: settings by section that may change while a run goes on.

    Raises ConfigError for a run that is not there, or whose problems are still being made.
    """
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
    return resumed_config(snapshot_from(stored.config).config, pace)
