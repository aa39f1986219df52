"""Runs that the end of `gristmill serve` stopped go back into their queue, on a real server."""

import pytest
from prefect import flow
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun, State
from prefect.states import Cancelled, Pending, Running

from gristmill.flows.serve import serve as serve_module
from gristmill.flows.serve.serve import _put_back
from tests.flows.prefect.prefect_servers import PrefectServer

pytestmark = [pytest.mark.prefect, pytest.mark.full]


@flow(name="stopped")
async def stopped() -> None:
    """Is never run here: its runs' states are set by hand."""


async def stopped_run(client: PrefectClient) -> FlowRun:
    deployment = await client.create_deployment(await client.create_flow(stopped), "stopped")
    run = await client.create_flow_run_from_deployment(deployment)
    states: list[State] = [Pending(), Running(), Cancelled()]
    for state in states:
        await client.set_flow_run_state(run.id, state, force=True)
    return run


async def state_name(client: PrefectClient, run: FlowRun) -> str | None:
    state = (await client.read_flow_run(run.id)).state
    return None if state is None else state.name


async def test_one_that_the_server_does_not_know_any_more_leaves_the_others_none_the_worse(
    client: PrefectClient,
) -> None:
    runs = [await stopped_run(client) for _ in range(3)]
    await client.delete_flow_run(runs[1].id)
    await _put_back(client, runs)
    assert [await state_name(client, run) for run in (runs[0], runs[2])] == ["AwaitingRetry"] * 2


async def test_a_server_that_does_not_answer_holds_up_the_end_no_longer_for_many_runs(
    client: PrefectClient, server: PrefectServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = [await stopped_run(client) for _ in range(3)]
    monkeypatch.setattr(serve_module, "_ANSWER_SECONDS", 3600.0)
    monkeypatch.setattr(serve_module, "_PUT_BACK_SECONDS", 0.1)
    with server.frozen():
        await _put_back(client, runs)
    assert {await state_name(client, run) for run in runs} == {"Cancelled"}
