import pytest

from gristmill.verifiers.math import symbolic
from gristmill.verifiers.math.normalisation import normalise
from gristmill.verifiers.math.plain_numbers import read_number
from gristmill.verifiers.math.symbolic import compare_expressions, is_rounded_value, read_expression
from gristmill.verifiers.reasons import Reason

EQUAL = [
    (r"\sqrt{8}", r"2\sqrt{2}"), ("x + y", "y + x"), ("(x+1)^2", "x^2+2x+1"), ("2+3i", "3i+2"),
    (r"\sin 30^\circ", r"\frac{1}{2}"), (r"\log_2 8", "3"), (r"\frac{1}{1+\sqrt{2}}", r"\sqrt{2}-1"),
    ("x^2+1=0", "2x^2+2=0"), (r"x \le 3", r"3 \ge x"), (r"\sin^2 x+\cos^2 x", "1"), ("3-2f(x)", "-2f(x)+3"),
    (r"\infty", r"+\infty"), ("2^10", "1024"), ("0.1x", r"\frac{x}{10}"),
]  # fmt: skip

WRONG = [
    (r"\frac{1}{2004!}", r"\frac{1}{2006!}"), ("x", "y"), ("2x", "2"), ("2c", "2"), ("2+3i", "2-3i"),
    (r"\infty", "5"), ("5", r"\infty"), (r"\infty", r"-\infty"), ("5", r"10^{10^{10}}"),
    (r"\pi", r"\frac{355}{113}"), (r"e^{-50}", r"e^{-51}"), ("x<-1", "x>3"), (r"x \le 3", "x < 3"),
    ("3-2f(x)", "4"), (r"10^{-20}x", r"10^{-21}x"),
]  # fmt: skip


@pytest.mark.parametrize(("reference", "answer"), EQUAL)
def test_equal_expressions_are_equal(reference: str, answer: str) -> None:
    assert compare_expressions(normalise(reference), normalise(answer)) is Reason.EQUAL


@pytest.mark.parametrize(("reference", "answer"), WRONG)
def test_expressions_whose_values_differ_are_different(reference: str, answer: str) -> None:
    assert compare_expressions(normalise(reference), normalise(answer)) is Reason.WRONG_ANSWER


def test_equations_without_real_solutions_are_not_taken_for_equal() -> None:
    assert compare_expressions("x^2+1=0", "x^2+2=0") is Reason.UNPROVED


@pytest.mark.parametrize(
    ("reference", "answer"), [(r"\sqrt{x y}", r"\sqrt{x}\sqrt{y}"), (r"\sqrt{x^2}", "x")]
)
def test_expressions_that_differ_at_negative_points_alone_are_left_open(reference: str, answer: str) -> None:
    assert compare_expressions(normalise(reference), normalise(answer)) is Reason.UNPROVED


@pytest.mark.parametrize("failure", [MemoryError, RecursionError, AttributeError])
def test_a_failure_of_the_parser_is_no_unreadable_answer(
    failure: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(text: str) -> None:
        raise failure

    monkeypatch.setattr(symbolic, "parse_latex_cached", failing)
    with pytest.raises(failure):
        read_expression("x")


def test_a_proof_that_was_not_found_is_no_disproof(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(symbolic, "verify", lambda *_, **__: False)
    interval, same = r"x \le \sqrt{4}", r"(-\infty,2]"
    assert compare_expressions(normalise(interval), normalise(same)) is Reason.UNPROVED


def test_it_is_said_which_side_cannot_be_read() -> None:
    assert compare_expressions(r"\oops{", "x") is Reason.UNREADABLE_REFERENCE
    assert compare_expressions("x", r"\oops{") is Reason.UNREADABLE_ANSWER


@pytest.mark.parametrize("text", ["__import__('os')", "{" * 1000, "x $ y", r"\begin{foo}", ""])
def test_what_is_no_mathematics_is_not_read(text: str) -> None:
    assert read_expression(text) is None


@pytest.mark.parametrize(
    ("expression", "shown", "equal"),
    [
        (r"2\sqrt{3}", "3.464", True), (r"2\sqrt{3}", "3.465", False), (r"2\sqrt{3}", "3.46", False),
        (r"\pi", "3.1416", True), (r"\pi", "3.1415", False), (r"\frac{1}{8}", "0.1250", False),
        (r"\sqrt{x}", "1.414", False), (r"1000\sqrt{2}", "1414", False),
    ],
)  # fmt: skip
def test_a_decimal_stands_for_a_value_it_correctly_rounds_to_four_digits(
    expression: str, shown: str, equal: bool
) -> None:
    number = read_number(shown)
    assert number is not None
    assert is_rounded_value(expression, number) is equal
