"""Spread of a sample of texts: entropy of n-grams, mean ROUGE-L of pairs, mean distance of embeddings.

Each is for a sample of a few thousand texts, drawn by the caller, and depends on its size: entropies of a
sample are below those of what it was drawn from, and are compared at one size alone.

Source of ROUGE-L: Lin 2004; Self-Instruct (arXiv 2212.10560) asks with it whether an instruction is new.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain
from math import isfinite, log, sqrt

from gristmill.text.hash_random import hash_bytes
from gristmill.verifiers.filters.rouge import rouge_l


def entropy(texts: Sequence[Sequence[str]], size: int) -> float:
    """Of the distribution of n-grams of `size` words, in nats; 0 where there is none."""
    counts = Counter(chain.from_iterable(_ngrams(text, size) for text in texts))
    total = counts.total()
    return sum(count * (log(total) - log(count)) for count in counts.values()) / total if total else 0.0


def _ngrams(text: Sequence[str], size: int) -> Iterable[tuple[str, ...]]:
    return zip(*(text[skip:] for skip in range(size)), strict=False)


def mean_rouge(texts: Sequence[Sequence[str]], pairs: int, seed: int) -> float | None:
    """Mean ROUGE-L (F, of words) of so many pairs of different texts, 0..1; None where there are not two."""
    if len(texts) < 2:
        return None
    total = 0.0
    for number in range(pairs):
        digest = hash_bytes(seed, number)
        first = int.from_bytes(digest[:8], "big") % len(texts)
        step = 1 + int.from_bytes(digest[8:16], "big") % (len(texts) - 1)
        one, other = texts[first], texts[(first + step) % len(texts)]
        total += rouge_l(one, other) if one or other else 1.0
    return total / pairs


def mean_cosine_distance(vectors: Iterable[Iterable[float]]) -> float | None:
    """Mean of 1 - cosine over all pairs, 0..2; None where there are not two vectors that have a direction.

    Over all pairs in linear time: the square of the sum of n unit vectors is n plus the cosines of all pairs,
    each twice. A vector of zeros or with a value that is no number has no direction, and is left out.
    """
    total: list[float] = []
    count = 0
    for vector in vectors:
        values = [float(value) for value in vector]
        length = sqrt(sum(value * value for value in values))
        if not length or not isfinite(length):
            continue
        total = total or [0.0] * len(values)
        total = [before + value / length for before, value in zip(total, values, strict=True)]
        count += 1
    if count < 2:
        return None
    return 1.0 - (sum(value * value for value in total) - count) / (count * (count - 1))
