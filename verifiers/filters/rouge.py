"""ROUGE-L index: the nearest of all accepted texts, exact, and fast because bitmaps rule most of them out.

The idea: ROUGE-L's F-measure of texts with a and b words is 2 L / (a + b), L being the length of their
longest common subsequence. What is common is a subset of both, so at an F above t the words that only one
of the two has, counted with repetition, are fewer than (1 - t) (a + b). Each text keeps 256 bits in which
every word (its second occurrence is another word) flips one; where two texts differ in more *bits* than
that, they differ in more words, and F cannot be above t. NumPy compares the bits of all texts in one sweep,
and L is computed (rapidfuzz, bit-parallel) for the few that are left. Nothing above the limit is ever
missed.

Cost: the sweep grows with the number of texts (about 0.3 ms for 100,000). It saves little where the limit is
below 0.5 or so, or texts have many hundred words: more is left to compute then.

Source: Lin (2004) for ROUGE-L; Wang et al. (2023), Self-Instruct, for the rule that a new instruction has
at most 0.7 to any other; bitmaps as a filter on overlaps: Sandes, Teodoro and Melo (2020).
"""

from array import array
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import LCSseq

_WORDS64 = 4
_BITS = 64 * _WORDS64
_UNKNOWN = 0xFFFFFFFF
_CHUNK = 16384
"""Texts compared at once: what is read and written for them fits a processor's cache."""

_MOST_IN_A_BYTE = 127
"""What each of two texts may allow, so that both together fit a byte: NumPy is fast with those."""


_FLIPS = [1 << bit for bit in range(_BITS)]
_STRIDE = 97
"""From the bit of a word's occurrence to that of its next; odd, so that all bits are reached."""


def rouge_l(first: Sequence[str], second: Sequence[str]) -> float:
    """F-measure (beta 1) from 0 to 1; 0 where both are empty."""
    total = len(first) + len(second)
    return 2 * LCSseq.similarity(first, second) / total if total else 0.0


class RougeIndex:
    """Texts as sequences of words or terms, numbered from 0 in the order in which they were added."""

    def __init__(self, limit: float) -> None:
        self._limit = limit
        self._numbers: dict[str, int] = {}
        self._texts: list[array[int]] = []
        self._bits = np.zeros((_WORDS64, 1024), dtype=np.uint64)
        self._allowances = np.zeros(1024, dtype=np.uint8)
        self._long: list[int] = []
        self._flips = np.empty((_WORDS64, _CHUNK), dtype=np.uint64)
        self._counts = np.empty((_WORDS64, _CHUNK), dtype=np.uint8)
        self._last: tuple[tuple[str, ...], int, NDArray[np.uint64]] | None = None

    def __len__(self) -> int:
        return len(self._texts)

    def add(self, words: Sequence[str]) -> None:
        number = len(self._texts)
        if number == len(self._allowances):
            self._bits = np.pad(self._bits, ((0, 0), (0, number)))
            self._allowances = np.pad(self._allowances, (0, number))
        for word in words:
            self._numbers.setdefault(word, len(self._numbers))
        self._bits[:, number] = self._bitmap(words)
        allowed = self._allowed(len(words))
        self._allowances[number] = min(allowed, _MOST_IN_A_BYTE)
        if allowed > _MOST_IN_A_BYTE:
            self._long.append(number)
        self._texts.append(array("I", map(self._numbers.__getitem__, words)))

    def nearest(self, words: Sequence[str]) -> tuple[int, float] | None:
        """The text with the highest F (of equals the first) and F, None where none is above the limit."""
        if not words:
            return None
        query = array("I", (self._numbers.get(word, _UNKNOWN) for word in words))
        best, best_score = None, self._limit
        for number in self._possible(words):
            total = len(words) + len(self._texts[number])
            least = int(best_score * total / 2)
            score = 2 * LCSseq.similarity(query, self._texts[number], score_cutoff=least) / total
            if score > best_score:
                best, best_score = number, score
        return None if best is None else (best, best_score)

    def _allowed(self, length: int) -> int:
        """A text's share in the number of words that may be different, rounded up."""
        return int((1 - self._limit) * length) + 1

    def _bitmap(self, words: Sequence[str]) -> NDArray[np.uint64]:
        """uint64[4]. A word that is not known yet gets the bit that it will have when the text is added, so
        what was made for a question serves for the addition that follows it.
        """
        if self._last and self._last[1] == len(self) and self._last[0] == tuple(words):
            return self._last[2]
        bitmap, seen, fresh = 0, dict[str, int](), len(self._numbers)
        for word in words:
            bit = seen.get(word, -1)
            if bit < 0 and (bit := self._numbers.get(word, -1)) < 0:
                bit, fresh = fresh, fresh + 1
            bitmap ^= _FLIPS[bit % _BITS]
            seen[word] = bit + _STRIDE
        made = np.frombuffer(bitmap.to_bytes(_BITS // 8, "little"), dtype=np.uint64)
        self._last = (tuple(words), len(self), made)
        return made

    def _possible(self, words: Sequence[str]) -> Iterator[int]:
        """Texts whose bits do not rule out an F above the limit, in their order. All of them where one side
        allows more than a byte holds, which takes hundreds of words.
        """
        bitmap, allowed = self._bitmap(words)[:, None], self._allowed(len(words))
        size = len(self._texts)
        if allowed > _MOST_IN_A_BYTE:
            yield from range(size)
            return
        possible = np.empty(size, dtype=np.bool_)
        for start in range(0, size, _CHUNK):
            end = min(start + _CHUNK, size)
            flips, counts = self._flips[:, : end - start], self._counts[:, : end - start]
            np.bitwise_xor(self._bits[:, start:end], bitmap, out=flips)
            np.bitwise_count(flips, out=counts)
            counts[:2] += counts[2:]
            counts[0] += counts[1]  # 256 in all would come out as 0: one more text is looked at
            np.add(self._allowances[start:end], allowed, out=counts[1])
            np.less_equal(counts[0], counts[1], out=possible[start:end])
        possible[self._long] = True
        yield from possible.nonzero()[0].tolist()
