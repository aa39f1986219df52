"""Constraints on how a response starts and ends, and on its questions.

Phrases are compared in their very case; white space
around the response does not count, and a phrase must be over where it ends ("In" does not begin "Indeed").
"""

import re
from functools import cache
from random import Random
from typing import ClassVar, Self

from pydantic import Field, model_validator

from gristmill.text.blocks import paragraphs
from gristmill.text.words import word_characters
from gristmill.verifiers.constraints.demands import Demand, Measure, Part, Range
from gristmill.verifiers.constraints.kind import Constraint, Phrase, Word
from gristmill.verifiers.constraints.lengths import MOST_BLOCKS, ParagraphsExactly
from gristmill.verifiers.constraints.phrases import ends_word

QUESTION_MARKS = "?？؟"
MOST_QUESTIONS = 200
_CLOSES = "[\"'”’»)\\]*_`]"
_BLANK = "[ \u00a0\u202f]"
_SHOWN = 40
_BEGINNINGS = ("In short", "Let me explain", "Here is my answer:", "Well, to begin with", "once again")
_ENDINGS = ("That is all.", "I hope this helps.", "the end", "Any other questions?", "More follows, in time.")
_FIRST_WORDS = ("However", "Meanwhile", "Finally", "Today", "perhaps")


class StartsWith(Constraint):
    kind: ClassVar[str] = "starts-with"
    phrase: Phrase

    def check(self, text: str) -> str | None:
        body = text.lstrip()
        return None if begins_with(body, self.phrase) else f"starts with {body[:_SHOWN]!r}"

    def sentence(self) -> str:
        return f'Start your answer with exactly these words: "{self.phrase}"'

    def opposite(self) -> Constraint:
        return StartsWith(phrase="No" if self.phrase[0] != "N" else "Yes")

    def demand(self) -> Demand:
        return Demand(parts=frozenset({Part.BEGINNING}), texts=(self.phrase,))

    @classmethod
    def sample(cls, rng: Random, prompt: str) -> Self:
        return cls(phrase=rng.choice(_BEGINNINGS))


class EndsWith(Constraint):
    kind: ClassVar[str] = "ends-with"
    phrase: Phrase

    def check(self, text: str) -> str | None:
        body = text.rstrip()
        start = len(body) - len(self.phrase)
        is_whole = body.endswith(self.phrase) and _begins_word(body, start)
        return None if is_whole else f"ends with {body[-_SHOWN:]!r}"

    def sentence(self) -> str:
        return f'End your answer with exactly these words, and nothing after them: "{self.phrase}"'

    def opposite(self) -> Constraint:
        return EndsWith(phrase="No." if self.phrase[-1] != "." else "Yes!")

    def demand(self) -> Demand:
        return Demand(parts=frozenset({Part.ENDING}), texts=(self.phrase,))

    @classmethod
    def sample(cls, rng: Random, prompt: str) -> Self:
        return cls(phrase=rng.choice(_ENDINGS))


class EndsWithQuestion(Constraint):
    """The last sign is a question mark after a word: no quote, bracket or asterisk after it."""

    kind: ClassVar[str] = "ends-with-question"

    def check(self, text: str) -> str | None:
        body = text.rstrip()
        return None if _asked_last().search(body[-_SHOWN:]) else f"ends with {body[-_SHOWN:]!r}"

    def sentence(self) -> str:
        return "End your answer with a question, so that its last character is a question mark."

    def opposite(self) -> Constraint:
        return EndsWith(phrase="That is all.")

    def demand(self) -> Demand:
        takes = {Measure.QUESTIONS: 1, Measure.WORDS: 1, Measure.SENTENCES: 1}
        return Demand(parts=frozenset({Part.ENDING}), takes=takes)

    @classmethod
    def sample(cls, rng: Random, prompt: str) -> Self:
        return cls()


