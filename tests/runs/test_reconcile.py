"""What a shared run still misses, told from all its attempts: stops are mended, nothing is in vain."""

import asyncio
from collections.abc import Sequence

import pytest
from sqlalchemy import func, select

from gristmill.db.attempts import record
from gristmill.db.runs import find_run
from gristmill.db.sessions import Engine, reading
from gristmill.db.tables.core import RunProblemRow
from gristmill.db.tables.exports import QuotaRow
from gristmill.runs.reconcile import reconcile
from gristmill.runs.settings.run import RunConfig
from gristmill.sampling.errors import DataError
from gristmill.sampling.records import Outcome, Problem, RunState, Stop, StopReason
from tests.db.samples import an_attempt, commit, read
from tests.support.shared_runs import RUN, A, R, begun, config, state


def prop2diff(quota: int = 4, ceiling: int = 12) -> RunConfig:
    return config(recipe="dart-prop2diff", quota=quota, ceiling=ceiling, probe=2)


def drawn(engine: Engine, problem: Problem, outcomes: Sequence[Outcome], stop: Stop | None = None) -> None:
    attempts = [an_attempt(problem, number, outcome) for number, outcome in enumerate(outcomes)]
    commit(engine, record, RUN, attempts, [], [] if stop is None else [stop])


def stops(engine: Engine) -> list[tuple[StopReason | None, int | None]]:
    columns = RunProblemRow.stop_reason, RunProblemRow.quota
    with reading(engine) as session:
        rows = session.execute(
            select(*columns).where(RunProblemRow.run_id == RUN).order_by(RunProblemRow.position)
        )
        return [(reason, quota) for reason, quota in rows]


def quota_rows(engine: Engine) -> int:
    with reading(engine) as session:
        return session.scalar(select(func.count()).select_from(QuotaRow)) or 0


def met(problem: Problem, quota: int = 2) -> Stop:
    return Stop(problem.id, StopReason.QUOTA_MET, quota, 6)


async def test_a_run_of_which_all_is_there_is_marked_finished(engine: Engine) -> None:
    for problem in await begun(engine, config()):
        drawn(engine, problem, [A, R, A], met(problem))
    assert state(engine) is RunState.RUNNING
    assert reconcile(engine, RUN, config(), session_begins=False)
    assert state(engine) is RunState.FINISHED


async def test_a_run_that_misses_something_is_not_marked(engine: Engine) -> None:
    for problem in (await begun(engine, config()))[:2]:
        drawn(engine, problem, [A, A], met(problem))
    assert not reconcile(engine, RUN, config(), session_begins=True)
    assert state(engine) is RunState.RUNNING


async def test_stops_that_a_dead_process_did_not_tell_are_written(engine: Engine) -> None:
    one, two, three = await begun(engine, config())
    drawn(engine, one, [A, A])
    drawn(engine, two, [R] * 6)
    drawn(engine, three, [A])
    assert not reconcile(engine, RUN, config(), session_begins=True)
    assert stops(engine) == [(StopReason.QUOTA_MET, 2), (StopReason.CEILING_REACHED, 2), (None, 2)]


async def test_a_stop_that_the_tallies_do_not_bear_out_is_lifted(engine: Engine) -> None:
    one, two, three = await begun(engine, config())
    for problem in (two, three):
        drawn(engine, problem, [A, A], met(problem))
    drawn(engine, one, [A, R], met(one))
    assert not reconcile(engine, RUN, config(), session_begins=False)
    assert stops(engine)[0] == (None, 2)


async def test_quotas_that_moved_open_problems_again(engine: Engine) -> None:
    """Each was judged by what its worker knew: the second when the first still seemed far harder than it."""
    one, two, three = await begun(engine, prop2diff())
    drawn(engine, one, [R, A] * 5, Stop(one.id, StopReason.QUOTA_MET, 4, 12))
    drawn(engine, two, [R, A], Stop(two.id, StopReason.QUOTA_MET, 1, 12))
    drawn(engine, three, [A] * 12, Stop(three.id, StopReason.CEILING_REACHED, 1, 12))
    assert not reconcile(engine, RUN, prop2diff(), session_begins=False)
    reason, quota = stops(engine)[1]
    assert reason is None
    assert quota is not None
    assert quota > 1
    assert stops(engine)[0][0] is StopReason.QUOTA_MET


@pytest.mark.parametrize(("begins", "expected"), [(True, None), (False, StopReason.FAILED)])
async def test_what_failed_is_opened_by_a_session_that_begins_and_by_no_other(
    engine: Engine, begins: bool, expected: StopReason | None
) -> None:
    one, two, three = await begun(engine, config())
    for problem in (two, three):
        drawn(engine, problem, [A, A], met(problem))
    drawn(engine, one, [], Stop(one.id, StopReason.FAILED, 2, 6))
    assert reconcile(engine, RUN, config(), session_begins=begins) is (expected is StopReason.FAILED)
    assert stops(engine)[0][0] is expected
    assert state(engine) is (RunState.RUNNING if begins else RunState.FINISHED)


@pytest.mark.parametrize("asked", [config(), prop2diff()])
async def test_a_second_look_writes_nothing(engine: Engine, asked: RunConfig) -> None:
    for problem in await begun(engine, asked):
        drawn(engine, problem, [A, R, R])
    looks = []
    for _ in range(3):
        reconcile(engine, RUN, asked, session_begins=True)
        looks.append((quota_rows(engine), stops(engine)))
    assert looks[0] == looks[1] == looks[2]


async def test_a_run_that_was_finished_is_not_touched(engine: Engine) -> None:
    for problem in await begun(engine, config()):
        drawn(engine, problem, [A, A], met(problem))
    assert reconcile(engine, RUN, config(), session_begins=True)
    before, rows = read(engine, find_run, RUN), quota_rows(engine)
    assert reconcile(engine, RUN, config(), session_begins=True)
    assert read(engine, find_run, RUN) == before
    assert quota_rows(engine) == rows


async def test_a_new_run_has_nothing_to_be_written_of_its_problems(engine: Engine) -> None:
    """A row for each of a hundred thousand problems before the first draw would be in vain."""
    await begun(engine, config())
    assert not reconcile(engine, RUN, config(), session_begins=True)
    assert quota_rows(engine) == 0


async def test_several_that_end_at_once_agree(engine: Engine) -> None:
    for problem in await begun(engine, config()):
        drawn(engine, problem, [A, A])
    looks = [asyncio.to_thread(reconcile, engine, RUN, config(), session_begins=False) for _ in range(4)]
    assert await asyncio.gather(*looks) == [True] * 4
    assert quota_rows(engine) == 3


def test_there_is_no_stock_of_a_run_that_is_not_there(engine: Engine) -> None:
    with pytest.raises(DataError, match="no run 'r'"):
        reconcile(engine, RUN, config(), session_begins=True)
