from fractions import Fraction

import pytest

from gristmill.verifiers.math.number_words import read_words, signed_by_word


@pytest.mark.parametrize(
    ("text", "value", "rest"),
    [
        ("twenty-one", Fraction(21), ""), ("twenty five apples", Fraction(25), " apples"),
        ("one hundred and twenty-three", Fraction(123), ""),
        ("two thousand five hundred", Fraction(2500), ""),
        ("two thirds", Fraction(2, 3), ""), (r"\text{three-quarters}", Fraction(3, 4), ""),
        ("one and a half", Fraction(3, 2), ""), ("minus seven", Fraction(-7), ""),
        ("sixteen", Fraction(16), ""), ("ten thousandths", Fraction(1, 100), ""),
    ],
)  # fmt: skip
def test_words_make_the_longest_number(text: str, value: Fraction, rest: str) -> None:
    assert read_words(text) == (value, rest)


@pytest.mark.parametrize("text", ["", "third", "a", "a dozen", "onerous", "the five", "5"])
def test_other_words_make_none(text: str) -> None:
    assert read_words(text) is None


def test_a_word_can_be_the_sign_of_digits() -> None:
    assert signed_by_word("minus 5") == signed_by_word(r"\text{negative }5") == (True, "5")
    assert signed_by_word("minus five") == (False, "minus five")
