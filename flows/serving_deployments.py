"""Deployments served by this process: registered, their runs started as child processes, and ended with it.

Prefect's Runner does the polling and the processes. What is added is the end: a run that this process stops
is cancelled, which lets it store what it has, and put back into its queue as the same flow run, so that
whoever serves next goes on with it under its run id.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

import httpx
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterDeploymentId,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.exceptions import PrefectException
from prefect.runner import Runner
from prefect.states import AwaitingRetry

from flows.automations import HEARTBEAT_SECONDS, install_automations
from flows.deployments import Checked, keep_what_people_set, make_next_runs
from flows.signals import StopRequest, stop_on_signals

_POLL_SECONDS = 5.0
_ANSWER_SECONDS = 5.0
_GONE = (TimeoutError, httpx.HTTPError, PrefectException)
_UNDER_WAY = [StateType.PENDING, StateType.RUNNING]
_STOPPED = "`gristmill serve` was stopped; this run goes on when it is started again."
Told = Callable[[dict[str, datetime | None]], None]
"""Gets each deployment's full name with its next scheduled time, None without one, once they are served."""


async def serve_deployments(checked: Sequence[Checked], limit: int, pause_on_drop: bool, told: Told) -> int:
    """Serves until a signal, which it returns. Raises what ended the Runner if that came first."""
    runner = Runner(
        name="gristmill serve",
        limit=limit,
        query_seconds=_POLL_SECONDS,
        heartbeat_seconds=HEARTBEAT_SECONDS,
        pause_on_shutdown=False,
    )
    async with get_client() as client:
        await keep_what_people_set(client, checked)
        ids = {one.deployment.full_name: await runner.aadd_deployment(one.deployment) for one in checked}
        await install_automations(client, pause_on_drop=pause_on_drop)
        told({name: await _next_run(client, id_) for name, id_ in ids.items()})
        return await _serve(runner, client, list(ids.values()))


async def _serve(runner: Runner, client: PrefectClient, deployments: list[UUID]) -> int:
    stop = StopRequest()
    serving = asyncio.create_task(runner.start())
    await asyncio.sleep(0)  # the Runner has set its handler of SIGTERM, which the next line replaces
    with stop_on_signals(stop):
        stopping = asyncio.create_task(stop.event.wait())
        await asyncio.wait((serving, stopping), return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if stop.signal is not None and not serving.done():
            under_way = await _under_way(client, deployments)
            await runner.astop()
            await asyncio.wait([serving])
            await _put_back(client, under_way)
    if serving.done() and not serving.cancelled() and (error := serving.exception()) is not None:
        raise error
    return stop.signal or 0


async def _under_way(client: PrefectClient, deployments: list[UUID]) -> list[FlowRun]:
    """The runs that are ours to end; none where the server is away, which then marks them when it is back."""
    try:
        async with asyncio.timeout(_ANSWER_SECONDS):
            return await client.read_flow_runs(
                flow_run_filter=FlowRunFilter(
                    deployment_id=FlowRunFilterDeploymentId(any_=deployments),
                    state=FlowRunFilterState(type=FlowRunFilterStateType(any_=_UNDER_WAY)),
                )
            )
    except _GONE:
        return []


async def _put_back(client: PrefectClient, stopped: Sequence[FlowRun]) -> None:
    """Into the queue, as the same flow runs; those that came to an end of their own stay as they are."""
    for run in stopped:
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                now = (await client.read_flow_run(run.id)).state
                if now is not None and (now.is_cancelled() or now.is_crashed()):
                    await client.set_flow_run_state(run.id, AwaitingRetry(message=_STOPPED))
        except _GONE:
            return


async def _next_run(client: PrefectClient, deployment_id: UUID) -> datetime | None:
    """None, too, where the server does not say it at once."""
    state = FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.SCHEDULED]))
    of_it = FlowRunFilter(deployment_id=FlowRunFilterDeploymentId(any_=[deployment_id]), state=state)
    try:
        async with asyncio.timeout(_ANSWER_SECONDS):
            await make_next_runs(client, deployment_id)
            runs = await client.read_flow_runs(
                flow_run_filter=of_it, sort=FlowRunSort.NEXT_SCHEDULED_START_TIME_ASC, limit=1
            )
    except _GONE:
        return None
    return runs[0].next_scheduled_start_time if runs else None
