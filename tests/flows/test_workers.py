"""A run that two processes draw for: the flow in the test's own process, its workers started by `gristmill
serve`, on a real Prefect server and PostgreSQL.
"""

import asyncio
import logging
import os
import re
import signal
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

import pytest
from prefect import Task
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.states import Pending

from gristmill.db.runs import mark_run
from gristmill.db.sessions import writing
from gristmill.flows import workers as workers_module
from gristmill.flows.jobs.work import work_flow
from gristmill.flows.synthesize_math import synthesize_math
from gristmill.generators.scripted.script import Script
from gristmill.runs.settings.run import RunConfig
from gristmill.runs.store import open_store
from gristmill.sampling.records import RunState
from tests.flows.jobs.flow_runs import PREFECT_WARNS, new_run, said, started, sums_config
from tests.flows.prefect.api import Found, PrefectApi, prefect_api
from tests.flows.prefect.prefect_servers import PrefectServer
from tests.flows.prefect.served_flows import served_flows
from tests.stub.server import StubServer, serve
from tests.support.accounts import account

pytestmark = [pytest.mark.prefect, *PREFECT_WARNS, pytest.mark.full]

_LOOK_SECONDS = 0.2
RUN = "shared"
QUOTA = 4


@pytest.fixture
def shared_place(
    place: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch, server: PrefectServer
) -> tuple[Path, str, str]:
    """A working directory, its store in PostgreSQL, and Prefect's API."""
    monkeypatch.setenv("GRISTMILL_DATABASE_URL", postgres_url)
    monkeypatch.setattr(workers_module, "POLL_SECONDS", 0.5)
    monkeypatch.setattr(
        workers_module, "INLINE_WORKER_SECONDS", 3600.0
    )  # on a slow machine workers begin late
    return place, postgres_url, server.api


@asynccontextmanager
async def workers_served(place: Path, store_url: str, api: str, **more: str) -> AsyncIterator[None]:
    """`gristmill serve` with the one deployment that workers are runs of; `more` is of its environment."""
    work = "gristmill.flows.jobs.work.work_flow"
    async with (
        served_flows(place, store_url, api, "work", None, entrypoint=work, **more),
        prefect_api(api) as served,
    ):
        await served.deployment(workers_module.DEPLOYMENT)
        yield


def a_config(place: Path, stub: StubServer, problems: int) -> RunConfig:
    return sums_config(place, stub, problems=problems, quota=QUOTA, ceiling=60)


async def workers_of(api: PrefectApi, flow_run_id: UUID) -> list[Found]:
    parent = {"parent_flow_run_id": {"any_": [str(flow_run_id)]}}
    return await api.find("flow_runs", flow_runs=parent)


async def until_workers(api: PrefectApi, flow_run: FlowRun, *states: str) -> list[Found]:
    """The flow run's two workers, once each is in one of these states."""
    while True:
        found = await workers_of(api, flow_run.id)
        if [run["state_type"] in states for run in found] == [True, True]:
            return found
        await asyncio.sleep(_LOOK_SECONDS)


async def test_two_workers_finish_a_run_and_draw_nothing_twice(shared_place: tuple[Path, str, str]) -> None:
    place, store_url, api_url = shared_place
    async with (
        serve(StubServer(Script(latency_seconds=0.25, sigma=0))) as stub,
        workers_served(place, store_url, api_url),
        prefect_api(api_url, stub) as api,
    ):
        given = {"config": a_config(place, stub, 40), "run_id": RUN, "workers": 2}
        flow_run = await new_run(synthesize_math, given)
        state = await started(synthesize_math, flow_run, given)
        assert state.type is StateType.COMPLETED, state.message
        workers = await until_workers(api, flow_run, "COMPLETED")
    attempts = [attempts_said(run) for run in workers]
    assert min(attempts) > 0, attempts
    found = account(store_url, RUN)
    assert found.state == "finished"
    assert sum(attempts) == len(found.rows) == found.attempts
    asked = Counter((one.problem, one.seed) for one in stub.gauge.asked)
    assert asked.keys() == found.rows.keys()
    assert set(asked.values()) == {1}
    accepted = Counter(problem for (problem, _), row in found.rows.items() if row.outcome.value == "accepted")
    assert len(accepted) == 40
    assert min(accepted.values()) >= QUOTA


def attempts_said(run: Found) -> int:
    said = re.match(r"([\d,]+) attempts and 0 failures", run["state"]["message"])
    assert said is not None, run["state"]["message"]
    return int(said[1].replace(",", ""))


async def test_workers_that_take_turns_at_the_runs_server_draw_and_are_cancelled_with_the_run(
    shared_place: tuple[Path, str, str],
) -> None:
    place, store_url, api_url = shared_place
    async with (
        serve(StubServer(Script(latency_seconds=0.5, sigma=0))) as stub,
        workers_served(place, store_url, api_url, GRISTMILL_SERVERS=stub.url),
        prefect_api(api_url, stub) as api,
    ):
        given = {"config": a_config(place, stub, 1_000), "run_id": RUN, "workers": 2}
        flow_run = await new_run(synthesize_math, given)
        running = asyncio.ensure_future(started(synthesize_math, flow_run, given))
        await until_workers(api, flow_run, "RUNNING")
        await stub.gauge.until(lambda gauge: gauge.requests >= 20)
        assert stub.gauge.max_in_flight <= 4  # one of the two: the other waits for its turn
        os.kill(os.getpid(), signal.SIGTERM)
        state = await running
        assert state.type is StateType.CANCELLED, state.message
        assert state.message == f"{RUN} was interrupted; it goes on under its id"
        await until_workers(api, flow_run, "CANCELLED")
    found = account(store_url, RUN)
    assert found.state == "interrupted"
    assert found.rows.keys() == {(one.problem, one.seed) for one in stub.gauge.asked if one.answered}


