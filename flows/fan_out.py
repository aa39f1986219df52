"""A run that several processes draw for: loaded here, drawn by runs of the deployment `work/work`.

The workers share the run by leases in the store, and need PostgreSQL. What came of them is read from the
store: a worker that failed costs nothing where the others finished. Where something is missing at the end,
new workers are started.
"""

import asyncio
from collections.abc import Sequence
from itertools import count
from uuid import UUID

from prefect import get_run_logger
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId
from prefect.client.schemas.objects import FlowRun, State
from prefect.deployments import arun_deployment
from prefect.exceptions import ObjectNotFound
from prefect.states import Cancelled, Cancelling

from db.sessions import reading
from flows.flow_runs import AWAY, this_flow_run
from flows.phases import load
from flows.run_config import RunConfig
from flows.server_limits import server_slots
from flows.serving import Serving
from flows.store import database_url, open_store, stored_run
from flows.synthesis import told
from sampling.errors import ConfigError, UnavailableError
from sampling.records import RunState

DEPLOYMENT = "work/work"
MOST_WORKERS = 256
POLL_SECONDS = 5.0
_CALL_SECONDS = 10.0
_CANCEL_SECONDS = 5.0
_rounds = count()
"""Told apart in the idempotency keys of one process, so that workers can be started anew."""


async def run_phases_with_workers(config: RunConfig, workers: int, run_id: str) -> State[str]:
    """Load, draw by workers, measure, summarise. Raises ConfigError where no workers can be had, and
    UnavailableError where they ended before the run.
    """
    if not database_url().startswith("postgres"):
        raise ConfigError(
            "workers: several processes share a store in PostgreSQL alone; point GRISTMILL_DATABASE_URL to "
            "one, or draw with one worker"
        )
    async with Serving() as serving:
        prepared = await load(config, run_id, serving)
    if prepared is None:
        return Cancelled(message=f"{run_id} was stopped before it began")
    if not await asyncio.to_thread(_is_finished, run_id):
        async with server_slots(prepared.config.generator.server):
            await _work_together(run_id, workers)
    return await told(prepared, RunState.FINISHED)


async def _work_together(run_id: str, workers: int) -> None:
    started: list[UUID] = []
    try:
        started += await _start(run_id, workers)
        ended = await _ended(run_id, started)
    except asyncio.CancelledError:
        await _cancel(started)
        raise
    if not await asyncio.to_thread(_is_finished, run_id):
        said = {str(run.state.message or run.state.name) for run in ended if run.state is not None}
        raise UnavailableError(f"run {run_id}: its workers ended before it: {'; '.join(sorted(said))}")


async def _start(run_id: str, workers: int) -> list[UUID]:
    """The flow runs' ids. Raises ConfigError where there is no such deployment."""
    flow_run, number = this_flow_run(), next(_rounds)
    key = f"{flow_run.id}-{flow_run.run_count}-{number}" if flow_run else f"{run_id}-{number}"
    started = []
    try:
        for worker in range(workers):
            run = await arun_deployment(
                DEPLOYMENT,
                parameters={"job": {"run_id": run_id}},
                timeout=0,
                as_subflow=True,
                idempotency_key=f"{key}-{worker}",
                flow_run_name=f"{run_id} worker {worker + 1}",
                tags=["gristmill"],
            )
            started.append(run.id)
    except ObjectNotFound as error:
        raise ConfigError(
            f"workers: there is no deployment {DEPLOYMENT}; `gristmill deploy` or `gristmill serve` makes it"
        ) from error
    except BaseException:
        await _cancel(started)
        raise
    get_run_logger().info("%d workers were started for run %s", workers, run_id)
    return started


async def _ended(run_id: str, started: Sequence[UUID]) -> list[FlowRun]:
    """Returns when each has ended, or when the store says that nothing is missing and Prefect is away."""
    wanted = FlowRunFilter(id=FlowRunFilterId(any_=list(started)))
    while True:
        try:
            async with asyncio.timeout(_CALL_SECONDS), get_client() as client:
                runs = await client.read_flow_runs(flow_run_filter=wanted, limit=len(started))
            if all(run.state is not None and run.state.is_final() for run in runs):
                return runs
        except AWAY as error:
            get_run_logger().debug("Prefect does not tell how the workers do: %r", error)
            if await asyncio.to_thread(_is_finished, run_id):
                return []
        await asyncio.sleep(POLL_SECONDS)


async def _cancel(started: Sequence[UUID]) -> None:
    """Best effort, within seconds; a worker that is not reached goes on, and may be cancelled by itself."""
    try:
        async with asyncio.timeout(_CANCEL_SECONDS), get_client() as client:
            for flow_run_id in started:
                await client.set_flow_run_state(flow_run_id, Cancelling())
    except AWAY as error:
        get_run_logger().warning("workers may not have been cancelled: %r", error)


def _is_finished(run_id: str) -> bool:
    with open_store() as engine, reading(engine) as session:
        return stored_run(session, run_id).state is RunState.FINISHED
