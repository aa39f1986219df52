"""Flow runs that are cancelled, on a real Prefect server: each gets SIGTERM as its process would, twice, and
says that it was cancelled, with all that landed in the store.
"""

import asyncio
import os
import signal
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any
from uuid import UUID, uuid4

import pytest
from prefect import Flow, flow
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import State, StateType
from prefect.states import Cancelled, Completed, Crashed

from gristmill.db.exports.log import list_exports
from gristmill.db.sessions import reading
from gristmill.exports.export import OnProgress, export
from gristmill.exports.settings import ExportSettings, FilterSettings
from gristmill.flows import flow_runs, lifecycle
from gristmill.flows import workers as workers_module
from gristmill.flows.jobs.export import ExportJob, export_in_thread
from gristmill.flows.jobs.top_up import TopUpJob, top_up_flow
from gristmill.flows.jobs.work import WorkJob, work_flow
from gristmill.flows.lifecycle import with_retries
from gristmill.flows.server_slots import limit_name
from gristmill.flows.synthesize_math import synthesize_math
from gristmill.runs.cancellation import StopRequest, stop_on_signals
from gristmill.runs.settings.run import RunConfig
from gristmill.runs.store import open_store
from tests.flows.jobs.flow_runs import PREFECT_WARNS, ended_before, new_run, ran, said, started, sums_config
from tests.flows.prefect.prefect_servers import PrefectServer
from tests.stub.faults import Fault, FaultKind, at_first
from tests.stub.server import StubServer
from tests.support.accounts import account

pytestmark = [pytest.mark.prefect, *PREFECT_WARNS, pytest.mark.full]

SOON_SECONDS = 600.0
"""Far less than the hour of grace and of pauses that a stop which is not heard would take."""
ANSWERED = 9
Reached = Callable[[], Any]


def hangs(number: int) -> Fault | None:
    return None if number < ANSWERED else Fault(FaultKind.HANG)


def patient(config: RunConfig) -> RunConfig:
    """With a grace that no cancelled flow run has."""
    return config.model_copy(update={"run": config.run.model_copy(update={"grace_seconds": 3600.0})})


async def cancelled(job_flow: Flow[..., Any], given: Mapping[str, Any], reached: Reached) -> State[Any]:
    """How the flow run ends that is cancelled as soon as that is reached."""
    running = asyncio.ensure_future(ran(job_flow, given))
    reaching = asyncio.ensure_future(reached())
    await asyncio.wait((running, reaching), return_when=asyncio.FIRST_COMPLETED)
    assert reaching.done()
    await reaching
    since = time.monotonic()
    for _ in range(2):
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.sleep(0)
    state = await running
    assert state.type is StateType.CANCELLED, state
    assert time.monotonic() - since < SOON_SECONDS
    return state


def assert_kept(place: Path, stub: StubServer, run_id: str) -> None:
    found = account(f"sqlite:///{place / 'store.db'}", run_id)
    assert found.state == "interrupted"
    assert found.rows.keys() == {(asked.problem, asked.seed) for asked in stub.gauge.asked if asked.answered}
    assert len(found.rows) == ANSWERED


async def all_in_flight_hang(stub: StubServer) -> None:
    await stub.gauge.until(lambda gauge: gauge.requests >= ANSWERED + 4)


async def test_a_top_up_keeps_what_landed_and_goes_on_by_the_same_job(place: Path, stub: StubServer) -> None:
    job = TopUpJob(config=patient(sums_config(place, stub)))
    stub.schedule = hangs
    state = await cancelled(top_up_flow, {"job": job}, partial(all_in_flight_hang, stub))
    run_id = job.asked.run_id
    assert state.message == f"stopped: nothing was exported; run {run_id} goes on by the same job"
    assert_kept(place, stub, run_id)
    assert not (place / "exports").exists()
    stub.schedule = at_first(())
    again = await ran(top_up_flow, {"job": job})
    assert again.message is not None
    assert again.message.endswith(f"exports/{run_id}-v1: 12 rows from 6 problems")


async def test_a_worker_keeps_what_landed(place: Path, stub: StubServer) -> None:
    given = {"config": patient(sums_config(place, stub)), "run_id": "shared"}
    stub.schedule = hangs
    state = await cancelled(synthesize_math, given, partial(all_in_flight_hang, stub))
    assert state.message == "shared was interrupted; it goes on under its id"
    assert_kept(place, stub, "shared")
    before = stub.gauge.requests
    stub.schedule = lambda number: Fault(FaultKind.HANG)

    async def asked_again() -> None:
        await stub.gauge.until(lambda gauge: gauge.requests >= before + 4)

    state = await cancelled(work_flow, {"job": WorkJob(run_id="shared")}, asked_again)
    assert state.message == "0 attempts and 0 failures in shared, which was interrupted"
    assert_kept(place, stub, "shared")


