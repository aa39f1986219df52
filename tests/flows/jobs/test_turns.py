"""Runs that take turns at an inference server, by a real Prefect server's limits."""

import asyncio
from pathlib import Path
from uuid import UUID

import pytest
from prefect import flow
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import GlobalConcurrencyLimitUpdate
from prefect.client.schemas.objects import ConcurrencyLeaseHolder

from gristmill.flows import server_slots as slots_module
from gristmill.flows.server_slots import LEASE_LABEL, limit_name, server_slots
from gristmill.flows.synthesize_math import synthesize_math
from gristmill.generators.scripted.script import Script
from tests.flows.jobs.flow_runs import PREFECT_WARNS, new_run, ran, started, sums_config
from tests.stub.server import StubServer, serve

pytestmark = [pytest.mark.prefect, *PREFECT_WARNS, pytest.mark.full]


async def two_runs(place: Path, stub: StubServer) -> None:
    """At once, on one server, each of which keeps it busy with four requests at a time."""
    config = sums_config(place, stub)
    both = [{"config": config, "run_id": name} for name in ("first", "second")]
    runs = [await new_run(synthesize_math, parameters) for parameters in both]
    pairs = zip(runs, both, strict=True)
    states = await asyncio.gather(*(started(synthesize_math, run, given) for run, given in pairs))
    assert [state.is_completed() for state in states] == [True, True], states


async def slots_of(stub: StubServer) -> tuple[int, int]:
    """Of the server's limit: how many there are, and how many are taken."""
    async with get_client() as client:
        limit = await client.read_global_concurrency_limit_by_name(limit_name(stub.url))
    return limit.limit, limit.active_slots


async def test_two_runs_on_one_server_take_turns(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slots_module, "POLL_SECONDS", 0.2)
    async with serve(StubServer(Script(latency_seconds=0.05, sigma=0))) as stub:
        await two_runs(place, stub)
        assert stub.gauge.max_in_flight <= 4
        assert await slots_of(stub) == (1, 0)


async def test_a_limit_that_a_person_set_is_left_alone(place: Path) -> None:
    server, both = "http://gpu-7:8000/v1", asyncio.Barrier(2)

    @flow(name="holding")
    async def hold() -> None:
        async with server_slots([server]), asyncio.timeout(600):
            await both.wait()

    async with get_client() as client:
        await client.upsert_global_concurrency_limit_by_name(limit_name(server), 2)
        await asyncio.gather(hold(), hold())
        limit = await client.read_global_concurrency_limit_by_name(limit_name(server))
    assert (limit.limit, limit.active_slots) == (2, 0)


async def test_a_run_that_misses_nothing_does_not_wait_for_its_turn(place: Path) -> None:
    async with serve(StubServer()) as stub:
        parameters = {"config": sums_config(place, stub), "run_id": "done"}
        await ran(synthesize_math, parameters)
        async with get_client() as client:
            await client.update_global_concurrency_limit(
                limit_name(stub.url), GlobalConcurrencyLimitUpdate(limit=0)
            )
        again = await ran(synthesize_math, parameters)
        assert again.is_completed()


async def test_a_slot_that_the_killed_process_of_a_run_held_is_given_back_at_its_next_start(
    place: Path,
) -> None:
    async with serve(StubServer()) as stub:
        parameters = {"config": sums_config(place, stub), "run_id": "killed"}
        flow_run = await new_run(synthesize_math, parameters)
        await held_by(flow_run.id, stub)
        assert await slots_of(stub) == (1, 1)
        assert (await started(synthesize_math, flow_run, parameters)).is_completed()
        assert await slots_of(stub) == (1, 0)


async def held_by(flow_run_id: UUID, stub: StubServer) -> None:
    """What a flow run leaves that is killed as it holds the server's slot."""
    limit = limit_name(stub.url)
    async with get_client() as client:
        await client.upsert_global_concurrency_limit_by_name(limit, 1)
        holder = ConcurrencyLeaseHolder(type="flow_run", id=flow_run_id)
        reply = await client.increment_concurrency_slots_with_lease(
            [limit],
            1,
            "concurrency",
            3600.0,
            holder,  # longer than a test may take
        )
        await client.update_flow_run_labels(flow_run_id, {LEASE_LABEL: reply.json()["lease_id"]})
