"""Sessions of runs as tests begin them, and runs that are prepared and executed in the test's own process."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from gristmill.db.sessions import Engine
from gristmill.runs.open_generators import Generators
from gristmill.runs.prepare import prepare
from gristmill.runs.session import RunSession, Watcher
from gristmill.runs.settings.run import RunConfig


def a_session(
    engine: Engine,
    config: RunConfig,
    generators: Generators | None = None,
    *,
    run_id: str = "r",
    stop: asyncio.Event | None = None,
    watchers: Sequence[Watcher] = (),
) -> RunSession:
    return RunSession(
        engine, run_id, config, stop or asyncio.Event(), generators or Generators(), tuple(watchers)
    )


async def prepared(session: RunSession) -> RunSession:
    """The session with the configuration that its run goes by, once the run is in the store."""
    return replace(session, config=(await prepare(session)).config)
