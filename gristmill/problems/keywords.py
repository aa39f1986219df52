"""Keyword extraction by RAKE: the phrases between stop words, ranked by word co-occurrence.

A candidate is a run of words without a stop word or a punctuation mark in it. A word scores its degree (the
lengths of the candidates that hold it, summed) over its frequency, a phrase the sum of its words. Source:
Rose, Engel, Cramer and Cowley, "Automatic Keyword Extraction from Individual Documents" (2010).

Ours: words of a phrase are one blank apart, so that the phrase stands as it is in the text; runs of more than
`LONGEST` words are no phrase. Limit: the stop words are English, and of a text in another language fewer and
worse phrases are found.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from gristmill.text.sentences import Span
from gristmill.text.stop_words import PHRASE_STOP_WORDS

LONGEST = 4
"""Words of a phrase."""

_LONGEST_WORD = 40
_WORD = re.compile(r"(?<![^\s(\"'“‘*])[^\W_]+(?:['’-][^\W_]+)*(?=[\s,;:!?)\"'”’…*]|\.(?:\s|\Z)|\Z)")
"""A word that stands by itself: not a piece of a path, a flag or a name in code."""

_Phrase = tuple[Span, tuple[str, ...]]
"""Where a candidate stands, and its words in lower case."""


def key_phrases(text: str, spans: Iterable[Span], most: int) -> list[Span]:
    """The best `most` phrases of what `spans` cut out, best first, each where it first stands there."""
    candidates = [phrase for span in spans for phrase in _candidates(text, span)]
    frequency = Counter(word for _, words in candidates for word in words)
    degree: Counter[str] = Counter()
    for _, words in candidates:
        degree.update(dict.fromkeys(words, 0))
        for word in words:
            degree[word] += len(words)
    first: dict[tuple[str, ...], Span] = {}
    for span, words in candidates:
        first.setdefault(words, span)
    ranked = sorted(first, key=lambda words: (-sum(degree[w] / frequency[w] for w in words), first[words]))
    return [first[words] for words in ranked[:most]]


def _candidates(text: str, span: Span) -> Iterator[_Phrase]:
    run: list[tuple[int, int, str]] = []
    for word in _WORD.finditer(text, *span):
        start, end = word.span()
        if run and text[run[-1][1] : start] != " ":
            yield from _phrase(run)
            run = []
        plain = word[0].casefold().replace("’", "'")
        is_stop = len(word[0]) > _LONGEST_WORD or plain in PHRASE_STOP_WORDS
        if not is_stop and any(map(str.isalpha, plain)):
            run.append((start, end, word[0].casefold()))
        else:
            yield from _phrase(run)
            run = []
    yield from _phrase(run)


def _phrase(run: list[tuple[int, int, str]]) -> Iterator[_Phrase]:
    if run and len(run) <= LONGEST and any(len(word) > 2 for _, _, word in run):
        yield (run[0][0], run[-1][1]), tuple(word for _, _, word in run)
