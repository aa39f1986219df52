"""What a word is, and where a word or phrase stands: the one definition that every constraint counts by.

A word is a run of letters, digits and combining marks of any script. An apostrophe or a hyphen inside it
belongs to it ("don't", "well-known": one word each), and so does a point or a comma between digits ("3.14",
"1,000"). Other signs part words ("and/or": two; "e.g.": two), and no sign is a word by itself. Chinese
characters and kana count singly, since nothing parts them. Limits: Thai, Lao, Khmer and Burmese are written
without spaces, too, and there a word is all that stands between two spaces.

A word or phrase is found whatever its case, whole ("art" is not in "start", but it is in "state-of-the-art"
and in "art's"), and with any white space between its words. Characters that nobody sees (soft hyphens, zero
widths, marks of direction) hide nothing, and neither do underscores around a word, Markdown's emphasis; one
inside a word belongs to it. Limits: letters of another script that look alike, and asterisks amid a word, do
hide it. Text is compared by code points: a composed and a decomposed accent differ.

All of it takes time linear in the text.
"""

import re
import unicodedata
from functools import lru_cache

_MARKS = "\u00ad\u200c\u200d\u2060" + "".join(
    chr(code) for code in range(0x300, 0x1F000) if unicodedata.category(chr(code)).startswith("M")
)
_SINGLE = "\u3041-\u3096\u30a1-\u30fa\u30fc\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_UNSPACED = f"{_SINGLE}\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
_RUN = rf"(?:[^\W{_SINGLE}]++|[{_MARKS}]++)"
_WORD = re.compile(
    rf"[{_SINGLE}]|[^\W_{_SINGLE}]{_RUN}*+(?:(?:['’\-\u2010\u2011]|(?<=\d)[.,](?=\d)){_RUN}++)*+"
)
WORD_CHARACTER = rf"[\w{_MARKS}]"
"""Of a regular expression: what a word goes on with."""

_GOES_ON = re.compile(WORD_CHARACTER)
_IN_UNSPACED = re.compile(f"[{_UNSPACED}]")
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e01ef]+"
)
_EMPHASIS = re.compile(rf"(?<![\w{_MARKS}])_++|(?<!_)_++(?![\w{_MARKS}])")
SPACED_LETTER = rf"[^\W_{_UNSPACED}]"
"""Of a regular expression: a letter or digit of a script that parts its words."""


def words(text: str) -> list[str]:
    return _WORD.findall(text)


def word_count(text: str) -> int:
    return sum(1 for _ in _WORD.finditer(text))


def holds_word(text: str) -> bool:
    return _WORD.search(text) is not None


def is_plain(phrase: str) -> bool:
    """Whether it is words with single spaces, or nothing, between them, and no other signs."""
    return "  " not in phrase and not _WORD.sub("", phrase).strip(" ")


def capital_words(text: str) -> int:
    """Words of two or more letters, all of them capitals: "NASA" and "COVID-19", but not "I" and not "A"."""
    return sum(1 for word in words(text) if word.isupper() and sum(map(str.isalpha, word)) > 1)


def occurrences(phrase: str, text: str) -> int:
    """How often a word or phrase stands in the text, without overlaps."""
    folded = _UNSEEN.sub("", phrase).casefold()
    pattern = _finder(folded)
    begins, ends = _is_bounded(folded[0]), _is_bounded(folded[-1])
    seen = _as_seen(text)
    count = start = 0
    while match := pattern.search(seen, start):
        first, end = match.span()
        whole = not (begins and first and _GOES_ON.match(seen, first - 1))
        if whole and not (ends and _GOES_ON.match(seen, end)):
            count, start = count + 1, end
        else:
            start = first + 1
    return count


def ends_word(text: str, end: int) -> bool:
    """Whether the word before this offset is over there: the edge of a phrase that was found."""
    return end == 0 or not _is_bounded(text[end - 1]) or not _GOES_ON.match(text, end)


@lru_cache(maxsize=512)
def _finder(phrase: str) -> re.Pattern[str]:
    """Begins with plain letters, for which `re` searches fast; the edges are looked at afterwards."""
    return re.compile(r"\s++".join(map(re.escape, phrase.split())))


@lru_cache(maxsize=4)
def _as_seen(text: str) -> str:
    """Folded, and without what hides words; kept, since every keyword asks for it."""
    return _EMPHASIS.sub(" ", _UNSEEN.sub("", text).casefold())


def _is_bounded(edge: str) -> bool:
    """Whether a word is cut off there; other signs, and scripts without spaces, may touch anything."""
    return re.match(r"\w", edge) is not None and not _IN_UNSPACED.match(edge)
