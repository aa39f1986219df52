"""Fallback worker inside the flow run itself, for a run whose worker flow runs do not start.

Under `gristmill serve` a run and its workers have their places in the same process tree. As many such runs at
once as there are places leave none for any worker, and each would wait for the others for ever. So one whose
workers have not begun for a minute becomes a worker of its own run. Those that begin later share with it.

Behind a work pool runs wait for a host that is free, as they should: whoever waits there may have no server
within reach.
"""

import asyncio
from collections.abc import Sequence

from prefect import get_run_logger
from prefect.client.schemas.objects import FlowRun

from gristmill.flows.artifacts.progress import log_lines
from gristmill.flows.flow_runs import this_flow_run
from gristmill.flows.lifecycle import LANDING_SECONDS, one_line
from gristmill.flows.parameter_rules import check_stored
from gristmill.flows.server_slots import SlotHoldingGenerators
from gristmill.runs.cancellation import unless_stopped
from gristmill.runs.session import RunSession
from gristmill.runs.store import open_store
from gristmill.runs.workers.work import config_to_work, work
from gristmill.sampling.errors import GristmillError

_END_SECONDS = LANDING_SECONDS + 3.0
"""From being stopped; a turn at a server that has not come by then is not waited for."""


def share_our_places(workers: Sequence[FlowRun]) -> bool:
    """Whether the runs start where this one did: no work pool stands between."""
    flow_run = this_flow_run()
    runs = [*workers, *([] if flow_run is None else [flow_run])]
    return all(run.work_pool_name is None for run in runs)


class InlineWorker:
    """This process as a worker of a run, once it has begun. `error` is what ended it, if anything did."""

    def __init__(self, run_id: str) -> None:
        self._run_id = run_id
        self._stop = asyncio.Event()
        self._working: asyncio.Task[None] | None = None
        self.error: GristmillError | None = None

    @property
    def has_begun(self) -> bool:
        return self._working is not None

    @property
    def is_drawing(self) -> bool:
        return self._working is not None and not self._working.done()

    def begin(self) -> None:
        """Only once."""
        get_run_logger().info("none of its workers begins: run %s draws by itself meanwhile", self._run_id)
        self._working = asyncio.create_task(self._work())

    def stop(self) -> None:
        """Draws no more, and lands what is in flight."""
        self._stop.set()

    async def ended(self) -> None:
        """Once what was in flight has landed; at once where nothing was begun."""
        if self._working is not None:
            await self._working

    async def _work(self) -> None:
        soon: dict[str, dict[str, object]] = {"run": {"grace_seconds": LANDING_SECONDS}}
        watchers = [log_lines(get_run_logger().info)]
        try:
            with open_store(must_exist=True) as engine:
                config = await asyncio.to_thread(config_to_work, engine, self._run_id, soon)
                check_stored(self._run_id, config.generator, config.judge, config.verifier)
                async with SlotHoldingGenerators() as generators:
                    session = RunSession(engine, self._run_id, config, self._stop, generators, watchers)
                    await unless_stopped(self._stop, work(session, measures=False), end_seconds=_END_SECONDS)
        except GristmillError as error:
            self.error = error
            said = one_line(str(error))
            get_run_logger().warning("run %s does not draw by itself any more: %s", self._run_id, said)
