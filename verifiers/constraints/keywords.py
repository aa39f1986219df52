"""Constraints on keywords: words and phrases that a response must or must not hold, see `phrases`."""

from random import Random
from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field

from gristmill.verifiers.constraints.demands import Demand
from gristmill.verifiers.constraints.kind import (
    AtLeast,
    AtMost,
    Constraint,
    Counted,
    Draw,
    Keyword,
    between,
    one_of,
)
from gristmill.verifiers.constraints.phrases import occurrences

MOST_OCCURRENCES = 500
_NOUNS = """
    river market winter engine garden signal harbour budget mountain recipe history balance lantern copper
    journey weather village pattern bridge question
"""
SAMPLED_WORDS = tuple(_NOUNS.split())
"""What is drawn from: plain nouns, of use in a text about almost anything."""


def _distinct(keywords: tuple[str, ...]) -> tuple[str, ...]:
    if len({keyword.casefold() for keyword in keywords}) < len(keywords):
        raise ValueError("one of them stands twice")
    return keywords


Keywords = Annotated[tuple[Keyword, ...], Field(min_length=1, max_length=10), AfterValidator(_distinct)]


def _some(most: int) -> Draw:
    def draw(rng: Random) -> tuple[str, ...]:
        return tuple(rng.sample(SAMPLED_WORDS, rng.randint(1, most)))

    return draw


def quoted(phrases: tuple[str, ...]) -> str:
    return ", ".join(f'"{phrase}"' for phrase in phrases)


def _named(phrases: tuple[str, ...]) -> str:
    """With "exact", for another form of a word, such as its plural, is another word."""
    noun = "phrase" if any(" " in phrase for phrase in phrases) else "word"
    return f"exact {noun}{'s' if len(phrases) > 1 else ''} {quoted(phrases)}"


class KeywordsIncluded(Constraint):
    kind = "keywords-included"
    draws: ClassVar = {"keywords": _some(3)}
    keywords: Keywords

    def check(self, text: str) -> str | None:
        missing = tuple(keyword for keyword in self.keywords if not occurrences(keyword, text))
        return f"missing: {quoted(missing)}" if missing else None

    def sentence(self) -> str:
        return f"Use the {_named(self.keywords)}."

    def demand(self) -> Demand:
        return Demand(keys=self.keywords)


class WordsForbidden(Constraint):
    kind = "words-forbidden"
    draws: ClassVar = {"words": _some(4)}
    words: Keywords

    def check(self, text: str) -> str | None:
        found = tuple(word for word in self.words if occurrences(word, text))
        return f"found: {quoted(found)}" if found else None

    def sentence(self) -> str:
        return f"Do not use the {_named(self.words)}."

    def demand(self) -> Demand:
        return Demand(most_of=dict.fromkeys(self.words, 0))


class _Occurrences(Counted):
    keyword: Keyword

    def check(self, text: str) -> str | None:
        missed = self.wanted().missed(occurrences(self.keyword, text), "time", "times")
        return None if missed is None else f'"{self.keyword}" {missed}'


class KeywordAtLeast(_Occurrences, AtLeast):
    kind = "keyword-at-least"
    draws: ClassVar = {"keyword": one_of(SAMPLED_WORDS), "count": between(2, 5)}
    count: int = Field(ge=2, le=MOST_OCCURRENCES + 1)

    def sentence(self) -> str:
        return f"Use the {_named((self.keyword,))} at least {self.count} times."

    def demand(self) -> Demand:
        return Demand(keys=(self.keyword,) * self.count)


class KeywordAtMost(_Occurrences, AtMost):
    kind = "keyword-at-most"
    draws: ClassVar = {"keyword": one_of(SAMPLED_WORDS), "count": between(1, 4)}
    count: int = Field(ge=1, le=MOST_OCCURRENCES)

    def sentence(self) -> str:
        times = "once" if self.count == 1 else f"{self.count} times"
        return f"Use the {_named((self.keyword,))} at most {times}."

    def demand(self) -> Demand:
        return Demand(most_of={self.keyword: self.count})
