"""Constraints on the number of sentences and their length, as `text.sentences.sentences` counts them.

A text without a sentence satisfies only those that say "at most".
"""

from random import Random
from typing import ClassVar, Self

from pydantic import Field

from gristmill.text.sentences import sentences
from gristmill.text.words import word_count
from gristmill.verifiers.constraints.demands import Demand, Measure, Part, Range
from gristmill.verifiers.constraints.kind import Constraint

MOST_SENTENCES = 1000
LONGEST_SENTENCE = 500
_SHOWN = 60


class SentencesAtLeast(Constraint):
    kind: ClassVar[str] = "sentences-at-least"
    count: int = Field(ge=2, le=MOST_SENTENCES + 1)

    def check(self, text: str) -> str | None:
        return Range(self.count).missed(len(sentences(text)), "sentence", "sentences")

    def sentence(self) -> str:
        return f"Write at least {self.count} sentences."

    def opposite(self) -> Constraint:
        return SentencesAtMost(count=self.count - 1)

    def demand(self) -> Demand:
        return Demand(parts=frozenset({Part.SENTENCES}), ranges={Measure.SENTENCES: Range(self.count)})

    @classmethod
    def sample(cls, rng: Random, prompt: str) -> Self:
        return cls(count=rng.randint(3, 15))


class SentencesAtMost(Constraint):
    kind: ClassVar[str] = "sentences-at-most"
    count: int = Field(ge=1, le=MOST_SENTENCES)

    def check(self, text: str) -> str | None:
        return Range(high=self.count).missed(len(sentences(text)), "sentence", "sentences")

    def sentence(self) -> str:
        return f"Write at most {self.count} {'sentence' if self.count == 1 else 'sentences'}."

    def opposite(self) -> Constraint:
        return SentencesAtLeast(count=self.count + 1)

    def demand(self) -> Demand:
        ranges = {Measure.SENTENCES: Range(high=self.count)}
        return Demand(parts=frozenset({Part.SENTENCES}), ranges=ranges)

    @classmethod
    def sample(cls, rng: Random, prompt: str) -> Self:
        return cls(count=rng.randint(2, 12))


class SentenceWordsAtMost(Constraint):
    kind: ClassVar[str] = "sentence-words-at-most"
    count: int = Field(ge=1, le=LONGEST_SENTENCE)

    def check(self, text: str) -> str | None:
        longest = max(sentences(text), key=word_count, default="")
        return _shown(longest, Range(high=self.count))

    def sentence(self) -> str:
        return f"No sentence may have more than {self.count} {'word' if self.count == 1 else 'words'}."

    def opposite(self) -> Constraint:
        return SentenceWordsAtLeast(count=self.count + 1)

    def demand(self) -> Demand:
        ranges = {Measure.WORDS_A_SENTENCE: Range(high=self.count)}
        return Demand(parts=frozenset({Part.SENTENCES}), ranges=ranges)

    @classmethod
    def sample(cls, rng: Random, prompt: str) -> Self:
        return cls(count=rng.randint(8, 25))


class SentenceWordsAtLeast(Constraint):
    """Every sentence, and there is one."""

    kind: ClassVar[str] = "sentence-words-at-least"
    count: int = Field(ge=2, le=LONGEST_SENTENCE + 1)

    def check(self, text: str) -> str | None:
        return _shown(min(sentences(text), key=word_count, default=""), Range(self.count))

    def sentence(self) -> str:
        return f"Every sentence must have at least {self.count} words."

    def opposite(self) -> Constraint:
        return SentenceWordsAtMost(count=self.count - 1)

    def demand(self) -> Demand:
        ranges = {Measure.WORDS_A_SENTENCE: Range(self.count)}
        return Demand(parts=frozenset({Part.SENTENCES, Part.LONG_SENTENCES}), ranges=ranges)

    @classmethod
    def sample(cls, rng: Random, prompt: str) -> Self:
        return cls(count=rng.randint(4, 10))


def _shown(sentence: str, wanted: Range) -> str | None:
    missed = wanted.missed(word_count(sentence), "word", "words")
    return None if missed is None else f"{missed} in the sentence {sentence[:_SHOWN]!r}"
