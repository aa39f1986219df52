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

from gristmill.problems.prose import Span

LONGEST = 4
"""Words of a phrase."""

_LONGEST_WORD = 40
_WORD = re.compile(r"(?<![^\s(\"'“‘*])[^\W_]+(?:['’-][^\W_]+)*(?=[\s,;:!?)\"'”’…*]|\.(?:\s|\Z)|\Z)")
"""A word that stands by itself: not a piece of a path, a flag or a name in code."""

_ENGLISH = """
a about above across after again against all almost along already also although always am among an and
another any anything are around as ask at away back be became because become becomes been before being
below between both but by came can cannot come comes could did do does doing done down during each either
else enough even ever every everything few first for from further gave get gets give given gives go goes
going gone got had has have having he hence her here hers herself him himself his how however i if in
indeed instead into is it its itself just keep keeps kept last later least less let lets like likely made
make makes many may maybe me might mine more most mostly much must my myself need needs neither never next
no nobody none nor not nothing now of off often on once one ones only onto or other others otherwise our
ours out over own part per perhaps put puts quite rather really said same say says second see seem seemed
seems seen several shall she should since so some someone something soon still such take taken takes tell
tells than that the their theirs them themselves then there therefore these they thing things this those
though three through thus to together too took toward towards two under unless until up upon us use used
uses using usually very want wants was way we well went were what whatever when where whether which while
who whole whom whose why will with within without would yes yet you your yours yourself don't doesn't
didn't isn't aren't wasn't weren't can't won't it's that's there's i'm you're we're they're i've you've
we've
"""
_STOP_WORDS = frozenset(_ENGLISH.split())

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
        if _is_content(word[0]):
            run.append((start, end, word[0].casefold()))
        else:
            yield from _phrase(run)
            run = []
    yield from _phrase(run)


def _phrase(run: list[tuple[int, int, str]]) -> Iterator[_Phrase]:
    if run and len(run) <= LONGEST and any(len(word) > 2 for _, _, word in run):
        yield (run[0][0], run[-1][1]), tuple(word for _, _, word in run)


def _is_content(word: str) -> bool:
    if len(word) > _LONGEST_WORD or word.casefold().replace("’", "'") in _STOP_WORDS:
        return False
    return any(map(str.isalpha, word))
