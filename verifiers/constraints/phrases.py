"""Words and phrases found in a text, whatever their case and whole: how constraints look for keywords.

"art" is not in "start", but it is in "state-of-the-art" and in "art's"; any white space may stand between the
words of a phrase. Characters that nobody sees (soft hyphens, zero widths, marks of direction) hide nothing,
and neither do underscores around a word, Markdown's emphasis; one inside a word belongs to it. Limits:
letters of another script that look alike, and asterisks amid a word, do hide it. Text is compared by code
points: a composed and a decomposed accent differ.

Words are those of `text.words.words`. All of it takes time linear in the text.
"""

import re
from functools import cache, lru_cache

from gristmill.text.words import SINGLE_CHARACTERS, word_characters, word_pattern, words

_UNSPACED = f"{SINGLE_CHARACTERS}\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
_IN_UNSPACED = re.compile(f"[{_UNSPACED}]")
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e01ef]+"
)
QUESTION_MARKS = "?？؟"
SPACED_LETTER = rf"[^\W_{_UNSPACED}]"
"""Of a regular expression: a letter or digit of a script that parts its words."""


def is_plain(phrase: str) -> bool:
    """Whether it is words with single spaces, or nothing, between them, and no other signs."""
    return "  " not in phrase and not word_pattern().sub("", phrase).strip(" ")


def capital_words(text: str) -> int:
    """Words of two or more letters, all of them capitals: "NASA" and "COVID-19", but not "I" and not "A"."""
    return sum(1 for word in words(text) if word.isupper() and sum(map(str.isalpha, word)) > 1)


def question_marks(text: str) -> int:
    return sum(text.count(mark) for mark in QUESTION_MARKS)


def occurrences(phrase: str, text: str) -> int:
    """How often a word or phrase stands in the text, without overlaps."""
    folded = _UNSEEN.sub("", phrase).casefold()
    pattern = _finder(folded)
    begins, ends = _is_bounded(folded[0]), _is_bounded(folded[-1])
    seen = _as_seen(text)
    count = start = 0
    while match := pattern.search(seen, start):
        first, end = match.span()
        whole = not (begins and first and _goes_on().match(seen, first - 1))
        if whole and not (ends and _goes_on().match(seen, end)):
            count, start = count + 1, end
        else:
            start = first + 1
    return count


def ends_word(text: str, end: int) -> bool:
    """Whether the word before this offset is over there: the edge of a phrase that was found."""
    return end == 0 or not _is_bounded(text[end - 1]) or not _goes_on().match(text, end)


@lru_cache(maxsize=512)
def _finder(phrase: str) -> re.Pattern[str]:
    """Begins with plain letters, for which `re` searches fast; the edges are looked at afterwards."""
    return re.compile(r"\s++".join(map(re.escape, phrase.split())))


@cache
def _goes_on() -> re.Pattern[str]:
    return re.compile(word_characters())


@cache
def _emphasis() -> re.Pattern[str]:
    """Underscores at the edge of a word."""
    return re.compile(rf"(?<!{word_characters()})_++|(?<!_)_++(?!{word_characters()})")


@lru_cache(maxsize=4)
def _as_seen(text: str) -> str:
    """Folded, and without what hides words; kept, since every keyword asks for it."""
    return _emphasis().sub(" ", _UNSEEN.sub("", text).casefold())


def _is_bounded(edge: str) -> bool:
    """Whether a word is cut off there; other signs, and scripts without spaces, may touch anything."""
    return re.match(r"\w", edge) is not None and not _IN_UNSPACED.match(edge)
