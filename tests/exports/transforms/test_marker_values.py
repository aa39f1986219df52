from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gristmill.db.exports.records import ExportAttempt, ExportProblem
from gristmill.exports.rows import Example
from gristmill.exports.settings import MarkerName
from gristmill.exports.transforms.marker_values import MARKERS, Quartiles, Subject
from gristmill.sampling.records import Problem
from tests.exports.samples import HOSTILE, a_problem, an_attempt, problem_with

ENGLISH = "The answer to the question is four, since two and two are four."
GERMAN = "Die Antwort auf die Frage lautet vier, denn zwei und zwei sind vier."
FORMULA = "2 + 2 = 4"


def an_example(problem: Problem, attempt: ExportAttempt) -> Example:
    return Example(problem.prompt, attempt.text, problem, attempt)


def export_problems(values: Sequence[float], text: str = ENGLISH, first: int = 0) -> list[ExportProblem]:
    """A problem for each value, one response each."""
    return [
        problem_with(
            a_problem(f"Question {number}?"), an_attempt(text=text), metrics={"mtld": {("run", 0): value}}
        )
        for number, value in enumerate(values, start=first)
    ]


def buckets(problems: Sequence[ExportProblem], seed: int = 0) -> list[int | None]:
    quartiles = Quartiles(problems, "mtld", seed)
    return [quartiles.quartile(problem, problem.attempts[0]) for problem in problems]


PROBLEM = replace(a_problem(level="Level 5", source="gsm8k"), origin={"maker": "evolve"})
ATTEMPT = an_attempt(text=f"{ENGLISH} Indeed.", tokens=300, model="smol")
VALUES: list[tuple[MarkerName, str]] = [
    ("level", "Level 5"),
    ("source", "gsm8k"),
    ("model", "smol"),
    ("verifier", "math"),
    ("task", "evolve"),
    ("language", "en"),
    ("sentences", "2"),
    ("length_tokens", "300"),
    ("length_bucket", "medium"),
    ("quality", "0.333333"),
    ("quality_bucket", "3"),
]


@pytest.mark.parametrize(("name", "value"), VALUES)
def test_a_marker_says_what_its_name_says(name: MarkerName, value: str) -> None:
    assert MARKERS[name](Subject(an_example(PROBLEM, ATTEMPT), 1 / 3, 3)) == value


def test_every_marker_of_the_settings_is_registered_and_tested() -> None:
    assert tuple(MARKERS) == get_args(MarkerName) == tuple(name for name, _ in VALUES)


@pytest.mark.parametrize("name", ["level", "task", "language", "quality", "quality_bucket"])
def test_what_is_not_known_has_no_marker(name: MarkerName) -> None:
    assert MARKERS[name](Subject(an_example(a_problem(), an_attempt(text=FORMULA)))) is None


@pytest.mark.parametrize(
    ("tokens", "bucket"), [(0, "concise"), (128, "concise"), (129, "medium"), (512, "medium"), (513, "long")]
)
def test_length_buckets_end_at_their_bounds(tokens: int, bucket: str) -> None:
    assert MARKERS["length_bucket"](Subject(an_example(PROBLEM, an_attempt(tokens=tokens)))) == bucket


@given(HOSTILE)
def test_any_response_can_be_told_of(text: str) -> None:
    subject = Subject(an_example(a_problem(text), an_attempt(text=text, model=text)))
    assert all(isinstance(value_of(subject), str | None) for value_of in MARKERS.values())


def test_quartiles_hold_a_quarter_of_each_language() -> None:
    english = export_problems([float(value % 97) for value in range(1_000)])
    german = export_problems([1_000.0 + value for value in range(400)], GERMAN, first=1_000)
    counts = Counter(zip([True] * 1_000 + [False] * 400, buckets([*english, *german]), strict=True))
    for quarter in (1, 2, 3, 4):
        assert counts[True, quarter] == 250
        assert counts[False, quarter] == 100


def test_quartiles_of_equal_values_are_drawn_by_lot_and_still_hold_a_quarter() -> None:
    problems = export_problems([5.0] * 1_000)
    found = buckets(problems)
    assert Counter(found) == {1: 250, 2: 250, 3: 250, 4: 250}
    assert found != buckets(problems, seed=1)
    assert found[::-1] == buckets(problems[::-1])


@given(st.lists(st.floats(0, 3).map(round).map(float), min_size=1, max_size=60), st.integers(0, 5))
def test_quartiles_differ_by_one_at_most_and_never_cross_values(values: list[float], seed: int) -> None:
    found = buckets(export_problems(values, FORMULA), seed)
    counts = Counter(found)
    if len(values) >= 4:
        assert max(counts.values()) - min(counts.values()) <= 1
        assert set(counts) == {1, 2, 3, 4}
    pairs = sorted(zip(values, (bucket or 0 for bucket in found), strict=True))
    assert [bucket for _, bucket in pairs] == sorted(bucket for _, bucket in pairs)


def test_a_response_without_the_metric_has_no_quartile_and_is_counted() -> None:
    known, unknown = export_problems([1.0])[0], problem_with(a_problem("Another?"), an_attempt())
    quartiles = Quartiles([known, unknown], "mtld", 0)
    assert quartiles.without == 1
    assert quartiles.quartile(unknown, unknown.attempts[0]) is None
