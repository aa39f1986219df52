"""Serving deployments: registered, their flow runs started as child processes, and ended with this one.

Prefect's Runner does the polling and the processes. What is added is the end: a run that this process stops
is cancelled, which lets it store what it has, and put back into its queue as the same flow run, so that
whoever serves next goes on with it under its run id. Where the server is away at the end, runs are ended all
the same, and marked and gone on with when it is back.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import httpx
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.filters import FlowRunFilter
from prefect.client.schemas.objects import FlowRun
from prefect.client.schemas.sorting import FlowRunSort
from prefect.exceptions import PrefectException
from prefect.states import AwaitingRetry

from gristmill.flows.deploy.automations import install_automations
from gristmill.flows.deploy.entrypoints import stored_line, update_stored_entrypoints
from gristmill.flows.deploy.register import Checked, keep_what_people_set, make_next_runs
from gristmill.flows.serve.recover import recover_orphaned_runs
from gristmill.flows.serve.runner import ServeRunner
from gristmill.flows.serve.server import SupervisedServer
from gristmill.runs.cancellation import StopRequest, stop_on_signals

_ANSWER_SECONDS = 5.0
_END_SECONDS = 10.0
_PUT_BACK_SECONDS = 30.0
"""For all runs together."""

_GONE = (TimeoutError, httpx.HTTPError, PrefectException)
_STOPPED = "`gristmill serve` was stopped; this run goes on when it is started again."


@dataclass(frozen=True, slots=True)
class Console:
    """`served` gets each deployment's full name and next scheduled time, None without one; `say` a line."""

    served: Callable[[dict[str, datetime | None]], None]
    say: Callable[[str], None]


async def serve_deployments(
    checked: Sequence[Checked],
    limit: int,
    pause_on_drop: bool,
    server: SupervisedServer | None,
    exclusive_since: datetime | None,
    console: Console,
) -> int:
    """Serves until a signal, which it returns. `server` is the one to be kept up, if it is ours. Raises what
    ended the Runner or the server if that came first.

    `exclusive_since`: runs that were under way before that moment are of a `gristmill serve` of this machine
    that is gone; None where they may be another's.
    """
    runner = ServeRunner(limit, console.say)
    async with get_client() as client:
        if changed := await update_stored_entrypoints(client):
            console.say(stored_line(changed))
        await keep_what_people_set(client, checked)
        ids = {one.deployment.full_name: await runner.aadd_deployment(one.deployment) for one in checked}
        await install_automations(client, pause_on_drop=pause_on_drop)
        console.served({name: await _next_run(client, id_) for name, id_ in ids.items()})
        kept = server.keep_up(console.say) if server else _for_ever()
        recovered = recover_orphaned_runs(client, list(ids.values()), exclusive_since, console.say)
        keeping = asyncio.gather(kept, recovered)
        try:
            return await _serve(runner, client, list(ids.values()), keeping)
        finally:
            keeping.cancel()


async def _for_ever() -> None:
    await asyncio.Event().wait()


async def _serve(
    runner: ServeRunner, client: PrefectClient, deployments: list[UUID], keeping: asyncio.Future[Any]
) -> int:
    stop = StopRequest()
    serving = asyncio.create_task(runner.start())
    await asyncio.sleep(0)  # the Runner has set its handler of SIGTERM, which the next line replaces
    with stop_on_signals(stop):
        stopping = asyncio.create_task(stop.event.wait())
        await asyncio.wait((serving, stopping, keeping), return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if not serving.done():
            await _end(runner, serving, client, deployments)
    for task in (serving, keeping):
        if task.done() and not task.cancelled() and (error := task.exception()) is not None:
            raise error
    return stop.signal or 0


async def _end(
    runner: ServeRunner, serving: asyncio.Task[None], client: PrefectClient, deployments: list[UUID]
) -> None:
    under_way = None if runner.away else await _under_way(client, deployments)
    if under_way is None:  # the Runner would try to tell the server for 70 s before it ends the first of them
        await runner.end_runs()
        serving.cancel()
        await asyncio.wait([serving], timeout=_END_SECONDS)
        return
    await runner.astop()
    await asyncio.wait([serving])
    await _put_back(client, under_way)


async def _under_way(client: PrefectClient, deployments: list[UUID]) -> list[FlowRun] | None:
    """The runs that are ours to end; None where the server is away, which then marks them when it is back."""
    try:
        async with asyncio.timeout(_ANSWER_SECONDS):
            return await client.read_flow_runs(flow_run_filter=_runs_of(deployments, "PENDING", "RUNNING"))
    except _GONE:
        return None


async def _put_back(client: PrefectClient, stopped: Sequence[FlowRun]) -> None:
    """Into the queue, as the same flow runs; those that came to an end of their own stay as they are."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_PUT_BACK_SECONDS):
            for run in stopped:
                await _put_one_back(client, run)


async def _put_one_back(client: PrefectClient, run: FlowRun) -> None:
    """One that the server does not tell of costs the others nothing."""
    with suppress(*_GONE):
        async with asyncio.timeout(_ANSWER_SECONDS):
            now = (await client.read_flow_run(run.id)).state
            if now is not None and (now.is_cancelled() or now.is_crashed()):
                await client.set_flow_run_state(run.id, AwaitingRetry(message=_STOPPED))


async def _next_run(client: PrefectClient, deployment_id: UUID) -> datetime | None:
    """None, too, where the server does not say it at once."""
    try:
        async with asyncio.timeout(_ANSWER_SECONDS):
            await make_next_runs(client, deployment_id)
            runs = await client.read_flow_runs(
                flow_run_filter=_runs_of([deployment_id], "SCHEDULED"),
                sort=FlowRunSort.NEXT_SCHEDULED_START_TIME_ASC,
                limit=1,
            )
    except _GONE:
        return None
    return runs[0].next_scheduled_start_time if runs else None


def _runs_of(deployments: Sequence[UUID], *states: str) -> FlowRunFilter:
    return FlowRunFilter.model_validate(
        {"deployment_id": {"any_": deployments}, "state": {"type": {"any_": states}}}
    )
