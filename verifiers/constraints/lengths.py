"""Constraints on the length of a response in words, paragraphs and lines (`text.words`, `text.blocks`)."""

from random import Random
from typing import ClassVar, Self

from pydantic import Field, model_validator

from gristmill.text.blocks import paragraphs, parts
from gristmill.text.words import word_count
from gristmill.verifiers.constraints.demands import Demand, Measure, Part, Range
from gristmill.verifiers.constraints.kind import AtLeast, AtMost, Constraint, Exactly, between

MOST_WORDS = 20_000
MOST_BLOCKS = 200
STARS = "***"


class WordsAtLeast(AtLeast):
    kind = "words-at-least"
    measure = Measure.WORDS
    told = "Write at least {count} words."
    draws: ClassVar = {"count": between(4, 40, step=10)}
    count: int = Field(ge=2, le=MOST_WORDS + 1)


class WordsAtMost(AtMost):
    kind = "words-at-most"
    measure = Measure.WORDS
    told = "Write at most {count} words."
    draws: ClassVar = {"count": between(5, 30, step=10)}
    count: int = Field(ge=1, le=MOST_WORDS)


class WordsBetween(Constraint):
    kind = "words-between"
    told = "Write between {least} and {most} words."
    least: int = Field(ge=2, le=MOST_WORDS)
    most: int = Field(ge=2, le=MOST_WORDS)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.least > self.most:
            raise ValueError("least is above most")
        return self

    def check(self, text: str) -> str | None:
        return Range(self.least, self.most).missed(word_count(text), "word", "words")

    def demand(self) -> Demand:
        return Demand(ranges={Measure.WORDS: Range(self.least, self.most)})

    @classmethod
    def sample(cls, rng: Random, prompt: str) -> Self:
        least = 10 * rng.randint(4, 30)
        return cls(least=least, most=least + 10 * rng.randint(2, 10))


class WordsExactly(Exactly):
    kind = "words-exactly"
    measure = Measure.WORDS
    told = "Write exactly {count} word{s}."
    draws: ClassVar = {"count": between(10, 60)}
    count: int = Field(ge=1, le=MOST_WORDS)


class ParagraphsExactly(Exactly):
    kind = "paragraphs-exactly"
    measure = Measure.PARAGRAPHS
    parts: ClassVar = {Part.PARAGRAPHS}
    draws: ClassVar = {"count": between(2, 6)}
    count: int = Field(ge=1, le=MOST_BLOCKS)

    def sentence(self) -> str:
        noun = "paragraph" if self.count == 1 else "paragraphs, with a blank line between them"
        return f"Write exactly {self.count} {noun}."


class ParagraphsStarred(Exactly):
    """What stands between lines of `***` and nothing else, one paragraph each. A blank line inside such a
    part makes two paragraphs of it.
    """

    kind = "paragraphs-starred"
    told = (
        "Write exactly {count} paragraphs, without a blank line inside any of them, and separate "
        "them by a line that holds three asterisks (***) and nothing else."
    )
    draws: ClassVar = {"count": between(2, 5)}
    count: int = Field(ge=2, le=MOST_BLOCKS)

    def check(self, text: str) -> str | None:
        found = parts(text, STARS)
        for place, part in enumerate(found, 1):
            if (held := len(paragraphs(part))) != 1:
                return f"{held or 'no'} paragraphs in part {place}, 1 wanted"
        return self.wanted().missed(len(found), "part", "parts")

    def demand(self) -> Demand:
        takes = {Measure.WORDS: self.count, Measure.SENTENCES: self.count, Measure.LINES: 2 * self.count}
        return Demand(parts={Part.STARS}, takes=takes)


class LinesExactly(Exactly):
    """Lines that hold a word: neither blank ones nor rules."""

    kind = "lines-exactly"
    measure = Measure.LINES
    parts: ClassVar = {Part.LINES}
    told = "Write exactly {count} line{s}; lines without a word, such as blank ones, do not count."
    draws: ClassVar = {"count": between(3, 15)}
    count: int = Field(ge=1, le=MOST_BLOCKS)
