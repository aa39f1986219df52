import pytest

from gristmill.verifiers.math.normalisation import normalise
from gristmill.verifiers.math.text_answers import compare_written, is_words
from gristmill.verifiers.reasons import Reason

EQUAL = [
    ("White", "white"), (r"\text{White}", "White"), (r"\text{The circle}", "circle."), ("no", r"\text{No}"),
    ("Saint John's", "saint johns"), ("3:00 PM", "3:00 p.m."), (r"3:00\text{ p.m.}", "15:00"),
    ("3:00 PM", "3:00"), ("12:30 AM", "0:30"), ("3:4", "6:8"), ("3:4", r"\frac{3}{4}"), ("1.5:2", "3:4"),
    ("5:00", "05:00"), ("12_3", "12_{3}"), ("12_3", "12"), ("2A_{11}", r"2a_{11}"),
]  # fmt: skip

WRONG = [
    ("no", "unknown"), ("unknown", "no"), ("Monday", "monotone"), ("Monday", "Mon"), ("east", "west"),
    ("on", "no"), ("white", "whiet"), ("3:00 PM", "3:00 AM"),
    ("3:00 PM", "3:01 PM"), ("12:00 PM", "12:00 AM"), ("3:4", "4:3"), ("3:4", "3:4:5"), ("12_3", "12_4"),
    ("12", "12_3"), ("10", "10_2"), ("10:00", "5:00"), ("6:00", "12:00"), ("12_3", "5"), ("12_3", "21_3"),
]  # fmt: skip


@pytest.mark.parametrize(("reference", "answer"), EQUAL)
def test_written_answers_that_say_the_same_are_equal(reference: str, answer: str) -> None:
    assert compare_written(normalise(reference), normalise(answer)) is Reason.EQUAL


@pytest.mark.parametrize(("reference", "answer"), WRONG)
def test_written_answers_are_compared_whole(reference: str, answer: str) -> None:
    assert compare_written(normalise(reference), normalise(answer)) is Reason.WRONG_ANSWER


@pytest.mark.parametrize(
    "reference", ["5", "x", "xy", "a", r"\frac{1}{2}", "(1,2)", r"\sin x", "x_1", "C_2", "1,2"]
)
def test_mathematics_is_left_to_others(reference: str) -> None:
    assert compare_written(normalise(reference), "5") is None


@pytest.mark.parametrize("text", ["even", r"\text{x}", "no", r"\text{even}", "New York", "Élodie"])
def test_words_are_words(text: str) -> None:
    assert is_words(text)


@pytest.mark.parametrize("text", ["ab", "xyz", r"\sqrt{2}", "5 apples", "sqrt", r"\text{5}", "a+bcde"])
def test_products_of_letters_are_no_words(text: str) -> None:
    assert not is_words(text)
