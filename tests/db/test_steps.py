"""Values of steps: stored once for each attempt, and given back in order of the text."""

import math
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from gristmill.db.exports.records import StepValue
from gristmill.db.moments import export_cutoff
from gristmill.db.steps import add_steps, steps_of
from gristmill.sampling.errors import DataError
from gristmill.sampling.records import Problem
from tests.db.samples import RUN, a_problem, an_attempt, commit, read, start_run, store

ONE, TWO, THREE = a_problem(1), a_problem(2), a_problem(3)
TEXT = "It is four."
LATER = datetime(9999, 1, 1, tzinfo=UTC)
STEPS = [StepValue(0, 4, 1.0), StepValue(4, 9, 1 / 3), StepValue(10, 11, 0.0)]


def add(engine: Engine, problem_id: str, number: int, steps: list[StepValue], run_id: str = RUN) -> None:
    commit(engine, add_steps, run_id, problem_id, number, steps)


def found(
    engine: Engine, *problem_ids: str, run_id: str = RUN, as_of: datetime = LATER
) -> dict[str, dict[int, list[StepValue]]]:
    return read(engine, steps_of, run_id, problem_ids, as_of)


@pytest.fixture
def run(engine: Engine) -> Engine:
    """With attempts 0, 2 and 10 on the first two of its problems."""
    start_run(engine, [ONE, TWO, THREE])
    attempts = [an_attempt(problem, n, text=TEXT) for problem in (ONE, TWO) for n in (0, 2, 10)]
    store(engine, attempts)
    return engine


def test_steps_come_back_by_problem_and_number_in_order(run: Engine) -> None:
    add(run, ONE.id, 10, STEPS)
    add(run, ONE.id, 2, STEPS[:1])
    add(run, TWO.id, 0, STEPS[1:])
    assert found(run, ONE.id, TWO.id, THREE.id) == {ONE.id: {2: STEPS[:1], 10: STEPS}, TWO.id: {0: STEPS[1:]}}
    assert list(found(run, ONE.id)[ONE.id]) == [2, 10]


def test_only_the_problems_asked_for_are_looked_at(run: Engine) -> None:
    add(run, ONE.id, 0, STEPS)
    add(run, TWO.id, 0, STEPS)
    assert found(run, TWO.id) == {TWO.id: {0: STEPS}}
    assert found(run) == {}


@pytest.mark.parametrize(
    "again", [STEPS, STEPS[:1], [StepValue(0, 3, 0.5), *STEPS[1:]], [StepValue(0, 1, 0.5)], []]
)
def test_adding_again_changes_nothing_and_mixes_nothing(run: Engine, again: list[StepValue]) -> None:
    add(run, ONE.id, 0, STEPS)
    add(run, ONE.id, 0, again)
    assert found(run, ONE.id) == {ONE.id: {0: STEPS}}


def test_an_attempt_without_steps_is_not_among_those_that_have_some(run: Engine) -> None:
    start_run(run, [ONE], "run-2")
    store(run, [an_attempt(ONE, 0)], "run-2")
    add(run, ONE.id, 0, [])
    assert found(run, ONE.id) == {}
    add(run, ONE.id, 0, STEPS)
    assert found(run, ONE.id) == {ONE.id: {0: STEPS}}
    assert found(run, ONE.id, run_id="run-2") == {}


def test_steps_that_were_added_after_the_moment_are_not_seen(run: Engine) -> None:
    add(run, ONE.id, 0, STEPS)
    moment = commit(run, export_cutoff, [RUN])
    add(run, ONE.id, 2, STEPS)
    add(run, TWO.id, 0, STEPS)
    assert found(run, ONE.id, TWO.id, as_of=moment) == {ONE.id: {0: STEPS}}
    assert found(run, ONE.id, TWO.id) == {ONE.id: {0: STEPS, 2: STEPS}, TWO.id: {0: STEPS}}


WRONG: dict[str, tuple[list[StepValue], str]] = {
    "before the text": ([StepValue(-1, 2, 0.5)], "step 0: -1 to 2 is no span"),
    "beyond the text": ([StepValue(0, 4, 1.0), StepValue(4, 12, 1.0)], "step 1: 4 to 12 is no span"),
    "backwards": ([StepValue(4, 2, 0.5)], "step 0: 4 to 2 is no span"),
    "empty": ([StepValue(4, 4, 0.5)], "step 0: 4 to 4 is no span"),
    "over another": ([StepValue(0, 4, 0.5), StepValue(3, 6, 0.5)], "no span of the response after 4"),
    "out of order": ([StepValue(4, 6, 0.5), StepValue(0, 4, 0.5)], "step 1: 0 to 4 is no span"),
    "a value above 1": ([StepValue(0, 4, 1.5)], "step 0: the value 1.5 is not in 0 to 1"),
    "a value below 0": ([StepValue(0, 4, 0.5), StepValue(4, 6, -0.1)], "step 1: the value -0.1"),
    "no number": ([StepValue(0, 4, math.nan)], "step 0: the value nan"),
}


@pytest.mark.parametrize(("steps", "says"), WRONG.values(), ids=WRONG)
def test_steps_that_cannot_be_are_refused_and_none_of_them_is_kept(
    run: Engine, steps: list[StepValue], says: str
) -> None:
    with pytest.raises(DataError, match=says):
        add(run, ONE.id, 0, steps)
    assert found(run, ONE.id) == {}


@pytest.mark.parametrize(("problem", "number"), [(ONE, 1), (THREE, 0), (a_problem("nope"), 0)])
def test_steps_of_an_attempt_that_is_not_there_are_refused(
    run: Engine, problem: Problem, number: int
) -> None:
    with pytest.raises(DataError, match=f"has no attempt {number} on problem '{problem.id}'"):
        add(run, problem.id, number, STEPS)


def test_offsets_are_of_the_text_as_it_was_drawn_and_not_as_it_is_stored(run: Engine) -> None:
    """What a column cannot hold is longer in the store, where it is escaped."""
    start_run(run, [ONE], "odd")
    store(run, [an_attempt(ONE, 0, text="\x00\ud800")], "odd")
    add(run, ONE.id, 0, [StepValue(0, 1, 0.5), StepValue(1, 2, 0.5)], "odd")
    store(run, [an_attempt(ONE, 1, text="\x00\ud800")], "odd")
    with pytest.raises(DataError, match="which has 2 characters"):
        add(run, ONE.id, 1, [StepValue(0, 3, 0.5)], "odd")


def test_steps_of_a_run_that_is_not_there_are_refused(run: Engine) -> None:
    with pytest.raises(DataError, match="there is no run 'x'"):
        add(run, ONE.id, 0, STEPS, "x")
