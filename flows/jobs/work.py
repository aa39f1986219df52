"""Prefect flow `work`: one worker, which joins a shared run and draws until nothing is left.

It asks the inference servers of its own host where `GRISTMILL_SERVERS` names some, and the run's otherwise.

A worker takes its turn at the servers it asks, as any run does. The run that started it holds no turn while
it waits: on one host both may name the same server, and each would wait for the other. Workers that a run
started and that have no servers of their own share the run's on purpose, and take no turn there: the first
would hold off its siblings to the end.

Limits. Servers that siblings share so are not kept from other runs. Where others draw there too, set
`GRISTMILL_SERVERS` on each host.
"""

import asyncio
from functools import partial
from typing import Annotated

from prefect import flow, get_run_logger
from prefect.client.schemas.objects import State
from prefect.states import Cancelled, Completed
from pydantic import BaseModel, ConfigDict, Field

from gristmill.flows.artifacts.acceptance_watch import acceptance_watcher
from gristmill.flows.artifacts.progress import log_lines
from gristmill.flows.flow_runs import RUN_ID_PATTERN, this_flow_run
from gristmill.flows.lifecycle import LANDING_SECONDS, with_retries
from gristmill.flows.parameter_rules import check_stored
from gristmill.flows.server_slots import SlotHoldingGenerators
from gristmill.runs.cancellation import asked_to_stop
from gristmill.runs.open_generators import Generators
from gristmill.runs.session import RunSession, Watcher
from gristmill.runs.store import open_store
from gristmill.runs.workers.work import config_to_work, own_servers, work
from gristmill.sampling.records import RunState


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
        soon: dict[str, object] = {"grace_seconds": LANDING_SECONDS}
        return {"run": soon, "generator": given} if given else {"run": soon}


@flow(name="work")
async def work_flow(job: WorkJob) -> State[str]:
    """Works on a run until nothing is left of it.

    Args:
        job: Which run is worked on, and with what.
    """
    stopped = f"work on {job.run_id} was interrupted"
    return await with_retries(job, partial(_work, job), stops_by_itself=True, stopped=stopped)


async def _work(job: WorkJob) -> State[str]:
    flow_run = this_flow_run()
    started_by_run = flow_run is not None and flow_run.parent_task_run_id is not None
    generators = Generators() if started_by_run and not job.own_servers else SlotHoldingGenerators()
    with open_store(must_exist=True) as engine:
        config = await asyncio.to_thread(config_to_work, engine, job.run_id, job.pace)
        check_stored(job.run_id, config.generator, config.judge, config.verifier)
        watchers: list[Watcher] = [log_lines(get_run_logger().info)]
        if not started_by_run:  # else the run looks for all of its workers
            watchers.append(acceptance_watcher(engine, job.run_id))
        async with generators:
            session = RunSession(engine, job.run_id, config, asked_to_stop(), generators, watchers)
            report = await work(session, measures=not started_by_run)
    message = f"{report.attempts:,} attempts and {report.failures:,} failures in {job.run_id}"
    if report.state is RunState.FINISHED:
        return Completed(message=message, data=job.run_id)
    return Cancelled(message=f"{message}, which was interrupted", data=job.run_id)
