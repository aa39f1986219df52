"""Who may join a run, and what becomes of it when the last one leaves."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import Engine

from gristmill.db.runs import mark_run
from gristmill.db.sessions import reading, writing
from gristmill.db.workers.leases import leases_of
from gristmill.db.workers.registry import Worker, join, leave, workers_of
from gristmill.sampling.errors import ConfigError, DataError
from gristmill.sampling.records import RunState
from tests.db.samples import RUN, commit, read, start_run
from tests.db.stored_workers import ELSEWHERE, PROBLEMS, a_worker, at_work, joined, leased, state
from tests.db.writers import SECONDS


def test_the_first_to_join_is_told_so_and_the_second_is_not(begun: Engine) -> None:
    with writing(begun) as session:
        assert join(session, a_worker())
        assert not join(session, a_worker())
    assert len(at_work(begun)) == 2


def test_nobody_joins_a_run_that_is_not_there(begun: Engine) -> None:
    with pytest.raises(DataError, match="no run 'nope'"), writing(begun) as session:
        join(session, a_worker(run_id="nope"))


@pytest.mark.parametrize(("first", "second"), [(True, True), (True, False), (False, True)])
def test_who_is_alone_refuses_others_and_is_refused_beside_them(
    begun: Engine, first: bool, second: bool
) -> None:
    there = joined(begun, alone=first, identity=ELSEWHERE)
    with pytest.raises(ConfigError) as refusal:
        joined(begun, alone=second)
    message = str(refusal.value)
    assert f"run {RUN} " in message
    assert "gpu-7, process 4711, heard of 0 s ago" in message
    assert "some-boot" not in message
    assert at_work(begun) == [there]


def test_a_refusal_names_all_who_are_in_the_way(begun: Engine) -> None:
    joined(begun, identity=ELSEWHERE)
    joined(begun, identity=replace(ELSEWHERE, process="4712 99"))
    with pytest.raises(ConfigError, match=r"process 4711, .*process 4712, "):
        joined(begun, alone=True)


def test_another_run_is_nobodys_business(begun: Engine) -> None:
    start_run(begun, PROBLEMS, "run-2")
    joined(begun, alone=True)
    assert commit(begun, join, a_worker(alone=True, run_id="run-2"))


@pytest.mark.parametrize(("alone", "there"), [(True, 1), (False, 6)])
def test_of_several_that_join_at_once_one_is_the_first_and_one_alone_stays_so(
    begun: Engine, threads: ThreadPoolExecutor, alone: bool, there: int
) -> None:
    barrier = threading.Barrier(6)

    def is_first() -> bool:
        barrier.wait(SECONDS)
        try:
            return commit(begun, join, a_worker(alone=alone))
        except ConfigError:
            return not alone  # a refusal is for those that are alone

    results = [threads.submit(is_first) for _ in range(6)]
    assert sorted(result.result(SECONDS) for result in results) == [False] * 5 + [True]
    assert len(at_work(begun)) == there


def test_who_leaves_gives_back_what_it_has_leased(begun: Engine) -> None:
    one, other = joined(begun), joined(begun)
    leased(begun, one, 3)
    kept = leased(begun, other)
    commit(begun, leave, one)
    with reading(begun) as session:
        assert leases_of(session, one) == []
        assert leases_of(session, other) == kept
    assert at_work(begun) == [other]


def test_only_the_last_to_leave_marks_a_running_run_interrupted(begun: Engine) -> None:
    workers = [joined(begun), joined(begun)]
    seen = [state(begun)]
    for worker in workers:
        commit(begun, leave, worker)
        seen.append(state(begun))
    assert seen == [RunState.RUNNING, RunState.RUNNING, RunState.INTERRUPTED]


@pytest.mark.parametrize("marked", [RunState.FINISHED, RunState.FAILED, RunState.INTERRUPTED])
def test_a_run_that_was_marked_keeps_its_mark_when_the_last_one_leaves(
    begun: Engine, marked: RunState
) -> None:
    worker = joined(begun)
    commit(begun, mark_run, RUN, marked, elapsed_seconds=1.0, message="as it ended")
    commit(begun, leave, worker)
    assert state(begun) is marked


def test_two_that_leave_at_once_leave_no_run_running(begun: Engine, threads: ThreadPoolExecutor) -> None:
    """Each would see the other still there, were they not told to take turns."""
    for _ in range(5):
        commit(begun, mark_run, RUN, RunState.RUNNING, elapsed_seconds=0.0)
        workers, barrier = [joined(begun) for _ in range(4)], threading.Barrier(4)
        results = [threads.submit(_leave, begun, worker, barrier) for worker in workers]
        assert [result.result(SECONDS) for result in results] == [None] * 4
        assert (at_work(begun), state(begun)) == ([], RunState.INTERRUPTED)


def _leave(engine: Engine, worker: Worker, barrier: threading.Barrier) -> None:
    barrier.wait(SECONDS)
    commit(engine, leave, worker)


def test_leaving_twice_changes_nothing(begun: Engine) -> None:
    one, other = joined(begun), joined(begun)
    for _ in range(2):
        commit(begun, leave, one)
    assert at_work(begun) == [other]
    assert state(begun) is RunState.RUNNING


def test_those_at_work_are_listed_with_what_they_have_leased(begun: Engine) -> None:
    one, other = joined(begun), joined(begun, identity=ELSEWHERE)
    leased(begun, one, 3)
    seen = read(begun, workers_of, RUN)
    assert [(worker.worker, worker.leases) for worker in seen] == [(one, 3), (other, 0)]
    assert seen[1].name == "gpu-7, process 4711"