async def test_a_run_that_is_started_anew_goes_on_with_its_workers_and_ends_without_those_that_never_began(
    shared_place: tuple[Path, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    place, _, api_url = shared_place
    monkeypatch.setattr(workers_module, "SAY_SECONDS", 0.0)
    async with serve(StubServer()) as stub, prefect_api(api_url, stub) as api:
        given = {"config": a_config(place, stub, 4), "run_id": RUN, "workers": 2}
        flow_run = await new_run(synthesize_math, given)
        former = await a_worker_that_nobody_starts(flow_run)
        with said("waiting for 2 workers to begin") as waits:
            running = asyncio.ensure_future(started(synthesize_math, flow_run, given))
            workers = await until_workers(api, flow_run, "SCHEDULED")
            await waits.wait()
        assert str(former) in {run["id"] for run in workers}
        with monkeypatch.context() as away, said("Prefect does not tell", logging.WARNING) as is_said:
            away.setattr(workers_module, "_CALL_SECONDS", 0.0)
            await is_said.wait()  # it is a warning, and the run waits
        with open_store() as engine, writing(engine) as session:
            mark_run(session, RUN, RunState.FINISHED, elapsed_seconds=1.0)
        state = await running
        assert state.type is StateType.COMPLETED, state.message
        await until_workers(api, flow_run, "CANCELLED")


async def test_a_run_whose_workers_find_no_place_draws_by_itself(
    shared_place: tuple[Path, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    place, store_url, api_url = shared_place
    monkeypatch.setattr(workers_module, "INLINE_WORKER_SECONDS", 0.0)
    async with serve(StubServer()) as stub, prefect_api(api_url, stub) as api:
        flow_run, given = await a_run_without_a_place(place, stub, 20)
        state = await started(synthesize_math, flow_run, given)
        assert state.type is StateType.COMPLETED, state.message
        await until_workers(api, flow_run, "CANCELLED")
    found = account(store_url, RUN)
    assert found.state == "finished"
    assert found.rows.keys() == {(one.problem, one.seed) for one in stub.gauge.asked}


async def test_a_run_that_draws_by_itself_lands_what_is_in_flight_when_it_is_cancelled(
    shared_place: tuple[Path, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    place, store_url, api_url = shared_place
    monkeypatch.setattr(workers_module, "INLINE_WORKER_SECONDS", 0.0)
    slow = StubServer(Script(latency_seconds=0.5, sigma=0))
    async with serve(slow) as stub, prefect_api(api_url, stub) as api:
        flow_run, given = await a_run_without_a_place(place, stub, 1_000)
        running = asyncio.ensure_future(started(synthesize_math, flow_run, given))
        await stub.gauge.until(lambda gauge: gauge.requests >= 20)
        os.kill(os.getpid(), signal.SIGTERM)
        state = await running
        assert state.type is StateType.CANCELLED, state.message
        await until_workers(api, flow_run, "CANCELLED")
    found = account(store_url, RUN)
    assert found.state == "interrupted"
    assert found.rows.keys() == {(one.problem, one.seed) for one in stub.gauge.asked}


async def test_what_ends_a_run_that_draws_by_itself_is_the_reason_that_it_gives(
    shared_place: tuple[Path, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    place, _, api_url = shared_place
    async with serve(StubServer()) as stub, prefect_api(api_url, stub) as api:
        flow_run, given = await a_run_without_a_place(place, stub, 4)
        running = asyncio.ensure_future(started(synthesize_math, flow_run, given))
        await until_workers(api, flow_run, "SCHEDULED")
        stub.api_key = "not ours"
        monkeypatch.setattr(workers_module, "INLINE_WORKER_SECONDS", 0.0)
        state = await running
        assert state.type is StateType.FAILED, state.message
        assert "OPENAI_API_KEY" in str(state.message)
        await until_workers(api, flow_run, "CANCELLED")


async def a_run_without_a_place(
    place: Path, stub: StubServer, problems: int
) -> tuple[FlowRun, dict[str, object]]:
    """A flow run of two workers that nobody starts, and its parameters."""
    given: dict[str, object] = {"config": a_config(place, stub, problems), "run_id": RUN, "workers": 2}
    flow_run = await new_run(synthesize_math, given)
    await a_worker_that_nobody_starts(flow_run)
    return flow_run, given


async def a_worker_that_nobody_starts(parent: FlowRun) -> UUID:
    """What a start of the flow run leaves that was killed after its first worker."""
    async with get_client() as client:
        made = await client.create_deployment(await client.create_flow(work_flow), "work")
        task_run = await client.create_task_run(
            Task(fn=lambda: None, name=workers_module.DEPLOYMENT), parent.id, "0", state=Pending()
        )
        worker = await client.create_flow_run_from_deployment(
            made, parameters={"job": {"run_id": RUN}}, parent_task_run_id=task_run.id
        )
        return worker.id
