from collections import defaultdict
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gristmill.verifiers.constraints import (
    CONSTRAINTS,
    Constraint,
    conflict,
    conflicts,
    constraint,
    violation,
)
from tests.verifiers.constraints.all_cases import CASES
from tests.verifiers.constraints.arguments import opposite
from tests.verifiers.constraints.cases import Case

PROMPT = "Why do ships float?"


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.kind}-{case.holds}-{case.text[:20]!a}")
def test_a_constraint_holds_for_what_satisfies_it_alone(case: Case) -> None:
    evidence = constraint(case.kind, case.args).check(case.text)
    assert (evidence is None) is case.holds, evidence
    assert evidence is None or 0 < len(evidence) < 3000


def test_every_kind_has_four_cases_at_least_of_both_sorts_and_none_twice() -> None:
    found: dict[str, list[bool]] = defaultdict(list)
    for case in CASES:
        found[case.kind].append(case.holds)
    assert found.keys() == CONSTRAINTS.keys()
    assert not [kind for kind, held in found.items() if len(held) < 4 or len(set(held)) < 2]
    assert len({(case.kind, case.text, str(case.args)) for case in CASES}) == len(CASES)


def test_a_kind_is_registered_under_its_own_slug() -> None:
    assert [kind.kind for kind in CONSTRAINTS.values()] == list(CONSTRAINTS)


def sampled(count: int) -> list[Constraint]:
    rng = Random(5)
    return [kind.sample(rng, PROMPT) for kind in CONSTRAINTS.values() for _ in range(count)]


SAMPLED = sampled(1)


def test_a_constraint_and_its_opposite_are_a_conflict_in_either_order() -> None:
    for one in [*sampled(20), *(constraint(case.kind, case.args) for case in CASES)]:
        assert conflict(one, opposite(one)), one
        assert conflict(opposite(one), one), one


@pytest.mark.full
def test_no_text_of_any_case_satisfies_a_constraint_and_its_opposite() -> None:
    for one in [*sampled(2), *(constraint(case.kind, case.args) for case in CASES)]:
        other = opposite(one)
        for case in CASES:
            assert one.check(case.text) or other.check(case.text), (one, other, case.text)


def test_no_constraint_that_is_drawn_contradicts_itself() -> None:
    assert not [one for one in sampled(50) if conflicts([one])]


def test_what_is_told_is_one_line_that_names_the_arguments() -> None:
    for one in sampled(5):
        told = one.sentence()
        assert told[0].isupper()
        assert "\n" not in told
        for name, value in one.model_dump().items():
            if isinstance(value, int) and value > 1:
                assert str(value) in told, (one, name)


TOLD: list[tuple[str, dict[str, object], str]] = [
    ("words-exactly", {"count": 1}, "Write exactly 1 word."),
    ("words-exactly", {"count": 2}, "Write exactly 2 words."),
    ("letter-at-most", {"letter": "e", "count": 1}, 'Use the letter "e", small or capital, at most once.'),
    ("letter-at-most", {"letter": "e", "count": 2}, 'Use the letter "e", small or capital, at most 2 times.'),
    ("starts-with", {"phrase": "{s} {0}"}, 'Start your answer with exactly these words: "{s} {0}"'),
]


@pytest.mark.parametrize(("kind", "args", "told"), TOLD)
def test_what_is_told_has_the_arguments_as_they_are(kind: str, args: dict[str, object], told: str) -> None:
    assert constraint(kind, args).sentence() == told


SIZE = 1_000_000
UNITS = (
    "a", "a ", ". ", ".", "*", "*a", "<<", "[", '{"a":', "\n \n", "\n- ", "\nP.S. Section 1", "a\u0301\u0323",
    "?\ud800\0\u202e", "1,", "中", "'", "Dr. ",
)  # fmt: skip


@pytest.mark.full
@pytest.mark.timeout(60)
def test_a_megabyte_of_anything_is_checked_in_the_end() -> None:
    """Runs of each unit, 50,000 characters and more: time quadratic in one of them would be minutes."""
    text = "\n".join(unit * (SIZE // len(UNITS) // len(unit)) for unit in UNITS)
    for one in sampled(1):
        evidence = one.check(text)
        assert evidence is None or len(evidence) < 3000


@pytest.mark.full
@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "unit", ["The rivers *flow* to the market. ", "Größe – “é” *river*. ", "gardens lanterns_ red "]
)
def test_keywords_are_looked_for_in_linear_time(unit: str) -> None:
    """In all readings of the loose form: what is quadratic takes an hour."""
    one = constraint("keywords-included", {"keywords": ["garden", "lantern", "red river"]})
    third = unit * (SIZE // len(unit) // 6)
    told = violation(one, f"{third}\n{third}\n{third}", loose=True)
    assert told == 'missing: "garden", "lantern", "red river"'


@pytest.mark.parametrize("text", ["", "\0", "\ud800", " \n", "*", '"', "***", "\u202e[<<*"], ids=ascii)
def test_no_check_raises_whatever_the_text(text: str) -> None:
    for one in sampled(3):
        violation(one, text, loose=True)


@given(st.text(st.characters(), max_size=60))
def test_no_check_raises_on_text_at_random(text: str) -> None:
    for one in SAMPLED:
        violation(one, text, loose=True)
