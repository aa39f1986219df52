"""The words of a text, by four definitions; stored verdicts, metrics and choices rest on each of them.

- `words`: as a reader counts them, with their case. For constraints on responses.
- `folded_words`: for comparing texts without case, marks and spacing. For filters, diversity, contamination.
- `redpajama_words` and `redpajama_tokens`: as RedPajama-V2 (arXiv 2411.12372) has them, so that thresholds
  published for its quality signals can be used. For metrics.
- `spaced_word_count`: what white space parts. For cutting fragments out of documents.

"don't" is one word by `words` and `spaced_word_count`, two by `folded_words` ("don", "t"), and "dont" by
`redpajama_words`. Chinese characters and kana are words of their own by the first two; the others take what
stands between two spaces for one word, and so do all four in Thai, Lao, Khmer and Burmese. Scripts that write
vowels as marks (Devanagari) come out in shorter pieces than words by `folded_words`.

All of it takes time linear in the text.
"""

import re
import unicodedata
from functools import cache

SINGLE_CHARACTERS = (
    "\u3041-\u3096\u30a1-\u30fa\u30fc\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
"""Of a character class: those that are one word of `words` each."""

IDEOGRAPHS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Of a character class: those that are one word of `folded_words` each."""

_ASCII_WORD = re.compile(r"[a-z0-9]+")
_FOLDED_WORD = re.compile(rf"[{IDEOGRAPHS}]|[^\W_{IDEOGRAPHS}]+")
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\U000e0000-\U000e01ef]+"
)
_TOKEN = re.compile(r"\w+|[^\w\s]+")
_ALPHANUMERIC = re.compile(r"\w")
_REMOVED = frozenset("PSC")
"""First letters of the Unicode categories: punctuation, symbols, control and unassigned characters."""


@cache
def word_characters() -> str:
    """Of a regular expression: what a word of `words` goes on with, letters, digits and combining marks."""
    return rf"[\w{_marks()}]"


def words(text: str) -> list[str]:
    """A word is a run of letters, digits and combining marks of any script.

    An apostrophe or a hyphen inside it belongs to it ("don't", "well-known": one word each), and so does a
    point or a comma between digits ("3.14", "1,000"). Other signs part words ("and/or": two; "e.g.": two),
    and no sign is a word by itself.
    """
    return word_pattern().findall(text)


def word_count(text: str) -> int:
    """Of `words`."""
    return sum(1 for _ in word_pattern().finditer(text))


def holds_word(text: str) -> bool:
    """Whether `words` finds any."""
    return word_pattern().search(text) is not None


@cache
def word_pattern() -> re.Pattern[str]:
    """What `words` finds."""
    run = rf"(?:[^\W{SINGLE_CHARACTERS}]++|[{_marks()}]++)"
    return re.compile(
        rf"[{SINGLE_CHARACTERS}]"
        rf"|[^\W_{SINGLE_CHARACTERS}]{run}*+(?:(?:['’\-\u2010\u2011]|(?<=\d)[.,](?=\d)){run}++)*+"
    )


@cache
def _marks() -> str:
    """Combining marks and joiners; 30 ms, so not at import."""
    marks = (chr(code) for code in range(0x300, 0x1F000) if unicodedata.category(chr(code))[0] == "M")
    return "\u00ad\u200c\u200d\u2060" + "".join(marks)


def folded(text: str) -> str:
    """Unicode's compatibility form (NFKC) in folded case, without characters that are not seen (soft hyphens,
    zero widths, marks of direction), so that they hide nothing.
    """
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).casefold()


def folded_words(text: str) -> list[str]:
    """Runs of letters and digits of the `folded` text, in order. The words that ROUGE compares."""
    plain = folded(text)
    return (_ASCII_WORD if plain.isascii() else _FOLDED_WORD).findall(plain)


def redpajama_words(text: str) -> list[str]:
    """Pieces of `redpajama_text` between white space: "don't" and "1,000" are "dont" and "1000"."""
    return redpajama_text(text).split()


def redpajama_text(text: str) -> str:
    """In lower case, without punctuation, symbols and control characters; white space as it was."""
    lowered = text.lower()
    removed = [c for c in set(lowered) if not c.isspace() and unicodedata.category(c)[0] in _REMOVED]
    return lowered.translate(dict.fromkeys(map(ord, removed)))


def redpajama_tokens(text: str) -> list[str]:
    """Runs of letters and digits, or of anything else that is no white space, as they stand."""
    return _TOKEN.findall(text)


def spaced_word_count(text: str) -> int:
    """Pieces between white space that hold a letter or a digit."""
    return sum(1 for piece in text.split() if _ALPHANUMERIC.search(piece))
