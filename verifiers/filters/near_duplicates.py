"""MinHash index of near-duplicates: kept texts that share most of their letter sequences with a new one.

The idea: a text is the set of all its runs of five characters, after case, punctuation and spacing are evened
out; for each piece of a formula stand four digits that depend on all of it (`terms_of`). Texts with the same
sentences in another order, or with other forms of the same words, share most of their runs, which a
comparison word by word in order does not see. MinHash finds texts that may share enough without comparing
all; for those whose sketches come near the limit the share (Jaccard's) is then computed exactly. So nothing
is turned away by chance. Something may be let through by chance: of pairs at the limit one in a hundred or
fewer, of closer ones less.

Source: Broder (1997) for MinHash; Lee et al. (2022), "Deduplicating training data makes language models
better", for its use on text. Sketches and index are rensa's (MIT), which is 50 times as fast as datasketch
at sketching and needs a fifth of its memory; rensa's own hashes are fixed by its algorithm's version, which
is part of ours.
"""

from collections.abc import Sequence
from zlib import crc32

import numpy as np
import rensa
from numpy.typing import NDArray

from gristmill.sampling.errors import DataError
from gristmill.verifiers.filters.terms import duplicate_key, terms_of

PERMUTATIONS = 120
SHINGLE = 5
SKETCH_VERSION = f"2/{SHINGLE}-{PERMUTATIONS}/rensa-{rensa.RMinHash.ALGORITHM_VERSION}"
_SEED = 1
_MOST_MISSED = 0.01
_BANDS = (120, 60, 40, 30, 24, 20, 15, 12, 10, 8, 6, 5, 4, 3, 2, 1)
"""Divisors of `PERMUTATIONS`."""


def shingles(text: str) -> set[str]:
    """Runs of `SHINGLE` characters of the text's terms with a space between; a shorter text is one itself."""
    return _runs(terms_of(duplicate_key(text)))


def jaccard(first: set[str], second: set[str]) -> float:
    """Share in common, from 0 to 1."""
    shared = len(first & second)
    return shared / (len(first) + len(second) - shared)


def sketch_of(text: str) -> rensa.RMinHash:
    return sketch_of_terms(terms_of(duplicate_key(text)))


def sketch_of_terms(terms: Sequence[str]) -> rensa.RMinHash:
    sketch = rensa.RMinHash(num_perm=PERMUTATIONS, seed=_SEED)
    sketch.update(list(_runs(terms)))
    return sketch


def sketch_state(sketch: rensa.RMinHash) -> bytes:
    """For `sketch_from`, under the same `SKETCH_VERSION`."""
    return bytes(sketch.__getstate__())


def sketch_from(state: bytes) -> rensa.RMinHash:
    """`DataError` where the bytes are not a sketch of this version."""
    sketch = rensa.RMinHash(num_perm=PERMUTATIONS, seed=_SEED)
    try:
        sketch.__setstate__(state)
    except (ValueError, TypeError) as exc:
        raise DataError(f"signature: not one of version {SKETCH_VERSION}: {exc}") from exc
    if len(sketch.digest()) != PERMUTATIONS:
        raise DataError(f"signature: not one of version {SKETCH_VERSION}: another length")
    return sketch


def bands_for(limit: float) -> int:
    """The fewest bands that miss at most one pair in a hundred at the limit, to compare few pairs."""
    for bands in reversed(_BANDS):
        if (1 - limit ** (PERMUTATIONS // bands)) ** bands <= _MOST_MISSED:
            return bands
    return PERMUTATIONS


class NearDuplicateIndex:
    """Texts numbered from 0 in the order in which they were added."""

    def __init__(self, limit: float) -> None:
        self._limit = limit
        self._texts: list[str] = []
        self._digests = np.zeros((1024, PERMUTATIONS), dtype=np.uint8)
        spread = (limit * (1 - limit) / PERMUTATIONS) ** 0.5
        self._fewest = int(PERMUTATIONS * (limit - 4 * spread))
        self._lsh = rensa.RMinHashLSH(threshold=limit, num_perm=PERMUTATIONS, num_bands=bands_for(limit))

    def add(self, text: str, sketch: rensa.RMinHash) -> None:
        number = len(self._texts)
        if number == len(self._digests):
            self._digests = np.pad(self._digests, ((0, number), (0, 0)))
        self._digests[number] = _low_bytes(sketch)
        self._lsh.insert(number, sketch)
        self._texts.append(text)

    def nearest(self, text: str, sketch: rensa.RMinHash) -> tuple[int, float] | None:
        """The text with the highest share (of equals the first) and the share, None where none is above."""
        candidates = np.array(sorted(self._lsh.query(sketch)), dtype=np.int64)
        alike = (self._digests[candidates] == _low_bytes(sketch)).sum(axis=1) >= self._fewest
        close = candidates[alike].tolist()
        if not close:
            return None
        own = shingles(text)
        share, number = max((jaccard(own, shingles(self._texts[number])), -number) for number in close)
        return (-number, share) if share > self._limit else None


def _runs(terms: Sequence[str]) -> set[str]:
    plain = " ".join([_digits(term) if " " in term else term for term in terms])
    return {plain[start : start + SHINGLE] for start in range(max(1, len(plain) - SHINGLE + 1))}


def _digits(term: str) -> str:
    """Four hexadecimal ones, so that a formula weighs about as much as when it is written out."""
    return f"{crc32(term.encode('utf-8', 'surrogatepass')) & 0xFFFF:04x}"


def _low_bytes(sketch: rensa.RMinHash) -> NDArray[np.uint8]:
    """uint8[permutations]. The low byte of each hash; 1 in 256 unequal pairs collide."""
    return np.array(sketch.digest(), dtype=np.uint32).astype(np.uint8)
