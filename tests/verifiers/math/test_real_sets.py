from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gristmill.verifiers.math.real_sets import RealSet, complement, intersection, interval, union
from gristmill.verifiers.math.set_equality import compare_sets
from gristmill.verifiers.reasons import Reason

ENDS = st.integers(-4, 4).map(Fraction)
SETS = st.lists(st.tuples(ENDS, ENDS, st.booleans(), st.booleans()), max_size=4).map(
    lambda each: union(tuple(one for ends in each for one in interval(*ends)))
)
NUMBERS = [Fraction(number, 2) for number in range(-10, 11)]


def members(of: RealSet) -> set[Fraction]:
    return {number for number in NUMBERS if any(each.has(number) for each in of)}


@given(SETS, SETS)
def test_operations_do_to_sets_what_they_do_to_their_members(one: RealSet, other: RealSet) -> None:
    assert members(union(one + other)) == members(one) | members(other)
    assert members(intersection(one, other)) == members(one) & members(other)
    assert members(complement(one)) == set(NUMBERS) - members(one)
    assert complement(complement(one)) == one
    assert (one == other) == (members(one) == members(other))


@pytest.mark.parametrize("text", ["x+y<1", "x^2<4", "(1,2,3)", r"[-\infty,1]", r"\{x : y\}", "<", r"x \ne"])
def test_what_is_no_set_of_reals_is_left_to_others(text: str) -> None:
    assert compare_sets(text, "x<3") is None


def test_an_end_is_known_however_it_is_written() -> None:
    assert compare_sets(r"x<\sqrt{8}", r"(-\infty,2\sqrt{2})") is Reason.EQUAL
    assert compare_sets(r"x<\sqrt{8}", r"(-\infty,2\sqrt{3})") is Reason.WRONG_ANSWER
