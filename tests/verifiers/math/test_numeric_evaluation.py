import pytest

from gristmill.verifiers.math.numeric_evaluation import Closeness, closeness_of, value_at
from gristmill.verifiers.math.symbolic import read_expression


@pytest.mark.parametrize(
    ("one", "other", "closeness"),
    [
        (r"\sqrt{8}", r"2\sqrt{2}", Closeness.SAME),
        ("x", "x+1", Closeness.DIFFERENT),
        (r"\sqrt{x^2}", "x", Closeness.UNKNOWN),
        (r"\frac{1}{0}", "1", Closeness.DIFFERENT),
    ],
)
def test_values_tell_expressions_apart(one: str, other: str, closeness: Closeness) -> None:
    assert closeness_of(read_expression(one), read_expression(other)) is closeness


def test_a_value_that_is_no_number_is_none() -> None:
    assert value_at(read_expression("x+y"), {}) is None
