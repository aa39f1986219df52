"""Constraints on the length of a response in words, paragraphs and lines, as `text.words` and `text.blocks`
count them.
"""

from random import Random
from typing import ClassVar, Self

from pydantic import Field, model_validator

from gristmill.text.blocks import lines, paragraphs, parts
from gristmill.text.words import word_count
from gristmill.verifiers.constraints.demands import Demand, Measure, Part, Range
from gristmill.verifiers.constraints.kind import Constraint

MOST_WORDS = 20_000
MOST_BLOCKS = 200
STARS = "***"


class WordsAtLeast(Constraint):
    kind: ClassVar[str] = "words-at-least"
    count: int = Field(ge=2, le=MOST_WORDS + 1)

    def check(self, text: str) -> str | None:
        return Range(self.count).missed(word_count(text), "word", "words")

    def sentence(self) -> str:
        return f"Write at least {self.count} words."

    def opposite(self) -> Constraint:
        return WordsAtMost(count=self.count - 1)

    def demand(self) -> Demand:
        return Demand(ranges={Measure.WORDS: Range(self.count)})

    @classmethod
    def sample(cls, rng: Random, prompt: str) -> Self:
        return cls(count=10 * rng.randint(4, 40))


class WordsAtMost(Constraint):
    kind: ClassVar[str] = "words-at-most"
    count: int = Field(ge=1, le=MOST_WORDS)

    def check(self, text: str) -> str | None:
        return Range(high=self.count).missed(word_count(text), "word", "words")

    def sentence(self) -> str:
        return f"Write at most {self.count} words."

    def opposite(self) -> Constraint:
        return WordsAtLeast(count=self.count + 1)

    def demand(self) -> Demand:
        return Demand(ranges={Measure.WORDS: Range(high=self.count)})

    @classmethod
    def sample(cls, rng: Random, prompt: str) -> Self:
        return cls(count=10 * rng.randint(5, 30))


class WordsBetween(Constraint):
    kind: ClassVar[str] = "words-between"
    least: int = Field(ge=2, le=MOST_WORDS)
    most: int = Field(ge=2, le=MOST_WORDS)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.least > self.most:
            raise ValueError("least is above most")
        return self

    def check(self, text: str) -> str | None:
        return Range(self.least, self.most).missed(word_count(text), "word", "words")

    def sentence(self) -> str:
        return f"Write between {self.least} and {self.most} words."

    def opposite(self) -> Constraint:
        return WordsAtMost(count=self.least - 1)

    def demand(self) -> Demand:
        return Demand(ranges={Measure.WORDS: Range(self.least, self.most)})

    @classmethod
    def sample(cls, rng: Random, prompt: str) -> Self:
        least = 10 * rng.randint(4, 30)
        return cls(least=least, most=least + 10 * rng.randint(2, 10))


class WordsExactly(Constraint):
    kind: ClassVar[str] = "words-exactly"
    count: int = Field(ge=1, le=MOST_WORDS)

    def check(self, text: str) -> str | None:
        return Range(self.count, self.count).missed(word_count(text), "word", "words")

    def sentence(self) -> str:
        return f"Write exactly {self.count} {'word' if self.count == 1 else 'words'}."

    def opposite(self) -> Constraint:
        return WordsAtLeast(count=self.count + 1)

    def demand(self) -> Demand:
        return Demand(ranges={Measure.WORDS: Range(self.count, self.count)})

    @classmethod
    def sample(cls, rng: Random, prompt: str) -> Self:
        return cls(count=rng.randint(10, 60))


class ParagraphsExactly(Constraint):
    kind: ClassVar[str] = "paragraphs-exactly"
    count: int = Field(ge=1, le=MOST_BLOCKS)

    def check(self, text: str) -> str | None:
        return Range(self.count, self.count).missed(len(paragraphs(text)), "paragraph", "paragraphs")

    def sentence(self) -> str:
        noun = "paragraph" if self.count == 1 else "paragraphs, with a blank line between them"
        return f"Write exactly {self.count} {noun}."

    def opposite(self) -> Constraint:
        return ParagraphsExactly(count=self.count + 1 if self.count < MOST_BLOCKS else 1)

    def demand(self) -> Demand:
        exactly = Range(self.count, self.count)
        return Demand(parts=frozenset({Part.PARAGRAPHS}), ranges={Measure.PARAGRAPHS: exactly})

    @classmethod
    def sample(cls, rng: Random, prompt: str) -> Self:
        return cls(count=rng.randint(2, 6))


class ParagraphsStarred(Constraint):
    """What stands between lines of `***` and nothing else, one paragraph each. A blank line inside such a
    part makes two paragraphs of it.
    """

    kind: ClassVar[str] = "paragraphs-starred"
    count: int = Field(ge=2, le=MOST_BLOCKS)

    def check(self, text: str) -> str | None:
        found = parts(text, STARS)
        for number, part in enumerate(found, 1):
            if (held := len(paragraphs(part))) != 1:
                return f"{held or 'no'} paragraphs in part {number}, 1 wanted"
        return Range(self.count, self.count).missed(len(found), "part", "parts")

    def sentence(self) -> str:
        return (
            f"Write exactly {self.count} paragraphs, without a blank line inside any of them, and separate "
            "them by a line that holds three asterisks (***) and nothing else."
        )

    def opposite(self) -> Constraint:
        return ParagraphsStarred(count=self.count + 1 if self.count < MOST_BLOCKS else 2)

    def demand(self) -> Demand:
        takes = {Measure.WORDS: self.count, Measure.SENTENCES: self.count, Measure.LINES: 2 * self.count}
        return Demand(parts=frozenset({Part.STARS}), takes=takes)

    @classmethod
    def sample(cls, rng: Random, prompt: str) -> Self:
        return cls(count=rng.randint(2, 5))


class LinesExactly(Constraint):
    """Lines that hold a word: neither blank ones nor rules."""

    kind: ClassVar[str] = "lines-exactly"
    count: int = Field(ge=1, le=MOST_BLOCKS)

    def check(self, text: str) -> str | None:
        return Range(self.count, self.count).missed(len(lines(text)), "line", "lines")

    def sentence(self) -> str:
        noun = "line" if self.count == 1 else "lines"
        return f"Write exactly {self.count} {noun}; lines without a word, such as blank ones, do not count."

    def opposite(self) -> Constraint:
        return LinesExactly(count=self.count + 1 if self.count < MOST_BLOCKS else 1)

    def demand(self) -> Demand:
        exactly = Range(self.count, self.count)
        return Demand(parts=frozenset({Part.LINES}), ranges={Measure.LINES: exactly})

    @classmethod
    def sample(cls, rng: Random, prompt: str) -> Self:
        return cls(count=rng.randint(3, 15))
