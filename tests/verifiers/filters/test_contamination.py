import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gristmill.text.words import folded_words
from gristmill.verifiers.filters.benchmarks import BenchmarkItem
from gristmill.verifiers.filters.contamination import FEWEST_WITHIN, ContaminationIndex

ITEM = "one two three four five six seven eight nine ten eleven twelve"


def index(*texts: str, ngram: int = 10) -> ContaminationIndex:
    return ContaminationIndex((BenchmarkItem("file", n, text) for n, text in enumerate(texts, 1)), ngram)


CASES = [
    (ITEM, "x " + ITEM + " y", 12),
    (ITEM, ITEM.upper().replace(" ", ", "), 12),
    (ITEM, "one two three four five six seven eight nine ten other", 10),
    (ITEM, "zero two three four five six seven eight nine ten eleven end", 10),
    (ITEM, "one two three four five six seven eight nine other ten eleven", None),
    ("five words make an item", "here five words make an item too", 5),
    ("four words are few", "well four words are few enough", None),
    ("four words are few", "Four words are few!", 4),
    ("...", "...", None),
    (ITEM, "", None),
]


@pytest.mark.parametrize(("item", "text", "shared"), CASES)
def test_a_shared_run_is_found_and_drawn_out_to_both_sides(item: str, text: str, shared: int | None) -> None:
    span = index(item).shared(folded_words(text))
    assert (None if span is None else len(span.words)) == shared
    if span is not None:
        assert " ".join(span.words) in " ".join(folded_words(text))
        assert " ".join(span.words) in " ".join(folded_words(item))


def test_the_item_is_named_and_of_several_the_first() -> None:
    items = index("something else entirely, as it were", ITEM, f"{ITEM} again")
    span = items.shared(folded_words(f"a {ITEM}"))
    assert span is not None
    assert (span.item.line, span.item.file) == (2, "file")


def test_an_empty_benchmark_finds_nothing() -> None:
    assert index().shared(folded_words(ITEM)) is None


def brute_force(items: list[list[str]], words: list[str], ngram: int) -> bool:
    for item in items:
        length = min(len(item), ngram)
        whole = length < ngram and length < FEWEST_WITHIN
        runs = [item[start : start + length] for start in range(len(item) - length + 1)] if length else []
        for start in range(len(words) - length + 1):
            if words[start : start + length] in runs and (not whole or length == len(words)):
                return True
    return False


WORDS = st.lists(st.sampled_from("abc"), max_size=14)


@given(st.lists(WORDS, max_size=4), WORDS, st.integers(3, 8))
def test_the_index_answers_as_a_comparison_with_every_run_does(
    items: list[list[str]], words: list[str], ngram: int
) -> None:
    built = index(*(" ".join(item) for item in items), ngram=ngram)
    assert (built.shared(words) is not None) == brute_force(items, words, ngram)


def test_a_hash_that_two_runs_share_turns_nothing_away() -> None:
    built = index(ITEM)
    built._hashes[:] = built._hashes[0]
    rng = random.Random(1)
    other = [f"w{rng.randrange(99)}" for _ in range(40)]
    assert built.shared(other) is None


def test_hostile_words_are_looked_up_like_others() -> None:
    hostile = folded_words("\0 \ud800x " + "a" * 10_000 + " \u202e" + " b" * 3000)
    assert index(ITEM, "b " * 50).shared(hostile) is not None
    assert index(ITEM).shared(hostile) is None
