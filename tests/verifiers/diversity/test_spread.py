"""Entropy, ROUGE-L of pairs and distance of embeddings against their definitions."""

from itertools import combinations
from math import cos, log, nan, pi, sin, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gristmill.verifiers.diversity.spread import entropy, mean_cosine_distance, mean_rouge


@pytest.mark.parametrize(
    ("texts", "size", "expected"),
    [
        ([], 1, 0.0),
        ([["a"]], 2, 0.0),
        ([["a", "a", "a"]], 1, 0.0),
        ([["a", "b"], ["c", "d"]], 1, log(4)),
        ([["a", "b"], ["c", "d"]], 2, log(2)),
        ([["a", "a", "a", "b"]], 1, 0.75 * log(4 / 3) + 0.25 * log(4)),
    ],
)
def test_entropy_is_in_nats(texts: list[list[str]], size: int, expected: float) -> None:
    assert entropy(texts, size) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("a b c d", "a b c d", 1.0),
        ("a b", "c d", 0.0),
        ("a b c d", "a c", 2 * 2 / 6),  # the longest common subsequence is a c
        ("a b c", "c b a", 2 * 1 / 6),
        ("", "", 1.0),
        ("", "a", 0.0),
    ],
)
def test_rouge_of_two_texts_is_worked_by_hand(one: str, other: str, expected: float) -> None:
    assert mean_rouge([one.split(), other.split()], pairs=5, seed=0) == pytest.approx(expected)


def test_pairs_are_of_different_texts_and_of_all_of_them() -> None:
    texts = [[str(number)] for number in range(10)]
    assert mean_rouge(texts, pairs=2000, seed=1) == 0.0
    texts[3] = texts[4]
    # One pair of 45 is of equal texts.
    assert mean_rouge(texts, pairs=2000, seed=1) == pytest.approx(1 / 45, abs=0.01)


def test_one_text_has_no_pair() -> None:
    assert mean_rouge([["a"]], pairs=5, seed=0) is None
    assert mean_rouge([], pairs=5, seed=0) is None


@given(st.lists(st.tuples(st.floats(0, 2 * pi), st.floats(0.01, 100)), min_size=2, max_size=12))
def test_the_distance_is_the_mean_over_all_pairs(polar: list[tuple[float, float]]) -> None:
    vectors = [(length * cos(angle), length * sin(angle)) for angle, length in polar]
    pairs = list(combinations([angle for angle, _ in polar], 2))
    expected = sum(1 - cos(one - other) for one, other in pairs) / len(pairs)
    assert mean_cosine_distance(vectors) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("lost", [(0.0, 0.0), (nan, 1.0), (1e200, 1e200), (float("inf"), 0.0)])
def test_a_vector_without_a_direction_is_left_out(lost: tuple[float, float]) -> None:
    assert mean_cosine_distance([(1, 0), lost, (1, 1)]) == pytest.approx(1 - sqrt(0.5))
    assert mean_cosine_distance([lost, (1, 1)]) is None
