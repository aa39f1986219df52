"""Earlier runs and their first attempts, on both databases."""

from datetime import timedelta

from sqlalchemy import Engine

from gristmill.db.clock import now
from gristmill.db.reports.recent_runs import finished_before, first_attempts, sources_of
from gristmill.db.runs import find_run, mark_run
from gristmill.db.sessions import reading
from gristmill.db.verdicts import append_verdicts
from gristmill.sampling.records import Outcome, RunState
from tests.db.samples import a_problem, a_verdict, an_attempt, commit, read, start_run, store

ACCEPTED, REJECTED, UNDECIDED = Outcome.ACCEPTED, Outcome.REJECTED, Outcome.UNDECIDED
EASY = [a_problem(number, "easy") for number in range(4)]
HARD = [a_problem(number, "hard") for number in range(4, 7)]


def finish(engine: Engine, run_id: str) -> None:
    commit(engine, mark_run, run_id, RunState.FINISHED, elapsed_seconds=1.0)


def test_finished_runs_of_the_recipe_come_newest_first(engine: Engine) -> None:
    for name in ("one", "two", "open", "three", "mine"):
        start_run(engine, EASY, name)
        if name != "open":
            finish(engine, name)
    with reading(engine) as session:
        mine = find_run(session, "mine")
        assert mine is not None
        found = finished_before(session, "uniform", mine.created_at, 2)
        assert [run.id for run in found] == ["three", "two"]
        assert finished_before(session, "other", now() + timedelta(days=1), 9) == []
        assert sources_of(session, "one") == {"tests"}


def test_first_attempts_count_by_level_on_current_verdicts(engine: Engine) -> None:
    start_run(engine, [*EASY, *HARD], "a")
    outcomes = [ACCEPTED, ACCEPTED, REJECTED, UNDECIDED, REJECTED, ACCEPTED, ACCEPTED]
    for problem, outcome in zip([*EASY, *HARD], outcomes, strict=True):
        store(engine, [an_attempt(problem, 0, outcome), an_attempt(problem, 1, REJECTED)], "a")
    commit(engine, append_verdicts, "a", [(HARD[2].id, 0, a_verdict(REJECTED, "2"))])
    assert read(engine, first_attempts, ["a"]) == {"easy": (2, 3), "hard": (1, 3)}


def test_shared_problems_are_those_that_both_have_decided(engine: Engine) -> None:
    for name in ("a", "b", "c"):
        start_run(engine, [*EASY, *HARD], name)
    store(engine, [an_attempt(problem, 0, ACCEPTED) for problem in [*EASY, *HARD]], "a")
    store(engine, [an_attempt(problem, 0, REJECTED) for problem in EASY], "c")
    store(engine, [an_attempt(EASY[0], 0, REJECTED), an_attempt(EASY[1], 0, UNDECIDED)], "b")
    with reading(engine) as session:
        assert first_attempts(session, ["a", "c"], shared_with=["b"]) == {"easy": (1, 2)}
        assert first_attempts(session, ["b"], shared_with=["a", "c"]) == {"easy": (0, 1)}
