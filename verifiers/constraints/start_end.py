"""Constraints on how a response starts and ends, and on its questions.

Phrases are compared in their very case; white space around the response does not count, and a phrase must be
over where it ends ("In" does not begin "Indeed").
"""

import re
from functools import cache
from random import Random
from typing import ClassVar, Self

from pydantic import Field, model_validator

from gristmill.text.blocks import paragraphs
from gristmill.text.words import word_characters
from gristmill.verifiers.constraints.demands import Demand, Measure, Part
from gristmill.verifiers.constraints.kind import Constraint, Exactly, Phrase, Word, between, one_of
from gristmill.verifiers.constraints.lengths import MOST_BLOCKS, ParagraphsExactly
from gristmill.verifiers.constraints.phrases import QUESTION_MARKS, ends_word

MOST_QUESTIONS = 200
_CLOSES = "[\"'”’»)\\]*_`]"
_BLANK = "[ \u00a0\u202f]"
_SHOWN = 40
_BEGINNINGS = ("In short", "Let me explain", "Here is my answer:", "Well, to begin with", "once again")
_ENDINGS = ("That is all.", "I hope this helps.", "the end", "Any other questions?", "More follows, in time.")
_FIRST_WORDS = ("However", "Meanwhile", "Finally", "Today", "perhaps")


class StartsWith(Constraint):
    kind = "starts-with"
    told = 'Start your answer with exactly these words: "{phrase}"'
    draws: ClassVar = {"phrase": one_of(_BEGINNINGS)}
    phrase: Phrase

    def check(self, text: str) -> str | None:
        body = text.lstrip()
        return None if begins_with(body, self.phrase) else f"starts with {body[:_SHOWN]!r}"

    def demand(self) -> Demand:
        return Demand(parts={Part.BEGINNING}, texts=(self.phrase,))


class EndsWith(Constraint):
    kind = "ends-with"
    told = 'End your answer with exactly these words, and nothing after them: "{phrase}"'
    draws: ClassVar = {"phrase": one_of(_ENDINGS)}
    phrase: Phrase

    def check(self, text: str) -> str | None:
        body = text.rstrip()
        start = len(body) - len(self.phrase)
        is_whole = body.endswith(self.phrase) and _begins_word(body, start)
        return None if is_whole else f"ends with {body[-_SHOWN:]!r}"

    def demand(self) -> Demand:
        return Demand(parts={Part.ENDING}, texts=(self.phrase,))


class EndsWithQuestion(Constraint):
    """The last sign is a question mark after a word: no quote, bracket or asterisk after it."""

    kind = "ends-with-question"
    asks = Demand(parts={Part.ENDING}, takes={Measure.QUESTIONS: 1, Measure.WORDS: 1, Measure.SENTENCES: 1})
    told = "End your answer with a question, so that its last character is a question mark."

    def check(self, text: str) -> str | None:
        body = text.rstrip()
        return None if _asked_last().search(body[-_SHOWN:]) else f"ends with {body[-_SHOWN:]!r}"


class QuestionsExactly(Exactly):
    """Question marks, wherever they stand. Each must follow a word, with no more than signs or one
    space between them: "What?!" has one, and "What??" one too many.
    """

    kind = "questions-exactly"
    measure = Measure.QUESTIONS
    told = "Ask exactly {count} questions, with one question mark each."
    draws: ClassVar = {"count": between(1, 4)}
    count: int = Field(ge=1, le=MOST_QUESTIONS)

    def check(self, text: str) -> str | None:
        if missed := super().check(text):
            return missed
        return "a question mark that follows no word" if re.search(_no_question(), text) else None

    def sentence(self) -> str:
        if self.count == 1:
            return "Ask exactly one question, and use no other question mark."
        return super().sentence()

    def demand(self) -> Demand:
        return Demand(
            parts={Part.QUESTIONS},
            ranges={Measure.QUESTIONS: self.wanted()},
            takes={Measure.WORDS: self.count, Measure.SENTENCES: self.count},
            bars={_no_question(): "question mark that follows no word"},
        )


class ParagraphStartsWith(ParagraphsExactly):
    """So many paragraphs, as `paragraphs-exactly` counts them, and a first word, in its very case, for one.

    `paragraph` counts from 1.
    """

    kind = "paragraph-starts-with"
    paragraph: int = Field(ge=1, le=MOST_BLOCKS)
    word: Word

    @model_validator(mode="after")
    def _has_that_paragraph(self) -> Self:
        if self.paragraph > self.count:
            raise ValueError("paragraph is above count")
        return self

    def check(self, text: str) -> str | None:
        if missed := super().check(text):
            return missed
        chosen = paragraphs(text)[self.paragraph - 1]
        if begins_with(chosen, self.word):
            return None
        return f"paragraph {self.paragraph} starts with {chosen[:_SHOWN]!r}"

    def sentence(self) -> str:
        told = f'Paragraph {self.paragraph} must start with the exact word "{self.word}".'
        return f"{super().sentence()} {told}"

    def demand(self) -> Demand:
        parts = {Part.PARAGRAPHS, Part.WORD_OF_PARAGRAPH}
        if self.paragraph == 1:
            parts.add(Part.BEGINNING)
        return Demand(parts=parts, ranges={Measure.PARAGRAPHS: self.wanted()}, texts=(self.word,))

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
