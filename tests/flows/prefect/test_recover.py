"""Runs that an earlier `gristmill serve` left, on a real server: what becomes of each."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from prefect import flow
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import State
from prefect.states import Cancelled, Cancelling, Completed, Crashed, Pending, Running

from gristmill.flows.deploy.automations import GO_ON, MOST_STARTS, install_automations
from gristmill.flows.deploy.prefect_yaml import TAG
from gristmill.flows.flow_runs import crashes
from gristmill.flows.serve import recover
from gristmill.flows.serve.recover import recover_orphaned_runs
from tests.flows.prefect.prefect_servers import PrefectServer
from tests.flows.prefect.processes import until

pytestmark = [
    pytest.mark.prefect,
    pytest.mark.skipif(sys.platform != "linux", reason="no /proc to look at"),
    pytest.mark.full,
]
GOING_ON = "going on with 1 run of an earlier `gristmill serve` that was killed"


@flow(name="left")
async def left() -> None:
    """Is never run here: its runs' states are set by hand."""


@pytest.fixture(autouse=True)
async def looks_at_once(client: PrefectClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recover, "_EVENT_SECONDS", 0.0)
    monkeypatch.setattr(recover, "_LOOK_SECONDS", 0.05)
    await install_automations(client)


@pytest.fixture
async def deployment(client: PrefectClient) -> UUID:
    return await deployed(client, TAG)


async def deployed(client: PrefectClient, tag: str) -> UUID:
    return await client.create_deployment(await client.create_flow(left), f"left-{uuid4().hex}", tags=[tag])


async def left_run(client: PrefectClient, deployment: UUID, *states: State) -> UUID:
    run = (await client.create_flow_run_from_deployment(deployment)).id
    for state in states:
        await client.set_flow_run_state(run, state, force=True)
    return run


async def state_names(client: PrefectClient, run: UUID) -> list[str | None]:
    states = await client.read_flow_run_states(run)
    return [state.name for state in sorted(states, key=lambda state: state.timestamp)][1:]


@contextmanager
def a_process_of(run: UUID) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(
        [sys.executable, "-c", "input()"],
        stdin=subprocess.PIPE,
        env={**os.environ, "PREFECT__FLOW_RUN_ID": str(run)},
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize(
    ("states", "then", "says"),
    [
        ([Pending(), Running()], ["Killed", "AwaitingRetry"], [GOING_ON]),
        ([Pending()], ["AwaitingRetry"], [GOING_ON]),
        ([Pending(), Running(), Cancelling()], ["Cancelled"], []),
        ([Pending(), Running(), Completed()], [], []),
        ([Pending(), *([Running()] * MOST_STARTS)], ["Crashed"], []),
    ],
)
async def test_what_is_dead_is_marked_so_that_it_goes_on_as_the_same_flow_run(
    client: PrefectClient, deployment: UUID, states: Sequence[State], then: list[str], says: list[str]
) -> None:
    run = await left_run(client, deployment, *states)
    before = await state_names(client, run)
    said: list[str] = []
    await recover_orphaned_runs(client, [deployment], datetime.now(UTC), said.append)
    assert await state_names(client, run) == [*before, *then]
    assert said == says
    if "Killed" in then:
        assert crashes(await client.read_flow_run_states(run)) == 1


async def test_where_it_is_not_known_that_they_are_dead_they_stay(
    client: PrefectClient, deployment: UUID
) -> None:
    before = datetime.now(UTC)
    run = await left_run(client, deployment, Pending(), Running())
    for since in (None, before):
        await recover_orphaned_runs(client, [deployment], since, print)
    assert await state_names(client, run) == ["Pending", "Running"]


async def test_one_that_nothing_would_start_again_is_marked_and_stays_so(client: PrefectClient) -> None:
    theirs = await deployed(client, "theirs")
    run = await left_run(client, theirs, Pending(), Running())
    await recover_orphaned_runs(client, [theirs], datetime.now(UTC), print)
    assert await state_names(client, run) == ["Pending", "Running", "Crashed"]


async def test_the_switch_of_the_automation_is_heeded(client: PrefectClient, deployment: UUID) -> None:
    run = await left_run(client, deployment, Pending(), Running())
    (switch,) = await client.read_automations_by_name(GO_ON.name)
    await client.pause_automation(switch.id)
    try:
        await recover_orphaned_runs(client, [deployment], datetime.now(UTC), print)
    finally:
        await client.resume_automation(switch.id)
    assert (await state_names(client, run))[:3] == ["Pending", "Running", "Crashed"]


@pytest.mark.parametrize("asked", [False, True])
async def test_one_that_lives_is_waited_for_and_goes_on_unless_a_person_cancelled_it(
    client: PrefectClient, deployment: UUID, asked: bool
) -> None:
    living = await left_run(client, deployment, Pending(), Running())
    await left_run(client, deployment, Pending(), Running())
    said: list[str] = []
    with a_process_of(living) as process:
        async with asyncio.TaskGroup() as group:
            now = datetime.now(UTC)
            group.create_task(recover_orphaned_runs(client, [deployment], now, said.append))
            await until(lambda: bool(said))  # the other one
            assert await state_names(client, living) == ["Pending", "Running"]
            if asked:
                await client.set_flow_run_state(living, Cancelling())
            await client.set_flow_run_state(living, Cancelled())
            process.kill()
    last = (await client.read_flow_run(living)).state
    assert last is not None
    assert last.name == ("Cancelled" if asked else "AwaitingRetry")
    assert said == [GOING_ON] * (1 if asked else 2)


async def test_one_that_was_cancelled_by_nobody_before_it_was_looked_for_goes_on(
    client: PrefectClient, deployment: UUID
) -> None:
    run = await left_run(client, deployment, Pending(), Running())
    before = datetime.now(UTC)
    await client.set_flow_run_state(run, Cancelled())
    await recover_orphaned_runs(client, [deployment], before, print)
    assert (await state_names(client, run))[2:] == ["Cancelled", "AwaitingRetry"]


async def test_a_crash_of_a_run_that_went_on_is_not_held_back_by_what_the_server_forgot(
    client: PrefectClient, deployment: UUID, server: PrefectServer
) -> None:
    run = await left_run(client, deployment, Pending(), Running())
    server.kill()
    before = datetime.now(UTC)
    await asyncio.to_thread(server.start)
    await recover_orphaned_runs(client, [deployment], before, print)
    again: list[State] = [Pending(), Running(), Crashed()]
    for state in again:
        await client.set_flow_run_state(run, state, force=True)
    async with asyncio.timeout(600):  # Prefect would take 15 minutes
        names = await names_after_return(client, run, times=2)
    assert [name for name in names if name in ("Killed", "Crashed", "AwaitingRetry")][:4] == [
        "Killed",
        "AwaitingRetry",
        "Crashed",
        "AwaitingRetry",
    ]


async def names_after_return(client: PrefectClient, run: UUID, times: int) -> list[str | None]:
    """Of its states, once it is back in its queue for that time."""
    while True:
        names = await state_names(client, run)
        if names.count("AwaitingRetry") >= times:
            return names
        await asyncio.sleep(0.1)
