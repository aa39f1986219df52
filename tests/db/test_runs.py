"""Runs: made once, marked, found again."""

import pytest
from sqlalchemy import Engine

from gristmill.db.runs import beat_run, create_run, find_run, list_runs, lock_run, mark_run
from gristmill.db.sessions import reading, writing
from gristmill.sampling.errors import DataError
from gristmill.sampling.records import RunState
from tests.db.samples import RUN, commit, read, start_run


def test_a_new_run_is_running_and_has_taken_no_time(engine: Engine) -> None:
    commit(
        engine, create_run, run_id="a", recipe="dart", config='{"k": 40}', seed=2**40, code_version="0.1.0"
    )
    run = read(engine, find_run, "a")
    assert run is not None
    assert (run.id, run.recipe, run.config, run.seed) == ("a", "dart", '{"k": 40}', 2**40)
    assert (run.state, run.elapsed_seconds, run.finished_at) == (RunState.RUNNING, 0.0, None)
    assert run.created_at == run.updated_at


def test_a_run_that_is_not_there_is_none(engine: Engine) -> None:
    assert read(engine, find_run, "a") is None


def test_creating_a_run_again_changes_nothing(engine: Engine) -> None:
    start_run(engine, [])
    before = read(engine, find_run, RUN)
    commit(engine, create_run, run_id=RUN, recipe="other", config="{1}", seed=8, code_version="9")
    assert read(engine, find_run, RUN) == before


def test_a_finished_run_has_an_end_and_a_resumed_one_has_none(engine: Engine) -> None:
    start_run(engine, [])
    commit(engine, mark_run, RUN, RunState.FINISHED, elapsed_seconds=12.5, message="all quotas met")
    finished = read(engine, find_run, RUN)
    assert finished is not None
    assert (finished.state, finished.elapsed_seconds) == (RunState.FINISHED, 12.5)
    assert finished.message == "all quotas met"
    assert finished.finished_at == finished.updated_at
    assert finished.updated_at > finished.created_at
    commit(engine, mark_run, RUN, RunState.RUNNING, elapsed_seconds=12.5)
    resumed = read(engine, find_run, RUN)
    assert resumed is not None
    assert (resumed.state, resumed.finished_at, resumed.message) == (RunState.RUNNING, None, "")


def test_a_heartbeat_changes_a_running_run_alone(engine: Engine) -> None:
    start_run(engine, [])
    start_run(engine, [], run_id="other")
    commit(engine, beat_run, RUN, elapsed_seconds=3.5)
    with reading(engine) as session:
        beaten, other = find_run(session, RUN), find_run(session, "other")
    assert beaten is not None
    assert other is not None
    assert (beaten.state, beaten.elapsed_seconds, other.elapsed_seconds) == (RunState.RUNNING, 3.5, 0.0)
    assert beaten.updated_at > beaten.created_at


@pytest.mark.parametrize("state", [state for state in RunState if state is not RunState.RUNNING])
def test_a_late_heartbeat_does_not_reopen_a_run(engine: Engine, state: RunState) -> None:
    start_run(engine, [])
    commit(engine, mark_run, RUN, state, elapsed_seconds=12.5, message="done")
    marked = read(engine, find_run, RUN)
    commit(engine, beat_run, RUN, elapsed_seconds=11.0)
    assert read(engine, find_run, RUN) == marked


def test_runs_are_listed_newest_first(engine: Engine) -> None:
    for name in ("b", "c", "a"):
        start_run(engine, [], run_id=name)
    assert [run.id for run in read(engine, list_runs)] == ["a", "c", "b"]


def test_marking_or_locking_a_run_that_is_not_there_says_so(engine: Engine) -> None:
    with pytest.raises(DataError, match="there is no run 'x'"), writing(engine) as session:
        mark_run(session, "x", RunState.FAILED, elapsed_seconds=0.0)
    with pytest.raises(DataError, match="there is no run 'x'"), writing(engine) as session:
        lock_run(session, "x")
