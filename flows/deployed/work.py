"""The flow of one worker: it joins a run that others work on too, and draws until nothing is left.

It asks the inference servers of its own host where `GRISTMILL_SERVERS` names some, and the run's otherwise.
A worker that a run started for itself does not wait for its turn at the run's servers, which the run holds.
"""

import asyncio
from functools import partial
from typing import Annotated

from prefect import flow, get_run_logger
from prefect.client.schemas.objects import State
from prefect.states import Cancelled, Completed
from pydantic import BaseModel, ConfigDict, Field

from flows.display import line_display
from flows.flow_endings import tried_again
from flows.flow_runs import RUN_ID_PATTERN, this_flow_run
from flows.server_limits import TurnTaking
from flows.serving import Serving
from flows.store import open_store
from flows.working import own_servers, work
from sampling.records import RunState


class WorkJob(BaseModel):
    """Which run is worked on, and with what."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    run_id: str = Field(pattern=RUN_ID_PATTERN, description="Run in the store that is worked on.")
    servers: tuple[Annotated[str, Field(min_length=1)], ...] = Field(
        (),
        max_length=256,
        description="Base URL of an inference server, ending in /v1; several. Empty: those that the worker's "
        "host has in GRISTMILL_SERVERS, else the run's.",
    )
    concurrency: int | None = Field(
        None, ge=1, le=65_536, description="Draws in flight, per server; unset: the run's own."
    )

    @property
    def own_servers(self) -> tuple[str, ...]:
        return self.servers or own_servers()

    @property
    def pace(self) -> dict[str, dict[str, object]]:
        """What differs from the run's own configuration, by section."""
        given: dict[str, object] = {}
        if self.own_servers:
            given["server"] = self.own_servers
        if self.concurrency is not None:
            given["concurrency"] = self.concurrency
        return {"generator": given} if given else {}


@flow(name="work")
async def work_flow(job: WorkJob) -> State[str]:
    """Works on a run until nothing is left of it.

    Args:
        job: Which run is worked on, and with what.
    """
    return await tried_again(partial(_work, job))


async def _work(job: WorkJob) -> State[str]:
    flow_run = this_flow_run()
    started_by_run = flow_run is not None and flow_run.parent_task_run_id is not None
    serving = Serving() if started_by_run and not job.own_servers else TurnTaking()
    with open_store(must_exist=True) as engine:
        async with serving:
            watchers = [line_display(get_run_logger().info)]
            report = await work(engine, job.run_id, asyncio.Event(), serving, watchers, pace=job.pace)
    message = f"{report.attempts:,} attempts and {report.failures:,} failures in {job.run_id}"
    if report.state is RunState.FINISHED:
        return Completed(message=message, data=job.run_id)
    return Cancelled(message=f"{message}, which was interrupted", data=job.run_id)
