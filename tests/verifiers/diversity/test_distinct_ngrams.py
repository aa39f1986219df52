"""Distinct-n against its definition, in windows, and estimated where memory is short."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gristmill.verifiers.diversity.distinct_ngrams import WINDOW_WORDS, DistinctNgrams, NgramShare, words

Texts = list[list[str]]


def shares(texts: Texts, most_kept: int = 1000) -> tuple[NgramShare, ...]:
    ngrams = DistinctNgrams(most_kept)
    for text in texts:
        ngrams.add(text)
    return ngrams.shares()


def all_ngrams(texts: Texts, size: int) -> list[tuple[str, ...]]:
    return [tuple(text[i : i + size]) for text in texts for i in range(len(text) - size + 1)]


texts_of_few_words = st.lists(st.lists(st.sampled_from("abcde"), max_size=20), max_size=20)


@given(texts_of_few_words)
def test_counts_are_those_of_the_definition(texts: Texts) -> None:
    for share in shares(texts):
        every = all_ngrams(texts, share.size)
        assert (share.ngrams, share.distinct, share.exact) == (len(every), len(set(every)), True)
        assert share.share == (len(set(every)) / len(every) if every else 0)
        assert share.in_windows is None


def test_a_case_worked_by_hand() -> None:
    # the cat sat / the cat ran: 6 words of which 4 differ, 4 pairs of which 3 do, 2 triples.
    found = shares([words("The cat sat."), words("the CAT ran!")])
    assert [(share.ngrams, share.distinct) for share in found] == [(6, 4), (4, 3), (2, 2), (0, 0)]


def test_the_order_of_words_makes_another_ngram() -> None:
    assert shares([["a", "b"], ["b", "a"]])[1].distinct == 2


@pytest.mark.parametrize("length", [1, 7, 999, 1000, 1001, 4321])
def test_windows_are_the_same_however_the_words_are_cut_into_texts(length: int) -> None:
    rng = random.Random(length)
    stream = [rng.choice("abcdefghij") for _ in range(3 * WINDOW_WORDS + 17)]
    texts = [stream[start : start + length] for start in range(0, len(stream), length)]
    found = shares(texts)
    for share in found:
        parts = []
        for start in range(0, 3 * WINDOW_WORDS, WINDOW_WORDS):
            # An n-gram is its last word's, and does not run from one text into the next.
            ends = range(start, start + WINDOW_WORDS)
            grams = [
                tuple(stream[end - share.size + 1 : end + 1])
                for end in ends
                if end % length >= share.size - 1
            ]
            parts.append(len(set(grams)) / max(1, len(grams)))
        assert share.in_windows == pytest.approx(sum(parts) / 3)


def test_windows_do_not_fall_with_the_size_of_the_set_as_the_whole_does() -> None:
    rng = random.Random(5)
    vocabulary = [f"w{number}" for number in range(3000)]
    small, large = (shares([rng.choices(vocabulary, k=50) for _ in range(texts)]) for texts in (40, 800))
    assert large[0].share < small[0].share / 3
    assert large[0].in_windows == pytest.approx(small[0].in_windows, rel=0.03)


def test_more_ngrams_than_are_kept_are_estimated() -> None:
    rng = random.Random(6)
    texts = [[str(rng.randrange(10**9)) for _ in range(20)] for _ in range(3000)]
    for share in shares(texts, most_kept=8192):
        every = all_ngrams(texts, share.size)
        assert not share.exact
        # Between 4,096 and 8,192 are kept: four standard errors are 6 %.
        assert share.distinct == pytest.approx(len(set(every)), rel=0.06)
        assert share.share <= 1


def test_what_is_estimated_counts_a_repeated_ngram_once() -> None:
    texts = [[str(number) for number in range(start, start + 20)] for start in range(0, 2000, 20)] * 3
    once = shares(texts[:100], most_kept=500)
    assert [share.distinct for share in shares(texts, most_kept=500)] == [share.distinct for share in once]


@pytest.mark.parametrize("hostile", ["", "\x00", "\ud800 \udfff", "\u202ertl", "x" * 10**6, "ab " * 10**6])
def test_any_text_has_words_and_not_too_many(hostile: str) -> None:
    found = words(hostile)
    assert sum(map(len, found)) <= 100_000
    assert shares([found])[0].ngrams == len(found)
