"""Contamination index: spans of words that a text shares with items of a benchmark, by word n-grams.

The idea: every run of n words of every item is one 64-bit hash in one sorted array (12 bytes a run), and a
text is looked up by its own runs. A hash that is found is checked on the words before it counts, so that no
collision turns anything away; the span is then drawn out to both sides as far as the words agree. Case,
punctuation and spacing do not count, numbers do: a benchmark's question with other numbers in it has
shorter runs in common with it.

An item of fewer than n words is looked for whole: anywhere in the text where it has at least
`FEWEST_WITHIN` words, else as all of the text.

Which n, measured with GSM8K's test set as the benchmark: of its own questions with every number changed,
runs of 8, 10 and 13 words find 98, 93 and 78 %; of the 7,473 questions of its training set they find 94, 11
and 4, of which the 4, and a few more of the 11, do tell the story of a test question, while the rest share
a turn of phrase ("how much money will she have left over after she buys"); of SVAMP's 1,000 and
Self-Instruct's 175 seed tasks none. Hence 10.

Source: the n-gram overlap of Brown et al. (2020), GPT-3, appendix C (n 8 to 13 by the benchmark). Limits: a
paraphrase is not found (embeddings may find it), nor one that changes a word in every n.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gristmill.text.words import folded_words
from gristmill.verifiers.filters.benchmarks import BenchmarkItem

FEWEST_WITHIN = 5
_BASE = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class SharedSpan:
    """`words` as they stand in both, case and punctuation evened out."""

    words: tuple[str, ...]
    item: BenchmarkItem


class ContaminationIndex:
    """Built once and not changed. Python hashes words differently in every process: it is not for keeping."""

    def __init__(self, items: Iterable[BenchmarkItem], ngram: int) -> None:
        self._items = tuple(items)
        self._ngram = ngram
        hashes, places = [], []
        lengths: set[int] = set()
        for number, item in enumerate(self._items):
            words = folded_words(item.text)
            length = min(len(words), ngram)
            if length:
                lengths.add(length)
                hashes.append(_run_hashes(_word_hashes(words), [length]))
                places.append(np.full(len(hashes[-1]), number, dtype=np.uint32))
        self._lengths = sorted(lengths)
        joined = np.concatenate(hashes) if hashes else np.zeros(0, dtype=np.uint64)
        order = np.argsort(joined, kind="stable")
        self._hashes = joined[order]
        self._places = np.concatenate(places)[order] if places else np.zeros(0, dtype=np.uint32)

    def shared(self, words: Sequence[str]) -> SharedSpan | None:
        """The first span found: of the shortest runs first, then by place in the text, then by item."""
        lengths = [length for length in self._lengths if self._counts(length, len(words))]
        if not lengths:
            return None
        runs = _run_hashes(_word_hashes(words), lengths)
        at = np.searchsorted(self._hashes, runs)
        hits = np.flatnonzero(self._hashes[np.minimum(at, len(self._hashes) - 1)] == runs)
        for hit in hits.tolist():
            end = int(np.searchsorted(self._hashes, runs[hit], side="right"))
            for number in dict.fromkeys(self._places[int(at[hit]) : end].tolist()):
                if span := self._span(words, _place(hit, lengths, len(words)), self._items[number]):
                    return span
        return None

    def _counts(self, length: int, words: int) -> bool:
        """Whether a run of this length tells anything about a text of so many words."""
        return length == words or (length < words and (length == self._ngram or length >= FEWEST_WITHIN))

    def _span(self, words: Sequence[str], place: tuple[int, int], item: BenchmarkItem) -> SharedSpan | None:
        """None where only the hashes agree."""
        start, length = place
        other = folded_words(item.text)
        run = list(words[start : start + length])
        for offset in range(len(other) - length + 1):
            if other[offset : offset + length] == run:
                return SharedSpan(tuple(_drawn_out(words, start, other, offset)), item)
        return None


def _drawn_out(words: Sequence[str], start: int, other: Sequence[str], offset: int) -> Sequence[str]:
    while start and offset and words[start - 1] == other[offset - 1]:
        start, offset = start - 1, offset - 1
    end = start
    for one, theirs in zip(words[start:], other[offset:], strict=False):
        if one != theirs:
            break
        end += 1
    return words[start:end]


def _word_hashes(words: Sequence[str]) -> NDArray[np.uint64]:
    return np.fromiter(map(hash, words), dtype=np.int64, count=len(words)).view(np.uint64)


def _run_hashes(words: NDArray[np.uint64], lengths: Sequence[int]) -> NDArray[np.uint64]:
    """Of all runs of each length, one length after the other; arithmetic is modulo 2**64."""
    found = []
    runs = np.zeros(len(words) + 1, dtype=np.uint64)
    for length in range(1, max(lengths) + 1):
        runs = runs[:-1] * _BASE + words[length - 1 :]
        if length in lengths:
            found.append(runs ^ (runs >> np.uint64(29)))
    return np.concatenate(found)


def _place(hit: int, lengths: Sequence[int], count: int) -> tuple[int, int]:
    """Start and length of a run by its place among `_run_hashes`."""
    for length in lengths:
        if hit < count - length + 1:
            return hit, length
        hit -= count - length + 1
    raise IndexError(hit)
