"""MTLD, a measure of lexical diversity that does not fall with the length of the text.

The idea: read on until the share of different words has come down to 0.72; that stretch is a factor, and the
next begins. MTLD is the mean length of a factor in words. What is left at the end counts as part of a factor,
by how far its share has come down. Read forwards and backwards, the two are averaged.

Two cases that the paper leaves open. A text under `FEWEST_WORDS` has 0.0: there is nothing to measure. A text
that never repeats a word has no factor at all; its length is the least that its MTLD can be, and stands for
it.

Source: P. McCarthy and S. Jarvis, MTLD, vocd-D, and HD-D, Behavior Research Methods 42, 2010.
"""

from collections.abc import Iterable

from gristmill.text.words import redpajama_words

FACTOR_SHARE = 0.72
FEWEST_WORDS = 10


def mtld(text: str) -> float:
    return mtld_of(redpajama_words(text))


def mtld_of(found: list[str]) -> float:
    if len(found) < FEWEST_WORDS:
        return 0.0
    return (_mean_factor(found, len(found)) + _mean_factor(reversed(found), len(found))) / 2


def _mean_factor(found: Iterable[str], total: int) -> float:
    factors, count, seen = 0.0, 0, set[str]()
    for word in found:
        count += 1
        seen.add(word)
        if len(seen) / count <= FACTOR_SHARE:
            factors, count, seen = factors + 1, 0, set()
    if count:
        factors += (1 - len(seen) / count) / (1 - FACTOR_SHARE)
    return total / factors if factors else float(total)
