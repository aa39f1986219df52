"""Starts of one flow run, on a real Prefect server: the same run each time, tried again, and not for ever."""

import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.states import Cancelled, Crashed, Scheduled

from gristmill.db.runs import find_run, mark_run
from gristmill.db.sessions import reading, writing
from gristmill.db.tallies import problem_tallies
from gristmill.flows import flow_runs, lifecycle
from gristmill.flows.flow_runs import MOST_CRASHES
from gristmill.flows.jobs.work import WorkJob, work_flow
from gristmill.flows.synthesize_math import synthesize_math
from gristmill.runs.store import open_store
from gristmill.sampling.records import RunState
from tests.flows.jobs.flow_runs import (
    PREFECT_WARNS,
    Parameters,
    ended_before,
    new_run,
    ran,
    started,
    sums_config,
)
from tests.stub.server import StubServer

pytestmark = [pytest.mark.prefect, *PREFECT_WARNS, pytest.mark.full]


def state_of(run_id: str) -> RunState | None:
    with open_store() as engine, reading(engine) as session:
        record = find_run(session, run_id)
    return None if record is None else record.state


def attempts_of(run_id: str) -> int:
    with open_store() as engine, reading(engine) as session:
        return sum(row.tally.attempts for row in problem_tallies(session, run_id))


async def due_run(client: PrefectClient, deployment: str, parameters: Parameters) -> FlowRun:
    """A flow run of a new deployment, due at two in the night, as a person makes one."""
    flow_id = await client.create_flow(synthesize_math)
    made = await client.create_deployment(flow_id, deployment)
    due: State[None] = Scheduled(scheduled_time=datetime(2026, 11, 22, 2, tzinfo=UTC))
    return await client.create_flow_run_from_deployment(made, parameters=dict(parameters), state=due)


async def test_a_run_goes_by_when_it_was_due_and_goes_on_when_it_is_started_again(
    place: Path, stub: StubServer
) -> None:
    parameters = {"config": sums_config(place, stub)}
    async with get_client() as client:
        flow_run = await due_run(client, "nightly-math", parameters)
        run_id = f"nightly-math-20261122-020000-{flow_run.id.hex[-4:]}"
        first = await started(synthesize_math, flow_run, parameters)
        assert (first.type, first.message) == (StateType.COMPLETED, run_id)
        drawn = stub.gauge.requests
        await ended_before(flow_run, Crashed())
        again = await started(synthesize_math, flow_run, parameters)
        assert (await client.read_flow_run(flow_run.id)).name == run_id
    assert (again.type, again.message) == (StateType.COMPLETED, run_id)
    assert stub.gauge.requests == drawn == attempts_of(run_id)


