"""Distinct n-grams over all n-grams, for n of 1 to 4, of texts that stream by in bounded memory.

A share of distinct n-grams falls with the size of what it is taken over, since the words of a language run
out: two sets are compared by it only at one size. So it is also given as the mean over windows of 1,000
words.

An n-gram is kept as a hash of 60 bits. When more than `MOST_KEPT` distinct ones have been met, every second
one is forgotten, told by the lowest bit of its hash, then every fourth, and so on; those that stay, times two
or four, estimate the number (adaptive sampling). It is exact up to `MOST_KEPT`, and beyond it the standard
error is 0.2 to 0.3 %.

Sources: Li et al. 2016 (arXiv 1510.03055) for distinct-n; Flajolet 1990 for adaptive sampling.

Words are `text.words.folded_words`. The first 100,000 characters of a text are read.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from gristmill.text.words import folded_words

SIZES = (1, 2, 3, 4)
WINDOW_WORDS = 1_000
MOST_KEPT = 1 << 18
MOST_CHARACTERS = 100_000

_LONGEST_KNOWN = 32  # longer words are not kept with their hashes: they could be of any size
_HASHES = (1 << 60) - 1
_FACTOR = 0x9E3779B97F4A7C5  # odd: each word of an n-gram counts in every bit above its own


@dataclass(frozen=True, slots=True)
class NgramShare:
    """`size` is the n. `distinct` is an estimate unless `exact`. `in_windows` is the mean share over whole
    windows of 1,000 words, None where there is not one.
    """

    size: int
    ngrams: int
    distinct: int
    exact: bool
    in_windows: float | None

    @property
    def share(self) -> float:
        """Distinct n-grams over all, in 0..1; 0 where there is none."""
        return min(1.0, self.distinct / self.ngrams) if self.ngrams else 0.0


def words(text: str, most_characters: int = MOST_CHARACTERS) -> list[str]:
    """The `folded_words` of the text's beginning."""
    return folded_words(text[:most_characters])


class DistinctNgrams:
    """The counts of all texts added so far. N-grams do not run from one text into the next."""

    __slots__ = ("_distinct", "_ngrams", "_windows", "words")

    def __init__(self, most_kept: int = MOST_KEPT) -> None:
        self.words = 0
        self._ngrams = [0] * len(SIZES)
        self._distinct = [_Distinct(most_kept) for _ in SIZES]
        self._windows = _Windows()

    def add(self, text_words: Sequence[str]) -> None:
        grams = _hashed(text_words)
        self.words += len(text_words)
        for index, hashes in enumerate(grams):
            self._ngrams[index] += len(hashes)
            self._distinct[index].add(hashes)
        self._windows.add(grams)

    def shares(self) -> tuple[NgramShare, ...]:
        """One for each n, in order."""
        counts = zip(SIZES, self._ngrams, self._distinct, self._windows.means(), strict=True)
        return tuple(
            NgramShare(size, ngrams, distinct.estimate, distinct.exact, mean)
            for size, ngrams, distinct, mean in counts
        )


class _Distinct:
    """The number of distinct hashes among those added."""

    __slots__ = ("_kept", "_level", "_most_kept")

    def __init__(self, most_kept: int) -> None:
        self._kept: set[int] = set()
        self._level = 0
        self._most_kept = most_kept

    @property
    def exact(self) -> bool:
        return self._level == 0

    @property
    def estimate(self) -> int:
        return len(self._kept) << self._level

    def add(self, hashes: Sequence[int]) -> None:
        forgotten = (1 << self._level) - 1
        self._kept.update(hashes if self.exact else [each for each in hashes if not each & forgotten])
        while len(self._kept) > self._most_kept:
            self._level += 1
            forgotten = (1 << self._level) - 1
            self._kept = {each for each in self._kept if not each & forgotten}


class _Windows:
    """Mean shares over windows of `WINDOW_WORDS` consecutive words; an n-gram is its last word's."""

    __slots__ = ("_filled", "_ngrams", "_seen", "_sums", "_whole")

    def __init__(self) -> None:
        self._sums = [0.0] * len(SIZES)
        self._whole = 0
        self._clear()

    def _clear(self) -> None:
        self._filled = 0
        self._ngrams = [0] * len(SIZES)
        self._seen: list[set[int]] = [set() for _ in SIZES]

    def add(self, grams: Sequence[Sequence[int]]) -> None:
        start, length = 0, len(grams[0])
        while start < length:
            end = min(length, start + WINDOW_WORDS - self._filled)
            for index, hashes in enumerate(grams):
                part = hashes[max(0, start - index) : max(0, end - index)]
                self._ngrams[index] += len(part)
                self._seen[index].update(part)
            self._filled += end - start
            start = end
            if self._filled == WINDOW_WORDS:
                self._close()

    def _close(self) -> None:
        for index, seen in enumerate(self._seen):
            self._sums[index] += len(seen) / max(1, self._ngrams[index])
        self._whole += 1
        self._clear()

    def means(self) -> list[float | None]:
        return [total / self._whole if self._whole else None for total in self._sums]


def _hashed(text_words: Sequence[str]) -> list[list[int]]:
    """The hashes of all n-grams, by n; a list for n begins n - 1 words later than the one for 1."""
    ones = [_known_hash(word) if len(word) <= _LONGEST_KNOWN else _hash(word) for word in text_words]
    grams = [ones]
    for size in SIZES[1:]:
        pairs = zip(grams[-1], ones[size - 1 :], strict=False)
        grams.append([(shorter * _FACTOR + last) & _HASHES for shorter, last in pairs])
    return grams


def _hash(word: str) -> int:
    """The same in every process, unlike `hash`."""
    digest = hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") & _HASHES


_known_hash = lru_cache(maxsize=1 << 16)(_hash)
