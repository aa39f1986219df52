import pytest

from gristmill.verifiers.metrics import metric
from gristmill.verifiers.metrics.diversity import mtld_of

TEN = "ape bee cat dog elk fox gnu hen ibis jay"
BLOCKS = " ".join(f"{block}{number % 18}" for block in "ab" for number in range(25))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("ape " * 10, 2),  # a factor ends at every second word
        (TEN, 10),  # no factor: the length
        (TEN + " ape", 11 / ((1 / 11) / 0.28)),  # a part of one factor, the same from both ends
        ("ape bee ape " * 4, 3),  # two of three words
        (BLOCKS, 25),  # 18 of 25 words, 0.72 itself
        ("ape bee cat", 0),
        ("ape " * 9, 0),
        ("Ape, APE! ape? (ape) " * 5, 2),
    ],
)
def test_mtld_has_the_value_worked_out_by_hand(text: str, value: float) -> None:
    assert metric("mtld", text) == pytest.approx(value)


def test_mtld_is_the_mean_of_both_directions() -> None:
    found = ["ape", "ape", "bee", "cat", "dog", "elk", "fox", "gnu", "hen", "ibis"]
    forward = 10 / 1  # two words make a factor, nothing is repeated after them
    backward = 10 / ((1 / 10) / 0.28)
    assert mtld_of(found) == pytest.approx((forward + backward) / 2)
    assert mtld_of(found[::-1]) == mtld_of(found)


def test_a_longer_text_of_the_same_kind_has_the_same_mtld() -> None:
    once = "the cat saw the dog and the dog saw the cat and then they both ran off to the house of the cat "
    assert metric("mtld", once * 40) == pytest.approx(metric("mtld", once * 20), rel=0.05)
    assert metric("unique-words", once * 40) == pytest.approx(metric("unique-words", once * 20) / 2)