async def test_the_name_of_its_run_is_asked_for_again_where_prefect_is_away(
    place: Path, stub: StubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Back(logging.Handler):
        """Prefect has time to answer again, once it was said that it had not."""

        def emit(self, record: logging.LogRecord) -> None:
            if "Prefect does not tell the deployment's name" in record.getMessage():
                monkeypatch.setattr(flow_runs, "_PREFECT_SECONDS", 60.0)

    monkeypatch.setattr(lifecycle, "PAUSE_SECONDS", (0.0, 0.0))
    monkeypatch.setattr(flow_runs, "_PREFECT_SECONDS", 0.0)
    back, parameters = Back(), {"config": sums_config(place, stub)}
    logging.getLogger().addHandler(back)
    try:
        async with get_client() as client:
            flow_run = await due_run(client, "nightly-away", parameters)
            state = await started(synthesize_math, flow_run, parameters)
    finally:
        logging.getLogger().removeHandler(back)
    run_id = f"nightly-away-20261122-020000-{flow_run.id.hex[-4:]}"
    assert (state.type, state.message) == (StateType.COMPLETED, run_id)


async def test_a_night_that_keeps_crashing_marks_the_run_that_goes_by_it(
    place: Path, stub: StubServer
) -> None:
    parameters = {"config": sums_config(place, stub)}
    async with get_client() as client:
        flow_run = await due_run(client, "nightly-crash", parameters)
    first = await started(synthesize_math, flow_run, parameters)
    assert first.message is not None
    with open_store() as engine, writing(engine) as session:
        mark_run(session, first.message, RunState.RUNNING, elapsed_seconds=1.0)
    await ended_before(flow_run, Crashed(), MOST_CRASHES)
    last = await started(synthesize_math, flow_run, parameters)
    assert last.type is StateType.FAILED
    assert f"crashed {MOST_CRASHES} times" in (last.message or "")
    assert state_of(first.message) is RunState.FAILED


async def test_a_flow_run_that_keeps_crashing_is_not_started_for_ever(place: Path, stub: StubServer) -> None:
    parameters = {"config": sums_config(place, stub), "run_id": "endless"}
    first = await ran(synthesize_math, parameters)
    assert first.type is StateType.COMPLETED
    with open_store() as engine, writing(engine) as session:
        mark_run(session, "endless", RunState.RUNNING, elapsed_seconds=1.0)
    flow_run = await new_run(synthesize_math, parameters)
    await ended_before(flow_run, Crashed(), MOST_CRASHES)
    drawn = stub.gauge.requests
    last = await started(synthesize_math, flow_run, parameters)
    assert last.type is StateType.FAILED
    assert "this flow run crashed 4 times" in (last.message or "")
    assert state_of("endless") is RunState.FAILED
    assert stub.gauge.requests == drawn


async def test_work_that_keeps_crashing_ends_and_leaves_the_run_to_the_others(
    place: Path, stub: StubServer
) -> None:
    parameters = {"config": sums_config(place, stub), "run_id": "others"}
    await ran(synthesize_math, parameters)
    with open_store() as engine, writing(engine) as session:
        mark_run(session, "others", RunState.RUNNING, elapsed_seconds=1.0)
    job = {"job": WorkJob(run_id="others")}
    flow_run = await new_run(work_flow, job)
    await ended_before(flow_run, Crashed(), MOST_CRASHES)
    last = await started(work_flow, flow_run, job)
    assert last.type is StateType.FAILED
    assert "this flow run crashed 4 times" in (last.message or "")
    assert state_of("others") is RunState.RUNNING


async def test_stops_in_order_do_not_count(place: Path, stub: StubServer) -> None:
    parameters = {"config": sums_config(place, stub)}
    flow_run = await new_run(synthesize_math, parameters)
    await ended_before(flow_run, Cancelled(), MOST_CRASHES)
    await ended_before(flow_run, Crashed(), MOST_CRASHES - 1)
    assert (await started(synthesize_math, flow_run, parameters)).type is StateType.COMPLETED


async def test_what_a_person_has_to_mend_is_not_tried_again(
    place: Path, stub: StubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lifecycle, "PAUSE_SECONDS", (3600.0, 3600.0))  # the test would not end
    config = sums_config(place, stub)
    (place / "sums.jsonl").unlink()
    flow_run = await new_run(synthesize_math, {"config": config})
    state = await started(synthesize_math, flow_run, {"config": config})
    assert state.type is StateType.FAILED
    assert (state.message or "").startswith("dataset: there is no file")
    assert stub.gauge.requests == 0


async def test_a_server_that_comes_back_is_tried_again_and_nothing_drawn_twice(
    place: Path, stub: StubServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(lifecycle, "PAUSE_SECONDS", (0.0, 0.0))
    stub.loading = 1  # it lists no model, once
    parameters = {"config": sums_config(place, stub), "run_id": "tried"}
    state = await ran(synthesize_math, parameters)
    assert state.type is StateType.COMPLETED, state.message
    assert "it goes on in 0 seconds" in caplog.text
    asked = [(one.problem, one.seed) for one in stub.gauge.asked]
    assert len(asked) == len(set(asked)) == attempts_of("tried")


async def test_several_workers_need_a_store_that_can_be_shared(place: Path, stub: StubServer) -> None:
    parameters = {"config": sums_config(place, stub), "workers": 2}
    state = await ran(synthesize_math, parameters)
    assert state.type is StateType.FAILED
    assert "PostgreSQL alone" in (state.message or "")
    assert stub.gauge.requests == 0
