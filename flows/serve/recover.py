"""Recovery of flow runs that an earlier `gristmill serve` left under way when it was killed.

Prefect itself would wait until heartbeats are missing. Whoever has started the server, and knows that nobody
else has (`gristmill.flows.serve.lock`), need not: what was under way before and has no process is dead. Its
state becomes `Killed`, a crash by another name, which counts as one; then it goes back into its queue, unless
a person has switched off the automation for crashed runs. A run that was told to end with its `serve` lives
on for a while, and then tells the new server that it was cancelled; nobody asked for that: it goes on, too.

Two things of Prefect's must be known. It holds back the event of a change of state until it has had that of
the change before, for 15 minutes where the two are less than five apart, and a server that is started anew
has forgotten what the one before had: it is told again, since an event goes by its id, which is the state's.
And the automation that marks dead runs may be about to: the same event makes it do so now, or not at all.

Limits. A run's process is known by its environment in /proc: elsewhere nothing is done, nor is anything where
the server's database is not a file, and so may be another machine's, too.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from uuid import UUID

import httpx
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import FlowRunFilter
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.client.schemas.responses import SetStateStatus
from prefect.exceptions import PrefectException
from prefect.settings import PREFECT_API_DATABASE_CONNECTION_URL
from prefect.states import AwaitingRetry, Cancelled, Crashed

from gristmill.flows.deploy.automations import GO_ON, MOST_STARTS
from gristmill.flows.deploy.prefect_yaml import TAG

KILLED = "Killed"

_PROC = Path("/proc")
_VARIABLE = b"PREFECT__FLOW_RUN_ID="
"""The environment variable by which the Runner names a process's flow run."""

_EVENT_SECONDS = 5.0
"""In which the server has acted upon an event."""
_LOOK_SECONDS = 1.0
_ANSWER_SECONDS = 5.0
_LONGEST_SECONDS = 180.0
"""A run that cannot tell its end gives up after a minute; one that lives on then is somebody else's."""

_UNDER_WAY = [StateType.PENDING, StateType.RUNNING, StateType.CANCELLING]
_AWAY = (TimeoutError, httpx.HTTPError, PrefectException)
_WHY = "`gristmill serve` was killed, and this run with it"


@dataclass(frozen=True, slots=True)
class _Orphan:
    """A flow run that an earlier `serve` left. `state` is the last one that its server had."""

    id: UUID
    state: State
    may_restart: bool


async def recover_orphaned_runs(
    client: PrefectClient, deployments: Sequence[UUID], before: datetime | None, say: Callable[[str], None]
) -> None:
    """Returns when every run that was under way `before` that moment is restarted or seen to be alive, or
    after three minutes. `say` gets a line for those restarted. `before` None: nothing is done.
    """
    if before is None or not _processes_are_visible():
        return
    try:
        async with asyncio.timeout(_ANSWER_SECONDS):
            orphans = await _orphaned(client, deployments, before)
            await _resend_events(client, orphans)
    except _AWAY:
        return  # the missing heartbeats will tell
    until = monotonic() + _LONGEST_SECONDS
    await asyncio.sleep(_EVENT_SECONDS if orphans else 0.0)
    while orphans and monotonic() < until:
        orphans = await _recovered(client, orphans, say)
        await asyncio.sleep(_LOOK_SECONDS if orphans else 0.0)


def _processes_are_visible() -> bool:
    """True where all runs of the server's database are processes of this machine."""
    url = PREFECT_API_DATABASE_CONNECTION_URL.value()
    return _PROC.is_dir() and url is not None and url.startswith("sqlite")


async def _orphaned(client: PrefectClient, deployments: Sequence[UUID], before: datetime) -> list[_Orphan]:
    """Runs under way, and those since marked dead or reported cancelled by their own process."""
    of_ours = {"deployment_id": {"any_": deployments}}
    under_way = {"state": {"type": {"any_": _UNDER_WAY}}}
    ended = {"state": {"type": {"any_": ["CRASHED", "CANCELLED"]}}, "end_time": {"after_": before}}
    found: list[FlowRun] = []
    for condition in (under_way, ended):
        wanted = FlowRunFilter.model_validate(of_ours | condition)
        found += await client.read_flow_runs(flow_run_filter=wanted)
    switches = await client.read_automations_by_name(GO_ON.name)
    on = any(switch.enabled for switch in switches)
    orphans = []
    for run in found:
        state = await _state_before(client, run, before)
        if state is not None and state.type in _UNDER_WAY and run.work_pool_name is None:
            orphans.append(_Orphan(run.id, state, on and TAG in run.tags and run.run_count < MOST_STARTS))
    return orphans


