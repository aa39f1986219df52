"""Constraints on the number of sentences and their length, as `text.sentences.sentences` counts them.

A text without a sentence satisfies only those that say "at most".
"""

from typing import ClassVar

from pydantic import Field

from gristmill.text.sentences import sentences
from gristmill.text.words import word_count
from gristmill.verifiers.constraints.demands import Measure, Part, Range
from gristmill.verifiers.constraints.kind import AtLeast, AtMost, between

MOST_SENTENCES = 1000
LONGEST_SENTENCE = 500
_SHOWN = 60


class SentencesAtLeast(AtLeast):
    kind = "sentences-at-least"
    measure = Measure.SENTENCES
    parts: ClassVar = {Part.SENTENCES}
    told = "Write at least {count} sentences."
    draws: ClassVar = {"count": between(3, 15)}
    count: int = Field(ge=2, le=MOST_SENTENCES + 1)


class SentencesAtMost(AtMost):
    kind = "sentences-at-most"
    measure = Measure.SENTENCES
    parts: ClassVar = {Part.SENTENCES}
    told = "Write at most {count} sentence{s}."
    draws: ClassVar = {"count": between(2, 12)}
    count: int = Field(ge=1, le=MOST_SENTENCES)


class SentenceWordsAtMost(AtMost):
    kind = "sentence-words-at-most"
    measure = Measure.WORDS_A_SENTENCE
    parts: ClassVar = {Part.SENTENCES}
    told = "No sentence may have more than {count} word{s}."
    draws: ClassVar = {"count": between(8, 25)}
    count: int = Field(ge=1, le=LONGEST_SENTENCE)

    def check(self, text: str) -> str | None:
        return _shown(max(sentences(text), key=word_count, default=""), self.wanted())


class SentenceWordsAtLeast(AtLeast):
    """Every sentence, and there is one."""

    kind = "sentence-words-at-least"
    measure = Measure.WORDS_A_SENTENCE
    parts: ClassVar = {Part.SENTENCES, Part.LONG_SENTENCES}
    told = "Every sentence must have at least {count} words."
    draws: ClassVar = {"count": between(4, 10)}
    count: int = Field(ge=2, le=LONGEST_SENTENCE + 1)

    def check(self, text: str) -> str | None:
        return _shown(min(sentences(text), key=word_count, default=""), self.wanted())


def _shown(sentence: str, wanted: Range) -> str | None:
    missed = wanted.missed(word_count(sentence), "word", "words")
    return None if missed is None else f"{missed} in the sentence {sentence[:_SHOWN]!r}"
