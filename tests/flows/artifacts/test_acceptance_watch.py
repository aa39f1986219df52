"""Which runs a run is compared with, and on which problems; on both databases."""

import pytest

from gristmill.db.problems import add_problems
from gristmill.db.runs import create_run, mark_run
from gristmill.db.sessions import Engine, writing
from gristmill.flows.artifacts.acceptance_watch import Found, compare_with_earlier
from gristmill.runs.settings.recipe import run_config
from gristmill.runs.settings.snapshot import snapshot_of
from gristmill.sampling.records import Outcome, Problem, RunState
from tests.db.samples import a_problem, an_attempt, commit, store

HARD = [a_problem(number, "") for number in range(250)]
EASY = [a_problem(number, "") for number in range(250, 500)]


def a_run(
    engine: Engine,
    run_id: str,
    rates: dict[str, float],
    model: str = "tiny",
    state: RunState = RunState.FINISHED,
    problems: list[Problem] = [*HARD, *EASY],  # noqa: B006
) -> None:
    """`rates` are the shares of first attempts that are accepted, of the hard and of the easy problems."""
    config = run_config(
        "dart-uniform", {"dataset": {"dataset": "demo"}, "generator": {"backend": "scripted", "model": model}}
    )
    with writing(engine) as session:
        create_run(
            session, run_id=run_id, recipe="r", config=snapshot_of(config), seed=7, code_version="0.1.0"
        )
        add_problems(session, run_id, problems, {})
    attempts = []
    for name, of_kind in (("hard", HARD), ("easy", EASY)):
        for at, problem in enumerate(of_kind if name in rates else []):
            accepted = at < rates[name] * len(of_kind)
            attempts.append(an_attempt(problem, 0, Outcome.ACCEPTED if accepted else Outcome.REJECTED))
    store(engine, attempts, run_id)
    commit(engine, mark_run, run_id, state, elapsed_seconds=1.0)


def found(engine: Engine, *, ended: bool = False) -> Found | None:
    return compare_with_earlier(engine, "mine", ended=ended)


def compared(engine: Engine, *, ended: bool = False) -> Found:
    result = found(engine, ended=ended)
    assert result is not None
    return result


def test_in_mid_run_only_the_problems_that_it_came_to_count(engine: Engine) -> None:
    """The hard ones come first in the file: all of the earlier run would make it look like a collapse."""
    a_run(engine, "before", {"hard": 0.2, "easy": 0.9})
    a_run(engine, "mine", {"hard": 0.2}, state=RunState.RUNNING)
    comparison = compared(engine).comparison
    assert comparison.expected == pytest.approx(0.2)
    assert not comparison.dropped


def test_a_collapse_is_found_in_mid_run(engine: Engine) -> None:
    a_run(engine, "before", {"hard": 0.6, "easy": 0.9})
    a_run(engine, "mine", {"hard": 0.2}, state=RunState.RUNNING)
    assert compared(engine).comparison.dropped


def test_other_problems_are_compared_when_the_run_has_ended(engine: Engine) -> None:
    a_run(engine, "before", {"easy": 0.9}, problems=EASY)
    a_run(engine, "mine", {"hard": 0.3}, problems=HARD)
    assert found(engine) is None
    assert compared(engine, ended=True).comparison.dropped


def test_runs_of_another_model_or_unfinished_ones_do_not_count(engine: Engine) -> None:
    a_run(engine, "other-model", {"hard": 0.9}, model="large")
    a_run(engine, "stopped", {"hard": 0.9}, state=RunState.INTERRUPTED)
    a_run(engine, "mine", {"hard": 0.1})
    a_run(engine, "later", {"hard": 0.9})
    assert found(engine, ended=True) is None


def test_the_five_newest_are_taken_together(engine: Engine) -> None:
    for number in range(7):
        a_run(engine, f"night-{number}", {"hard": 0.5})
    a_run(engine, "mine", {"hard": 0.5})
    assert compared(engine, ended=True).earlier == [f"night-{number}" for number in (6, 5, 4, 3, 2)]
