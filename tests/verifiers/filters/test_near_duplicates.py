import random

import pytest

from gristmill.sampling.errors import DataError
from gristmill.verifiers.filters.near_duplicates import (
    PERMUTATIONS,
    NearDuplicateIndex,
    bands_for,
    jaccard,
    shingles,
    sketch_from,
    sketch_of,
    sketch_state,
)


def indexed(texts: list[str], limit: float = 0.8) -> NearDuplicateIndex:
    index = NearDuplicateIndex(limit)
    for text in texts:
        index.add(text, sketch_of(text))
    return index


def test_shingles_see_neither_case_nor_punctuation() -> None:
    assert shingles("Ab, cd-E!") == {"ab cd", "b cd ", " cd e"}
    assert shingles("a") == {"a"}
    assert shingles("") == {""}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Compute 3*4", "Compute 3/4"),
        ("Solve the equation x=-1", "Solve the equation x=1"),
        ("Is 5 > 3 ?", "Is 5 < 3 ?"),
        ("What is 17+25?", "What is 17+26?"),
        ("What is C++?", "What is C?"),
    ],
)
def test_formulas_that_differ_in_a_sign_share_little(one: str, other: str) -> None:
    assert jaccard(shingles(one), shingles(other)) < 0.5


def test_the_share_is_jaccard_s() -> None:
    assert jaccard({"a", "b", "c"}, {"b", "c", "d"}) == 0.5
    assert jaccard({"a"}, {"a"}) == 1.0


@pytest.mark.parametrize("limit", [0.05, 0.3, 0.5, 0.7, 0.8, 0.9, 0.99, 1.0])
def test_bands_miss_at_most_one_pair_in_a_hundred_at_the_limit(limit: float) -> None:
    bands = bands_for(limit)
    assert PERMUTATIONS % bands == 0
    missed = (1 - limit ** (PERMUTATIONS // bands)) ** bands
    assert missed <= 0.01 or bands == PERMUTATIONS


def test_changed_texts_are_found_with_their_exact_share_or_are_below_the_limit() -> None:
    rng = random.Random(2)
    texts = [" ".join(f"word{rng.randrange(3000)}" for _ in range(40)) for _ in range(300)]
    index, above, found = indexed(texts), 0, 0
    for number, text in enumerate(texts):
        words = text.split()
        for _ in range(rng.randint(0, 6)):
            words[rng.randrange(40)] = f"new{rng.randrange(99)}"
        changed = " ".join(words)
        share = jaccard(shingles(text), shingles(changed))
        nearest = index.nearest(changed, sketch_of(changed))
        above += share > 0.8
        found += nearest is not None
        assert nearest is None or nearest == (number, share)
        assert share > 0.8 or nearest is None
    assert above > 100
    assert found >= 0.98 * above


def test_of_equals_the_first_is_named() -> None:
    index = indexed(["the same text", "The same text!"])
    assert index.nearest("the same text", sketch_of("the same text")) == (0, 1.0)


def test_a_sketch_is_the_same_after_it_was_kept() -> None:
    text = "A text of some length, \0 with \ud800 what it may hold."
    state = sketch_state(sketch_of(text))
    assert sketch_from(state).digest() == sketch_of(text).digest()
    assert len(state) < 700


@pytest.mark.parametrize("state", [b"", b"abc", b"\0" * 640, sketch_state(sketch_of("x"))[:-9]])
def test_other_bytes_are_no_sketch(state: bytes) -> None:
    with pytest.raises(DataError, match="signature"):
        sketch_from(state)
