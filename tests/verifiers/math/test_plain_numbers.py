from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gristmill.verifiers.math.normalisation import normalise
from gristmill.verifiers.math.number_equality import compare_numbers
from gristmill.verifiers.math.plain_numbers import read_number
from gristmill.verifiers.reasons import Reason

READ = [
    ("5", Fraction(5)), ("-5", Fraction(-5)), ("+5", Fraction(5)), (".5", Fraction(1, 2)),
    ("5.", Fraction(5)), ("1,234.50", Fraction(2469, 2)), ("1,234,567", Fraction(1234567)),
    ("1 234 567", Fraction(1234567)), (r"23{,}000", Fraction(23000)), ("3/4", Fraction(3, 4)),
    (r"-\frac{3}{4}", Fraction(-3, 4)), (r"\frac{-3}{4}", Fraction(-3, 4)),
    (r"\frac{3}{-4}", Fraction(-3, 4)), (r"\frac{-3}{-4}", Fraction(3, 4)), (r"\frac34", Fraction(3, 4)),
    (r"\frac{1.5}{2}", Fraction(3, 4)), ("1 1/2", Fraction(3, 2)), (r"1\frac{1}{2}", Fraction(3, 2)),
    (r"-1\frac12", Fraction(-3, 2)), (r"0.\overline{3}", Fraction(1, 3)),
    (r"0.1\overline{6}", Fraction(1, 6)), (r"2.\overline{142857}", Fraction(15, 7)),
    ("0.333...", Fraction(1, 3)), ("0.(3)", Fraction(1, 3)), ("3.54e-07", Fraction(354, 10**9)),
    (r"3.54 \times 10^{-7}", Fraction(354, 10**9)), ("3.54*10^{-7}", Fraction(354, 10**9)),
    ("10^5", Fraction(10**5)), (r"\$5", Fraction(5)), ("-$5.50", Fraction(-11, 2)),
    ("$-5.50", Fraction(-11, 2)), ("5 dollars", Fraction(5)), ("seven", Fraction(7)), ("90°", Fraction(90)),
    (r"1 \pmod{5}", Fraction(1)),
]  # fmt: skip

NO_NUMBERS = [
    "", "x", "2x", "2m", r"3\sqrt{2}", r"2\pi", "12_3", "3:4", "1,2", "12,34", "1/0", "5!", "1/2/3",
    "2^{10}", "3-1/2", "2(3)", "1e999999", r"10^{10^{10}}", "9" * 500, "(1,234)", "1+2", "--",
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), READ)
def test_a_plain_number_is_read_exactly(text: str, value: Fraction) -> None:
    number = read_number(normalise(text))
    assert number is not None
    assert number.value == value


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_anything_else_is_no_plain_number(text: str) -> None:
    assert read_number(normalise(text)) is None


EQUAL = [
    ("0.5", r"\frac{1}{2}"), ("1234", "1,234"), ("50\\%", "50"), ("50\\%", "50\\%"), ("50\\%", "0.5"),
    ("50", "50\\%"), ("0.5", "50\\%"), ("5", "5 cm"), ("5 cm", "5"), ("5 cm", r"5\text{ centimeters}"),
    (r"15\text{ cm}^2", "15 square cm"), (r"\$5", "5 dollars"), ("12 apples", "12"),
    ("12 apples", "12 red apples"), ("1/3", "0.3333"), ("2/3", "0.66667"), ("0.3333", "1/3"),
    ("60 mph", "60 miles per hour"),
]  # fmt: skip

WRONG = [
    ("50", "0.5"), ("0.5", "50"), ("50\\%", "0.5\\%"), ("3.04", "0.0304"), ("1001.5", "1001"),
    ("1/3", "0.33"), ("1/3", "0.333"), ("1/3", "0.3334"), ("2/3", "0.6666"), ("1/8", "0.1250001"),
    ("50073/50", "1001.5"), ("16.67", "16.674"), ("1 1/2", "11/2"), ("0.5", "0.5\\%"), ("1", "1\\%"),
    ("5 cm", "5 m"), (r"\$5", "5 cents"), ("5 m", "5 s"), ("5 cm", "6 kg"), ("3.54e-7", "4e-7"),
    ("10^5", "10^6"),
]  # fmt: skip

OTHER_UNIT = [
    ("500 cm", "5 m"),
    (r"\$5", "500 cents"),
    ("90 minutes", "1.5 hours"),
    (r"1\text{ l}", "1000 ml"),
]


def compared(reference: str, answer: str) -> Reason:
    wanted, given = read_number(normalise(reference)), read_number(normalise(answer))
    assert wanted is not None
    assert given is not None
    return compare_numbers(wanted, given)


@pytest.mark.parametrize(("reference", "answer"), EQUAL)
def test_equal_numbers_are_equal(reference: str, answer: str) -> None:
    assert compared(reference, answer) is Reason.EQUAL


@pytest.mark.parametrize(("reference", "answer"), WRONG)
def test_different_numbers_are_different(reference: str, answer: str) -> None:
    assert compared(reference, answer) is Reason.WRONG_ANSWER


@pytest.mark.parametrize(("reference", "answer"), OTHER_UNIT)
def test_different_numbers_in_units_of_one_kind_are_left_open(reference: str, answer: str) -> None:
    assert compared(reference, answer) is Reason.OTHER_UNIT


@given(st.integers(-(10**30), 10**30), st.integers(1, 10**6))
def test_every_fraction_equals_itself_however_it_is_written(top: int, bottom: int) -> None:
    spellings = [f"{top}/{bottom}", rf"\frac{{{top}}}{{{bottom}}}", rf"-\dfrac{{{-top}}}{{{bottom}}}"]
    for spelling in spellings:
        number = read_number(normalise(spelling))
        assert number is not None
        assert number.value == Fraction(top, bottom)


@given(st.integers(-(10**9), 10**9), st.integers(0, 6), st.integers(-(10**9), 10**9))
def test_two_decimals_are_equal_exactly_when_their_values_are(one: int, places: int, other: int) -> None:
    first, second = (f"{number / 10**places:.{places}f}" for number in (one, other))
    expected = Reason.EQUAL if Fraction(first) == Fraction(second) else Reason.WRONG_ANSWER
    assert compared(first, second) is expected
