"""Conditions of a query, condition by condition, and what comes with them when it is asked for."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine

import gristmill.db.exports.query
import gristmill.db.problems
from gristmill.db.exports.records import ExportProblem, ExportQuery, StepValue
from gristmill.db.metrics import Measured, add_metrics
from gristmill.db.sessions import writing
from gristmill.db.steps import add_steps
from gristmill.sampling.records import Outcome, Tally
from tests.db.histories import EVER, MOMENTS, POOL, found, kept, write_run
from tests.db.samples import RUN, commit

EASY, HARD = POOL[0], POOL[1]
ACCEPTED, REJECTED, UNDECIDED = Outcome.ACCEPTED, Outcome.REJECTED, Outcome.UNDECIDED
OTHER = "run-2"


@pytest.fixture
def run(engine: Engine) -> Engine:
    """Six attempts on an easy problem of source `one`, one on a hard problem of source `two`."""
    attempts = [
        kept(EASY, 0, model="m", completion_tokens=0),
        kept(EASY, 1, model="n", completion_tokens=7),
        kept(EASY, 2, REJECTED, model="m", completion_tokens=8),
        kept(EASY, 3, UNDECIDED, model="n", completion_tokens=9),
        kept(EASY, 4, ACCEPTED, model="\ud800", completion_tokens=2_000_000_000, reason="a\x00b"),
        kept(EASY, 5, ACCEPTED, REJECTED, model="m", completion_tokens=3),
        kept(HARD, 0, model="m", completion_tokens=8),
    ]
    write_run(engine, [EASY, HARD], *attempts)
    return engine


def query(**changes: object) -> ExportQuery:
    return replace(ExportQuery((RUN,), EVER, outcomes=tuple(Outcome)), **changes)  # type: ignore[arg-type]


def by_problem(problems: list[ExportProblem]) -> dict[str, ExportProblem]:
    return {problem.problem.id: problem for problem in problems}


CASES: dict[str, tuple[dict[str, object], list[int], list[int]]] = {
    "none": ({}, [0, 1, 2, 3, 4, 5], [0]),
    "accepted": ({"outcomes": (ACCEPTED,)}, [0, 1, 4], [0]),
    "rejected": ({"outcomes": (REJECTED,)}, [2, 5], []),
    "two outcomes": ({"outcomes": (UNDECIDED, REJECTED)}, [2, 3, 5], []),
    "a model": ({"models": ("m",)}, [0, 2, 5], [0]),
    "two models": ({"models": ("n", "\ud800")}, [1, 3, 4], []),
    "a model that is not there": ({"models": ("o",)}, [], []),
    "without a model": ({"without_models": ("m",)}, [1, 3, 4], []),
    "without an odd model": ({"without_models": ("\ud800", "o")}, [0, 1, 2, 3, 5], [0]),
    "a model and without it": ({"models": ("m", "n"), "without_models": ("m",)}, [1, 3], []),
    "a reason": ({"reasons": ("equal",)}, [0, 1], [0]),
    "an odd reason": ({"reasons": ("a\x00b", "time-out")}, [3, 4], []),
    "the reason of today": ({"reasons": ("not-equal",)}, [2, 5], []),
    "without a reason": ({"without_reasons": ("equal", "not-equal")}, [3, 4], []),
    "fewest tokens": ({"min_tokens": 8}, [2, 3, 4], [0]),
    "most tokens": ({"max_tokens": 7}, [0, 1, 5], []),
    "no tokens": ({"max_tokens": 0}, [0], []),
    "a range of tokens": ({"min_tokens": 7, "max_tokens": 8}, [1, 2], [0]),
    "several": ({"models": ("m",), "outcomes": (ACCEPTED,), "min_tokens": 1}, [], [0]),
    "quotes": ({"models": ("m' OR '1'='1",)}, [], []),
}


@pytest.mark.parametrize(("conditions", "easy", "hard"), CASES.values(), ids=CASES)
def test_a_condition_on_attempts_takes_these_and_leaves_every_problem(
    run: Engine, conditions: dict[str, object], easy: list[int], hard: list[int]
) -> None:
    problems = by_problem(found(run, query(**conditions)))
    assert [attempt.number for attempt in problems[EASY.id].attempts] == easy
    assert [attempt.number for attempt in problems[HARD.id].attempts] == hard


PROBLEMS: dict[str, tuple[dict[str, object], list[str]]] = {
    "a source": ({"sources": ("one",)}, [EASY.id]),
    "an odd source": ({"sources": ("two \x00",)}, [HARD.id]),
    "both sources": ({"sources": ("two \x00", "one")}, sorted([EASY.id, HARD.id])),
    "a level": ({"levels": ("hard",)}, [HARD.id]),
    "a level that is not there": ({"levels": ("hardest",)}, []),
    "source and level that no problem has both": ({"levels": ("hard",), "sources": ("one",)}, []),
}


@pytest.mark.parametrize(("conditions", "ids"), PROBLEMS.values(), ids=PROBLEMS)
def test_a_condition_on_problems_leaves_them_out_whole(
    run: Engine, conditions: dict[str, object], ids: list[str]
) -> None:
    problems = found(run, query(**conditions))
    assert [problem.problem.id for problem in problems] == ids
    assert [len(problem.attempts) for problem in problems] == [6 if id_ == EASY.id else 1 for id_ in ids]


def test_a_problem_that_is_left_out_does_not_give_its_attempts_to_the_next(engine: Engine) -> None:
    in_order = sorted(POOL, key=lambda problem: problem.id)
    write_run(engine, in_order, *(kept(problem, n) for n, problem in enumerate(in_order)))
    for level in ("easy", "hard", "\ud800 odd"):
        for problem in found(engine, query(levels=(level,))):
            assert problem.problem.level == level
            assert [one.number for one in problem.attempts] == [in_order.index(problem.problem)]


TALLIES: dict[str, tuple[dict[str, object], Tally]] = {
    "as it is": ({}, Tally(3, 2, 1, tokens=2_000_000_027)),
    "whatever else is asked": (
        {"outcomes": (), "reasons": ("equal",), "min_tokens": 8, "max_tokens": 8},
        Tally(3, 2, 1, tokens=2_000_000_027),
    ),
    "of a model": ({"models": ("m",)}, Tally(1, 2, 0, tokens=11)),
    "without a model": ({"without_models": ("\ud800",)}, Tally(2, 2, 1, tokens=27)),
    "of no model that is there": ({"models": ("o",)}, Tally()),
    "of its moment": ({"as_of": MOMENTS[0]}, Tally(4, 1, 1, tokens=2_000_000_027)),
}


@pytest.mark.parametrize(("conditions", "tally"), TALLIES.values(), ids=TALLIES)
def test_a_tally_counts_what_is_of_the_runs_the_models_and_the_moment(
    run: Engine, conditions: dict[str, object], tally: Tally
) -> None:
    write_run(run, [EASY], kept(EASY, 0, completion_tokens=1), run_id=OTHER)
    assert by_problem(found(run, query(**conditions, tally=True)))[EASY.id].tally == tally


def test_a_tally_adds_up_the_runs_that_are_named(run: Engine) -> None:
    write_run(run, [EASY], kept(EASY, 0, REJECTED, completion_tokens=1), run_id=OTHER)
    both = by_problem(found(run, query(run_ids=(RUN, OTHER), tally=True)))
    assert both[EASY.id].tally == Tally(3, 3, 1, tokens=2_000_000_028)
    assert both[HARD.id].tally == Tally(accepted=1, tokens=8)


def test_what_is_not_asked_for_is_not_read(run: Engine) -> None:
    for problem in found(run, query()):
        assert problem.tally == Tally()
        assert (problem.metrics, problem.details, problem.steps) == ({}, {}, {})


def measured(engine: Engine, run_id: str, *values: tuple[str, int, str, float]) -> None:
    commit(engine, add_metrics, run_id, [Measured(*value, None) for value in values])


@pytest.fixture
def two_runs(run: Engine) -> Engine:
    """With metrics and steps; the numbers of the attempts are the same in both."""
    write_run(run, [EASY], kept(EASY, 0), kept(EASY, 1), run_id=OTHER)
    measured(run, RUN, (EASY.id, 0, "words", 1.0), (EASY.id, 1, "words", -2.5), (HARD.id, 0, "words", 3.0))
    measured(run, RUN, (EASY.id, 0, "mtld", 9.0))
    measured(run, OTHER, (EASY.id, 0, "words", 4.0), (EASY.id, 0, "fog", 5.0))
    with writing(run) as session:
        add_steps(session, RUN, EASY.id, 1, [StepValue(0, 2, 0.5), StepValue(2, 3, 1.0)])
        add_steps(session, OTHER, EASY.id, 1, [StepValue(0, 8, 0.0)])
        add_steps(session, RUN, HARD.id, 0, [StepValue(0, 1, 0.25)])
    return run


def test_metrics_come_by_name_and_attempt_those_that_are_named(two_runs: Engine) -> None:
    problems = by_problem(found(two_runs, query(run_ids=(RUN, OTHER), metrics=("words", "mtld", "none"))))
    assert problems[EASY.id].metrics == {
        "words": {(RUN, 0): 1.0, (RUN, 1): -2.5, (OTHER, 0): 4.0},
        "mtld": {(RUN, 0): 9.0},
    }
    assert problems[HARD.id].metrics == {"words": {(RUN, 0): 3.0}}
    alone = by_problem(found(two_runs, query(run_ids=(OTHER,), metrics=("words",))))
    assert alone[EASY.id].metrics == {"words": {(OTHER, 0): 4.0}}


def test_steps_come_by_attempt_of_the_runs_named(two_runs: Engine) -> None:
    problems = by_problem(found(two_runs, query(run_ids=(OTHER, RUN), steps=True)))
    assert problems[EASY.id].steps == {
        (RUN, 1): [StepValue(0, 2, 0.5), StepValue(2, 3, 1.0)],
        (OTHER, 1): [StepValue(0, 8, 0.0)],
    }
    assert problems[HARD.id].steps == {(RUN, 0): [StepValue(0, 1, 0.25)]}


def test_details_come_by_attempt_with_the_verdicts_of_the_moment(two_runs: Engine) -> None:
    problems = by_problem(found(two_runs, query(run_ids=(RUN, OTHER), details=True)))
    details = problems[EASY.id].details
    assert sorted(details) == [*((RUN, number) for number in range(6)), (OTHER, 0), (OTHER, 1)]
    assert [stored.verdict.outcome for stored in details[RUN, 5].verdicts] == [ACCEPTED, REJECTED]
    assert details[RUN, 0].metrics == {"words": 1.0, "mtld": 9.0}
    assert details[OTHER, 0].metrics == {"words": 4.0, "fog": 5.0}
    early = by_problem(found(two_runs, query(details=True, as_of=MOMENTS[0])))[EASY.id].details
    assert [stored.verdict.outcome for stored in early[RUN, 5].verdicts] == [ACCEPTED]


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_what_comes_besides_is_the_same_in_windows_and_chunks_of_any_size(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    for name in ("WINDOW_PROBLEMS", "WINDOW_WITH_DETAILS"):
        monkeypatch.setattr(gristmill.db.exports.query, name, 2 * size)
    monkeypatch.setattr(gristmill.db.problems, "CHUNK", size)
    write_run(engine, POOL, *(kept(problem, 0) for problem in POOL))
    measured(engine, RUN, *((problem.id, 0, "words", float(n)) for n, problem in enumerate(POOL)))
    with writing(engine) as session:
        for n, problem in enumerate(POOL):
            add_steps(session, RUN, problem.id, 0, [StepValue(n // 2, n // 2 + 1, n / 10)])
    problems = by_problem(found(engine, query(metrics=("words",), details=True, steps=True, tally=True)))
    assert list(problems) == sorted(problems)
    for n, problem in enumerate(POOL):
        of_problem = problems[problem.id]
        assert of_problem.tally == Tally(accepted=1, tokens=5)
        assert of_problem.metrics == {"words": {(RUN, 0): float(n)}}
        assert of_problem.steps == {(RUN, 0): [StepValue(n // 2, n // 2 + 1, n / 10)]}
        assert of_problem.details[RUN, 0].metrics == {"words": float(n)}
