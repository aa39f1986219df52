"""Repetition: the share of the characters of a text that repeated word n-grams cover.

As in RedPajama-V2 (arXiv 2411.12372) after Gopher (arXiv 2112.11446), on words in lower case without
punctuation, white space not counted. Every occurrence counts, the first one too.
"""

from collections import Counter
from itertools import islice

from gristmill.text.words import redpajama_words


def duplicated(size: int, text: str) -> float:
    """Share of the characters in runs of `size` words that stand there twice or more; overlaps count once."""
    found = redpajama_words(text)
    runs = _runs(found, size)
    counts = Counter(runs)
    covered, done = 0, 0
    for start, run in enumerate(runs):
        if counts[run] > 1:
            covered += sum(map(len, found[max(start, done) : start + size]))
            done = start + size
    return covered / sum(map(len, found)) if covered else 0.0


def most_frequent(size: int, text: str) -> float:
    """Share of the characters in the most frequent run of `size` words, the earliest of several; 0.0 where
    none is repeated. Occurrences that overlap count in full, but the share is never more than 1.
    """
    found = redpajama_words(text)
    ranked = Counter(_runs(found, size)).most_common(1)
    if not ranked or ranked[0][1] < 2:
        return 0.0
    run, count = ranked[0]
    return min(1.0, count * sum(map(len, run)) / sum(map(len, found)))


def _runs(found: list[str], size: int) -> list[tuple[str, ...]]:
    return list(zip(*(islice(found, start, None) for start in range(size)), strict=False))
