"""Quality signals of RedPajama-V2 on a text's words, tokens, lines or characters.

They are RedPajama-V2's (arXiv 2411.12372), most of them from Gopher's rules before it (arXiv 2112.11446).
Each says one thing, none decides; what a low or high value means is for the reader of the column. An empty
text gives 0.0.

Two differences from its code: stop words are found whatever their case, and the list of them is our own.
"""

import math
from collections import Counter

from gristmill.text.stop_words import STOP_WORDS
from gristmill.text.words import redpajama_text, redpajama_tokens, redpajama_words

_SYMBOLS = ("#", "...", "…")
_ELLIPSES = ("...", "…")
_LOREM_IPSUM = "lorem ipsum"


def mean_word_length(text: str) -> float:
    """In characters, punctuation left out."""
    found = redpajama_words(text)
    return _share(sum(map(len, found)), len(found))


def unique_words(text: str) -> float:
    """Different words over words."""
    found = redpajama_words(text)
    return _share(len(set(found)), len(found))


def unigram_entropy(text: str) -> float:
    """Of the words, in nats: 0 where all are the same, the logarithm of their number where all differ."""
    counts = Counter(redpajama_words(text))
    total = counts.total()
    return math.fsum(count / total * math.log(total / count) for count in counts.values())


def stop_word_share(text: str) -> float:
    """Of the tokens, punctuation among them; English alone."""
    found = redpajama_tokens(text.lower())
    return _share(sum(token in STOP_WORDS for token in found), len(found))


def symbol_to_word(text: str) -> float:
    """Hash signs and ellipses per token."""
    return _share(sum(map(text.count, _SYMBOLS)), len(redpajama_tokens(text)))


def curly_brackets(text: str) -> float:
    """Share of the characters."""
    return _share(text.count("{") + text.count("}"), len(text))


def all_caps_share(text: str) -> float:
    """Of the tokens; `I` and `A` count."""
    found = redpajama_tokens(text)
    return _share(sum(map(str.isupper, found)), len(found))


def ellipsis_lines(text: str) -> float:
    """Share of the lines that end in an ellipsis; a blank line is a line."""
    lines = text.removesuffix("\n").split("\n") if text else []
    return _share(sum(line.rstrip().endswith(_ELLIPSES) for line in lines), len(lines))


def no_alpha_words(text: str) -> float:
    """Share of the tokens without a letter from A to Z: numbers, punctuation, other scripts."""
    found = redpajama_tokens(text)
    return _share(sum(not _has_latin_letter(token) for token in found), len(found))


def lorem_ipsum(text: str) -> float:
    """How often it stands there, for each character of the text without punctuation."""
    found = redpajama_text(text)
    return _share(found.count(_LOREM_IPSUM), len(found))


def _has_latin_letter(token: str) -> bool:
    return any(char.isascii() and char.isalpha() for char in token)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
