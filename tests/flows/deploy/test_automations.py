"""The automations on a real server: installed once, left as people set them, doing what they say."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import pytest
from prefect import flow
from prefect.client.orchestration import PrefectClient
from prefect.events import emit_event
from prefect.events.clients import get_events_subscriber
from prefect.events.filters import EventFilter, EventNameFilter, EventResourceFilter
from prefect.events.schemas.automations import Automation
from prefect.states import Crashed, Pending, Running

from gristmill.flows.deploy.automations import (
    GO_ON,
    MARK_DEAD,
    MOST_STARTS,
    PAUSE_ON_DROP,
    install_automations,
)
from gristmill.flows.deploy.prefect_yaml import TAG

pytestmark = [pytest.mark.prefect, pytest.mark.full]
NAMES = [MARK_DEAD.name, GO_ON.name, PAUSE_ON_DROP.name]


@flow(name="nothing")
async def nothing() -> None:
    """Is never run here: its runs' states are set by hand."""


@pytest.fixture(autouse=True)
async def installed(client: PrefectClient) -> None:
    await install_automations(client)


async def test_installing_again_changes_nothing(client: PrefectClient) -> None:
    before = [await one(client, name) for name in NAMES]
    await install_automations(client)
    assert [await one(client, name) for name in NAMES] == before
    assert [automation.enabled for automation in before] == [True, True, False]


async def test_what_differs_is_updated_and_what_a_person_switched_off_stays_off(
    client: PrefectClient,
) -> None:
    known = await one(client, GO_ON.name)
    await client.update_automation(
        known.id, GO_ON.model_copy(update={"description": "old", "enabled": False})
    )
    await install_automations(client)
    now = await one(client, GO_ON.name)
    assert (now.id, now.enabled, now.description) == (known.id, False, GO_ON.description)
    await client.resume_automation(known.id)


async def test_a_crashed_run_goes_back_into_its_queue_as_the_same_flow_run(client: PrefectClient) -> None:
    run = await begun(client, await deployed(client), starts=1)
    async with coming("prefect.flow-run.AwaitingRetry", run):
        await client.set_flow_run_state(run, Crashed())
    again = (await client.read_flow_run(run)).state
    assert again is not None
    assert (again.name, again.is_scheduled()) == ("AwaitingRetry", True)


@pytest.mark.parametrize(("starts", "tag"), [(0, TAG), (MOST_STARTS, TAG), (1, "theirs")])
async def test_a_run_that_never_began_or_crashed_too_often_or_is_not_ours_stays_crashed(
    client: PrefectClient, starts: int, tag: str
) -> None:
    run = await begun(client, await deployed(client, tag), starts)
    witness = await begun(client, await deployed(client), starts=MOST_STARTS - 1)
    async with coming("prefect.flow-run.AwaitingRetry", witness):  # events are looked at one after the other
        await client.set_flow_run_state(run, Crashed())
        await client.set_flow_run_state(witness, Crashed())
    state = (await client.read_flow_run(run)).state
    assert state is not None
    assert state.name == "Crashed"


async def test_a_drop_of_acceptance_pauses_the_deployment_once_that_is_switched_on(
    client: PrefectClient,
) -> None:
    deployment = await deployed(client)
    await install_automations(client, pause_on_drop=True)
    switch = await one(client, PAUSE_ON_DROP.name)
    assert switch.enabled
    async with coming("prefect.automation.action.executed", f"prefect.automation.{switch.id}"):
        emit_event(
            "gristmill.acceptance.dropped",
            resource={"prefect.resource.id": "gristmill.run.r1", "prefect.resource.name": "r1"},
            related=[
                {
                    "prefect.resource.id": f"prefect.deployment.{deployment}",
                    "prefect.resource.role": "deployment",
                }
            ],
        )
    assert (await client.read_deployment(deployment)).paused
    await install_automations(client)
    assert (await one(client, PAUSE_ON_DROP.name)).enabled


@asynccontextmanager
async def coming(event: str, about: UUID | str) -> AsyncIterator[None]:
    """Waits after the block for an event about a flow run, or about a resource by its whole id."""
    resource = f"prefect.flow-run.{about}" if isinstance(about, UUID) else about
    wanted = EventFilter(event=EventNameFilter(name=[event]), resource=EventResourceFilter(id=[resource]))
    async with get_events_subscriber(filter=wanted) as events:
        yield
        async for _ in events:
            return


async def one(client: PrefectClient, name: str) -> Automation:
    (found,) = await client.read_automations_by_name(name)
    return found


async def deployed(client: PrefectClient, tag: str = TAG) -> UUID:
    flow_id = await client.create_flow(nothing)
    return await client.create_deployment(flow_id, f"nothing-{uuid4().hex}", tags=[tag])


async def begun(client: PrefectClient, deployment: UUID, starts: int) -> UUID:
    """A run of the deployment that was started so many times."""
    run = (await client.create_flow_run_from_deployment(deployment)).id
    for _ in range(starts):
        await client.set_flow_run_state(run, Pending(), force=True)
        await client.set_flow_run_state(run, Running(), force=True)
    return run