async def test_a_run_that_waits_for_its_turn_is_dropped_before_it_begins(
    place: Path, stub: StubServer
) -> None:
    async with get_client() as client:
        await client.upsert_global_concurrency_limit_by_name(limit_name(stub.url), 0)
    given = {"config": sums_config(place, stub), "run_id": "waits"}
    with said("waiting for a slot") as waits:
        state = await cancelled(synthesize_math, given, waits.wait)
    assert state.message == "waits was stopped before it began"
    assert stub.gauge.requests == 0


@pytest.mark.parametrize(("end", "times"), [(Cancelled(), 4), (Crashed(), 1)])
async def test_what_is_asked_of_prefect_before_the_beginning_holds_up_no_stop(
    place: Path, server: PrefectServer, monkeypatch: pytest.MonkeyPatch, end: State[Any], times: int
) -> None:
    monkeypatch.setattr(flow_runs, "_PREFECT_SECONDS", 3600.0)
    asking = asyncio.Event()

    async def begun() -> State[Any]:
        raise AssertionError("it was stopped before")

    @flow(name="asks", persist_result=False)
    async def asks() -> State[Any]:
        asking.set()
        with server.frozen():
            return await with_retries(ExportJob(), begun, stops_by_itself=True)

    flow_run = await new_run(asks, {})
    await ended_before(flow_run, end, times)
    with stop_on_signals(StopRequest(second_ends=False)):  # hears what the flow does not: it would end pytest
        running = asyncio.ensure_future(started(asks, flow_run, {}))
        await asking.wait()
        os.kill(os.getpid(), signal.SIGTERM)
        async with asyncio.timeout(SOON_SECONDS):
            state = await running
    assert (state.type, state.message) == (StateType.CANCELLED, "it was cancelled")


async def test_a_worker_that_prefect_does_not_know_leaves_no_other_drawing(
    place: Path, caplog: pytest.LogCaptureFixture
) -> None:
    @flow(name="cancels", persist_result=False)
    async def cancels(workers: list[UUID]) -> None:
        await workers_module._cancel(workers)

    workers = [(await new_run(work_flow, {"job": WorkJob(run_id="shared")})).id for _ in range(2)]
    await cancels([uuid4(), *workers])
    async with get_client() as client:
        states = [(await client.read_flow_run(worker)).state for worker in workers]
    assert [state and state.type for state in states] == [StateType.CANCELLING] * 2
    told = [record for record in caplog.records if "may not have been cancelled" in record.getMessage()]
    assert len(told) == 1


async def test_a_pause_before_the_next_try_ends(
    place: Path, stub: StubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lifecycle, "PAUSE_SECONDS", (3600.0, 3600.0))
    stub.loading = 1000  # it lists no model
    given = {"config": sums_config(place, stub), "run_id": "pauses"}
    with said("it goes on in 3600 seconds") as pauses:
        state = await cancelled(synthesize_math, given, pauses.wait)
    assert state.message == "pauses was interrupted; it goes on under its id"


async def test_an_export_leaves_nothing(place: Path, stub: StubServer) -> None:
    given = {"config": sums_config(place, stub), "run_id": "sums"}
    await ran(synthesize_math, given)
    settings = ExportSettings(filter=FilterSettings(runs=("sums",)))
    cutting, go_on = asyncio.Event(), Event()
    loop = asyncio.get_running_loop()

    def work(watch: OnProgress) -> None:
        def slow(done: int, problems: int, rows: int) -> None:
            loop.call_soon_threadsafe(cutting.set)
            assert go_on.wait(60)
            watch(done, problems, rows)

        with open_store() as engine:
            export(engine, settings, place / "out", on_progress=slow)

    async def cut_all() -> State[Any]:
        await export_in_thread(work)
        return Completed()

    @flow(name="cut", persist_result=False)
    async def cut() -> State[Any]:
        return await with_retries(ExportJob(), cut_all)

    async def under_way() -> None:
        await cutting.wait()
        assert len(drafts(place)) == 1
        loop.call_later(0.2, go_on.set)

    await cancelled(cut, {}, under_way)
    assert drafts(place) == []
    with open_store() as engine, reading(engine) as session:
        assert list_exports(session) == []


def drafts(place: Path) -> list[Path]:
    """Whatever there is of the export `out`."""
    return list(place.glob("*out*"))
