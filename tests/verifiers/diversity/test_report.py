"""The report adds up, samples evenly, and says what it could not count."""

import sys
import tracemalloc
from collections.abc import Iterator

import pytest

from gristmill.verifiers.diversity import report, verbs_nouns
from gristmill.verifiers.diversity.distinct_ngrams import DistinctNgrams, words
from gristmill.verifiers.diversity.report import Duplicates, Text, diversity
from gristmill.verifiers.diversity.verbs_nouns import VerbCount

TEXTS = [
    Text("Write a poem about rain.", "seeds", "seed"),
    Text("Write a poem about snow.", "seeds", "seed"),
    Text("List ten names.", "readme", "document"),
]


def test_everything_is_counted_once() -> None:
    found = diversity(TEXTS)
    assert (found.texts, found.sampled, found.words) == (3, 3, 13)
    assert [share.distinct for share in found.ngrams] == [9, 7, 5, 3]
    assert found.sources == (("seeds", 2), ("readme", 1))
    assert found.origin_kinds == (("seed", 2), ("document", 1))
    assert found.unigram_entropy > found.bigram_entropy > 1.8
    assert found.duplicates is None
    assert found.embedding_distance is None


def test_verbs_are_counted_where_the_tagger_is() -> None:
    found = diversity(TEXTS)
    assert found.verbs == (VerbCount("write", 2, (("poem", 2),)), VerbCount("list", 1, (("name", 1),)))
    assert (found.with_verb, found.verbs_missing) == (3, "")


def test_a_report_without_the_tagger_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "HanTa", None)
    monkeypatch.delitem(sys.modules, "HanTa.HanoverTagger", raising=False)
    verbs_nouns._tagger.cache_clear()
    found = diversity(TEXTS)
    assert found.verbs is None
    assert "pip install 'gristmill[diversity]'" in found.verbs_missing
    assert found.texts == 3


def test_no_text_is_a_report_too() -> None:
    found = diversity([], embed=lambda texts: [[1.0] for _ in texts], candidates={})
    assert (found.texts, found.words, found.rouge, found.embedding_distance) == (0, 0, None, None)
    assert [share.share for share in found.ngrams] == [0, 0, 0, 0]
    assert found.duplicates == Duplicates(0, 0, 0)
    assert Duplicates(0, 0, 0).rate == 0


def test_duplicates_are_among_the_candidates_that_were_looked_at() -> None:
    counts = {"new": 70, "duplicate": 5, "near-duplicate": 15, "too-long": 10, "beyond-target": 900}
    found = diversity(TEXTS, candidates=counts).duplicates
    assert found == Duplicates(exact=5, near=15, candidates=100)
    assert found.rate == 0.2


def test_a_varied_set_is_told_from_a_monotonous_one() -> None:
    def embed(texts: list[str]) -> list[list[float]]:
        return [[float(text.count(letter)) for letter in "abcdefghijklmnopqrstuvwxyz"] for text in texts]

    varied = diversity((Text(f"{w} {w * 2} {w * 3}") for w in "abcdefgh"), embed=embed)
    same = diversity((Text(f"write a poem number {w}") for w in "abcdefgh"), embed=embed)
    assert varied.unigram_entropy > same.unigram_entropy
    assert varied.rouge is not None
    assert same.rouge is not None
    assert varied.rouge < 0.1 < 0.7 < same.rouge
    assert varied.embedding_distance is not None
    assert same.embedding_distance is not None
    assert varied.embedding_distance > 0.9 > 0.3 > same.embedding_distance


def sampled_numbers(texts: int, seed: int, size: int) -> list[int]:
    sample = report._Sample(size, seed)
    for number in range(texts):
        sample.add(str(number))
    assert sample.offered == texts
    return [int(text) for text in sample.texts]


def test_every_text_is_as_likely_to_be_sampled() -> None:
    kept = [number for seed in range(400) for number in sampled_numbers(50, seed, size=10)]
    assert len(kept) == 4000
    # 80 times each; five standard deviations are 40.
    assert all(40 <= kept.count(number) <= 120 for number in range(50))


def test_a_sample_is_the_seeds_and_holds_nothing_twice() -> None:
    one = sampled_numbers(1000, seed=1, size=100)
    assert one == sampled_numbers(1000, seed=1, size=100)
    assert one != sampled_numbers(1000, seed=2, size=100)
    assert len(set(one)) == 100


def test_the_texts_that_are_embedded_are_spread_over_the_set() -> None:
    asked: list[list[str]] = []

    def embed(texts: list[str]) -> list[list[float]]:
        asked.append(texts)
        return [[1.0] for _ in texts]

    texts = (Text(str(number)) for number in range(2500))
    assert diversity(texts, embed=embed).embedding_distance == pytest.approx(0)
    assert asked == [[str(number) for number in range(0, 2500, 3)]]


def test_a_long_stream_takes_bounded_memory() -> None:
    """Ten times the n-grams that are kept, and texts that add up to far more than the sample may hold."""
    ngrams, sample = DistinctNgrams(most_kept=2_000), report._Sample(size=100, seed=0)

    def stream() -> Iterator[str]:
        for number in range(1_500):
            yield " ".join(str(number * 20 + word) for word in range(20)) + "x" * 5_000

    tracemalloc.start()
    for text in stream():
        ngrams.add(words(text))
        sample.add(text[: report.SAMPLED_CHARACTERS])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8_000_000


@pytest.mark.parametrize("hostile", ["\x00", "\ud800", "\u202ertl", "a" * 10**6, "a b " * 10**5])
def test_hostile_texts_are_reported_on(hostile: str) -> None:
    found = diversity([Text(hostile, hostile[:9], hostile[:9]), Text(hostile)])
    assert found.texts == 2
