import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import LCSseq

from gristmill.text.words import folded_words
from gristmill.verifiers.filters.rouge import RougeIndex, rouge_l

WORDS = [f"w{number}" for number in range(40)]
TEXTS = st.lists(st.sampled_from(WORDS), max_size=60)


def subsequence(first: list[str], second: list[str]) -> int:
    """Length of the longest common one, by the textbook's table."""
    row = [0] * (len(second) + 1)
    for word in first:
        diagonal = 0
        for index, other in enumerate(second, 1):
            diagonal, row[index] = (
                row[index],
                diagonal + 1 if word == other else max(row[index], row[index - 1]),
            )
    return row[-1]


def brute_force(texts: list[list[str]], query: list[str], limit: float) -> tuple[int, float] | None:
    scores = [2 * subsequence(text, query) / max(1, len(text) + len(query)) for text in texts]
    best = max(range(len(scores)), key=lambda number: (scores[number], -number), default=None)
    return (best, scores[best]) if best is not None and scores[best] > limit else None


def indexed(texts: list[list[str]], limit: float) -> RougeIndex:
    index = RougeIndex(limit)
    for text in texts:
        index.add(text)
    return index


CASES = [
    ("the cat sat on the mat", "the cat sat on the mat", 1.0),
    ("police killed the gunman", "police kill the gunman", 0.75),
    ("police killed the gunman", "the gunman kill police", 0.5),
    ("a b c d", "e f g h", 0.0),
    ("a", "a b c", 0.5),
    ("a a a b", "a b", 4 / 6),
    ("", "", 0.0),
    ("a", "", 0.0),
]
"""The second and third are the examples of Lin (2004), section 3.1, with beta 1."""


@pytest.mark.parametrize(("first", "second", "score"), CASES)
def test_the_f_measure_is_that_of_the_longest_common_subsequence(
    first: str, second: str, score: float
) -> None:
    assert rouge_l(first.split(), second.split()) == pytest.approx(score)
    assert rouge_l(second.split(), first.split()) == pytest.approx(score)


@given(st.lists(TEXTS, max_size=30), TEXTS, st.sampled_from([0.3, 0.5, 0.7, 0.9]))
def test_the_index_answers_as_a_comparison_with_every_text_does(
    texts: list[list[str]], query: list[str], limit: float
) -> None:
    assert indexed(texts, limit).nearest(query) == brute_force(texts, query, limit)


@pytest.mark.full
@settings(max_examples=40)
@given(st.integers(0, 10**6), st.sampled_from([0.5, 0.6, 0.7, 0.8]))
def test_texts_around_the_limit_are_told_as_a_comparison_with_every_text_does(
    seed: int, limit: float
) -> None:
    rng = random.Random(seed)
    texts = [rng.choices(WORDS, k=rng.randint(3, 50)) for _ in range(20)]
    index = indexed(texts, limit)
    for text in texts:
        near = list(text)
        for _ in range(rng.randint(0, max(1, int(len(text) * (1 - limit) * 1.2)))):
            near[rng.randrange(len(near))] = rng.choice([*WORDS, "new", "other", "third"])
        assert index.nearest(near) == brute_force(texts, near, limit)


def test_a_score_at_the_limit_is_not_above_it() -> None:
    ten = [f"t{number}" for number in range(10)]
    index = indexed([ten], 0.7)
    assert index.nearest([*ten[:7], "x", "y", "z"]) is None
    assert index.nearest([*ten[:8], "y", "z"]) == (0, 0.8)


def test_of_equals_the_first_is_named_and_an_empty_index_names_none() -> None:
    assert indexed([["a", "b"], ["a", "b"]], 0.7).nearest(["a", "b"]) == (0, 1.0)
    assert RougeIndex(0.7).nearest(["a"]) is None
    assert indexed([["a"]], 0.7).nearest([]) is None


@pytest.mark.full
@pytest.mark.parametrize("limit", [0.05, 0.7, 0.95])
def test_very_long_texts_and_very_short_ones_live_in_one_index(limit: float) -> None:
    rng = random.Random(3)
    long = [f"l{rng.randrange(900)}" for _ in range(1500)]
    texts = [long, ["a"], ["a", "b", "c"], ["same"] * 700]
    index = indexed(texts, limit)
    for query in ([*long[:1400], "end"], ["a"], ["same"] * 600, long[::-1], ["a", "b"], ["none"]):
        assert index.nearest(query) == brute_force(texts, query, limit)


def test_texts_past_one_sweep_and_past_the_first_room_are_found() -> None:
    rng = random.Random(5)
    texts = [[f"v{rng.randrange(5000)}" for _ in range(12)] for _ in range(20_000)]
    index = indexed(texts, 0.7)
    assert len(index) == 20_000
    for number in (0, 1023, 1024, 8191, 8192, 16_383, 16_384, 19_999):
        assert index.nearest([*texts[number][:10], "x", "y"]) == (number, 20 / 24)


def test_hostile_words_are_words() -> None:
    texts = [folded_words(text) for text in ("a\ud800b c", "\0 x \u202e y", "z" * 4000)]
    assert indexed(texts, 0.7).nearest(texts[0]) == (0, 1.0)


class Counted:
    """The real comparison, which counts how often it is made."""

    made = 0

    @classmethod
    def similarity(cls, first: Sequence[int], second: Sequence[int], *, score_cutoff: int) -> int:
        cls.made += 1
        return int(LCSseq.similarity(first, second, score_cutoff=score_cutoff))


@pytest.mark.full
def test_of_twenty_thousand_texts_hardly_one_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(9)
    texts = [[f"v{int(9000 ** rng.random())}" for _ in range(45)] for _ in range(20_000)]
    index = indexed(texts, 0.7)
    monkeypatch.setattr("gristmill.verifiers.filters.rouge.LCSseq", Counted)
    monkeypatch.setattr(Counted, "made", 0)
    for number, text in enumerate(texts[:200]):
        assert index.nearest(text) == (number, 1.0)
        assert index.nearest(text[::-1]) is None
    assert 200 <= Counted.made < 4 * 200
