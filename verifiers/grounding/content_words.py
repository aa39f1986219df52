"""Content words of a text by their stems, so that two texts can be compared by what they are about.

The idea: function words and numbers are left out, and of the others the English endings are cut off, so that
`accelerated` and `acceleration` are one. It is the crude kind of stemming: `rose` and `rise` stay two, and so
do `new` and `news`. Chinese characters and Japanese kana are words of their own.
"""

import re

from gristmill.text.stop_words import STOP_WORDS
from gristmill.text.words import IDEOGRAPHS, folded_words, redpajama_words

_LEAST_STEM = 3
_ENDINGS = (
    "ations", "ation", "ments", "ment", "ions", "ings", "ated", "ates", "ion", "ing", "ies", "ied", "ate",
    "ely", "ed", "es", "ly", "er", "s", "e", "y",
)  # fmt: skip
_APOSTROPHE = re.compile("['’]")
_IDEOGRAPH = re.compile(f"[{IDEOGRAPHS}]")


def content_words(text: str) -> dict[str, str]:
    """By stem, the first word of it in folded case; in the order of the text. What begins with a digit is
    none.
    """
    found: dict[str, str] = {}
    for word in folded_words(_APOSTROPHE.sub("", text)):
        if word not in STOP_WORDS and not word[0].isdigit():
            found.setdefault(stem(word), word)
    return found


def stem(word: str) -> str:
    """Of a word in lower case: without one ending and the e or y before it, at least three letters."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST_STEM:
            cut = word[: -len(ending)]
            return cut[:-1] if cut[-1] in "ey" and len(cut) > _LEAST_STEM else cut
    return word


def word_count(text: str) -> int:
    """As metrics count them, but each ideograph is one."""
    return len(redpajama_words(_IDEOGRAPH.sub(" x ", text)))