async def _state_before(client: PrefectClient, run: FlowRun, before: datetime) -> State | None:
    """None for a run that began after that moment, or that has been restarted since."""
    states = await client.read_flow_run_states(run.id)
    since = [state for state in states if state.timestamp >= before]
    if any(not (state.is_crashed() or state.is_cancelled()) for state in since):
        return None
    earlier = [state for state in states if state.timestamp < before]
    return max(earlier, key=lambda state: state.timestamp, default=None)


async def _resend_events(client: PrefectClient, orphans: Sequence[_Orphan]) -> None:
    of_ours = {"prefect.resource.id": f"prefect.tag.{TAG}", "prefect.resource.role": "tag"}
    events = [
        {
            "id": str(one.state.id),
            "event": "prefect.flow-run.was-left",
            "occurred": datetime.now(UTC).isoformat(),
            "resource": {"prefect.resource.id": f"prefect.flow-run.{one.id}"},
            "related": [of_ours],
        }
        for one in orphans
    ]
    if events:
        await client.request("POST", "/events", json=events)


async def _recovered(
    client: PrefectClient, orphans: Sequence[_Orphan], say: Callable[[str], None]
) -> list[_Orphan]:
    """Restarts those without a process. Returns those to look at again: alive, or the server is away."""
    alive, again, going_on = await asyncio.to_thread(_running_here), [], 0
    for one in orphans:
        if str(one.id) in alive:
            again.append(one)
            continue
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                going_on += await _mark(client, one)
        except _AWAY:
            again.append(one)
    if going_on:
        runs = f"{going_on} runs" if going_on > 1 else "1 run"
        say(f"going on with {runs} of an earlier `gristmill serve` that was killed")
    return again


def _running_here() -> set[str]:
    """Ids of the flow runs that a process of this machine carries out."""
    found = set()
    for environment in _PROC.glob("[0-9]*/environ"):
        try:
            variables = environment.read_bytes().split(b"\0")
        except OSError:
            continue  # it has ended, or is somebody else's
        found |= {
            one.removeprefix(_VARIABLE).decode("ascii", "replace")
            for one in variables
            if one.startswith(_VARIABLE)
        }
    return found


async def _mark(client: PrefectClient, orphan: _Orphan) -> bool:
    """Sets the states of a run whose process is gone. True if it is restarted."""
    while True:
        now = (await client.read_flow_run(orphan.id)).state
        state = None if now is None else await _next_state(client, orphan, now)
        if state is None:
            return False
        result = await client.set_flow_run_state(orphan.id, state)
        if result.status is not SetStateStatus.ACCEPT:
            return False
        if state.is_scheduled():
            return True


async def _next_state(client: PrefectClient, orphan: _Orphan, now: State) -> State | None:
    """None where it has ended by itself or by the automations."""
    if now.is_cancelling():
        return Cancelled(message=f"{_WHY}; it was to be cancelled.")
    if now.id == orphan.state.id:
        if now.is_pending():
            return AwaitingRetry(message=f"{_WHY} before it began; it begins now.")
        return Crashed(name=KILLED if orphan.may_restart else None, message=f"{_WHY}.")
    if now.is_crashed() and now.name == KILLED:
        return AwaitingRetry(message="It goes on where it stopped.")
    if now.is_cancelled() and not await _cancelled_by_a_person(client, orphan):
        return AwaitingRetry(message=f"{_WHY}; it goes on where it stopped.")
    return None


async def _cancelled_by_a_person(client: PrefectClient, orphan: _Orphan) -> bool:
    """False where the end of its `gristmill serve` ended it."""
    states = await client.read_flow_run_states(orphan.id)
    return any(state.is_cancelling() and state.timestamp >= orphan.state.timestamp for state in states)