class QuestionsExactly(Constraint):
    """Question marks, wherever they stand. Each must follow a word, with no more than signs or one
    space between them: "What?!" has one, and "What??" one too many.
    """

    kind: ClassVar[str] = "questions-exactly"
    count: int = Field(ge=1, le=MOST_QUESTIONS)

    def check(self, text: str) -> str | None:
        wanted = Range(self.count, self.count)
        if missed := wanted.missed(question_marks(text), "question mark", "question marks"):
            return missed
        return "a question mark that follows no word" if re.search(_no_question(), text) else None

    def sentence(self) -> str:
        if self.count == 1:
            return "Ask exactly one question, and use no other question mark."
        return f"Ask exactly {self.count} questions, with one question mark each."

    def opposite(self) -> Constraint:
        return QuestionsExactly(count=self.count + 1 if self.count < MOST_QUESTIONS else 1)

    def demand(self) -> Demand:
        return Demand(
            parts=frozenset({Part.QUESTIONS}),
            ranges={Measure.QUESTIONS: Range(self.count, self.count)},
            takes={Measure.WORDS: self.count, Measure.SENTENCES: self.count},
            bars={_no_question(): "question mark that follows no word"},
        )

    @classmethod
    def sample(cls, rng: Random, prompt: str) -> Self:
        return cls(count=rng.randint(1, 4))


class ParagraphStartsWith(Constraint):
    """So many paragraphs, as `paragraphs-exactly` counts them, and a first word, in its very case, for one.

    `paragraph` counts from 1.
    """

    kind: ClassVar[str] = "paragraph-starts-with"
    count: int = Field(ge=1, le=MOST_BLOCKS)
    paragraph: int = Field(ge=1, le=MOST_BLOCKS)
    word: Word

    @model_validator(mode="after")
    def _has_that_paragraph(self) -> Self:
        if self.paragraph > self.count:
            raise ValueError("paragraph is above count")
        return self

    def check(self, text: str) -> str | None:
        found = paragraphs(text)
        if missed := Range(self.count, self.count).missed(len(found), "paragraph", "paragraphs"):
            return missed
        chosen = found[self.paragraph - 1]
        if begins_with(chosen, self.word):
            return None
        return f"paragraph {self.paragraph} starts with {chosen[:_SHOWN]!r}"

    def sentence(self) -> str:
        noun = "paragraph" if self.count == 1 else "paragraphs, with a blank line between them"
        return (
            f"Write exactly {self.count} {noun}. "
            f'Paragraph {self.paragraph} must start with the exact word "{self.word}".'
        )

    def opposite(self) -> Constraint:
        return ParagraphsExactly(count=self.count + 1 if self.count < MOST_BLOCKS else 1)

    def demand(self) -> Demand:
        parts = {Part.PARAGRAPHS, Part.WORD_OF_PARAGRAPH} | (
            {Part.BEGINNING} if self.paragraph == 1 else set()
        )
        exactly = Range(self.count, self.count)
        return Demand(parts=frozenset(parts), ranges={Measure.PARAGRAPHS: exactly}, texts=(self.word,))

    @classmethod
    def sample(cls, rng: Random, prompt: str) -> Self:
        count = rng.randint(2, 5)
        return cls(count=count, paragraph=rng.randint(1, count), word=rng.choice(_FIRST_WORDS))


def begins_with(body: str, phrase: str) -> bool:
    return body.startswith(phrase) and ends_word(body, len(phrase))


def _begins_word(body: str, start: int) -> bool:
    """Whether no word is cut in two there."""
    return start == 0 or not body[start].isalnum() or ends_word(body, start)


@cache
def _no_question() -> str:
    """Pattern of a question mark that follows no word.

    What it may follow is looked back for, each of one width as `re` wants it. French has a space there.
    """
    word, sign = word_characters(), rf"[^\w\s{QUESTION_MARKS}]"
    after_word = (
        *(word + sign * signs for signs in range(7)),
        *(word + _CLOSES * signs + _BLANK for signs in range(4)),
        word + _BLANK + _CLOSES + _BLANK,
        *(word + _BLANK + rf"[^\w\s{QUESTION_MARKS}.!…]" * signs for signs in (1, 2)),
    )
    return "".join(f"(?<!{before})" for before in after_word) + f"[{QUESTION_MARKS}]"


@cache
def _asked_last() -> re.Pattern[str]:
    after_word = rf"(?:[^\w\s]{{0,8}}|{_CLOSES}{{0,3}}{_BLANK})"
    return re.compile(rf"{word_characters()}{after_word}[{QUESTION_MARKS}]\Z")


def question_marks(text: str) -> int:
    return sum(text.count(mark) for mark in QUESTION_MARKS)
