"""Constraints on keywords: words and phrases that a response must or must not hold, whole and in any case
(`phrases.occurrences`).
"""

from random import Random
from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, Field

from gristmill.verifiers.constraints.demands import Demand, Range
from gristmill.verifiers.constraints.kind import Constraint, Keyword
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


def quoted(phrases: tuple[str, ...]) -> str:
    return ", ".join(f'"{phrase}"' for phrase in phrases)


def _named(phrases: tuple[str, ...]) -> str:
    """With "exact", for another form of a word, such as its plural, is another word."""
    noun = "phrase" if any(" " in phrase for phrase in phrases) else "word"
    return f"exact {noun}{'s' if len(phrases) > 1 else ''} {quoted(phrases)}"


class KeywordsIncluded(Constraint):
    kind: ClassVar[str] = "keywords-included"
    keywords: Keywords

    def check(self, text: str) -> str | None:
        missing = tuple(keyword for keyword in self.keywords if not occurrences(keyword, text))
        return f"missing: {quoted(missing)}" if missing else None

    def sentence(self) -> str:
        return f"Use the {_named(self.keywords)}."

    def opposite(self) -> Constraint:
        return WordsForbidden(words=self.keywords)

    def demand(self) -> Demand:
        return Demand(keys=self.keywords)

    @classmethod
    def sample(cls, rng: Random, prompt: str) -> Self:
        return cls(keywords=tuple(rng.sample(SAMPLED_WORDS, rng.randint(1, 3))))


class WordsForbidden(Constraint):
    kind: ClassVar[str] = "words-forbidden"
    words: Keywords

    def check(self, text: str) -> str | None:
        found = tuple(word for word in self.words if occurrences(word, text))
        return f"found: {quoted(found)}" if found else None

    def sentence(self) -> str:
        return f"Do not use the {_named(self.words)}."

    def opposite(self) -> Constraint:
        return KeywordsIncluded(keywords=self.words)

    def demand(self) -> Demand:
        return Demand(most_of=dict.fromkeys(self.words, 0))

    @classmethod
    def sample(cls, rng: Random, prompt: str) -> Self:
        return cls(words=tuple(rng.sample(SAMPLED_WORDS, rng.randint(1, 4))))


class KeywordAtLeast(Constraint):
    kind: ClassVar[str] = "keyword-at-least"
    keyword: Keyword
    count: int = Field(ge=2, le=MOST_OCCURRENCES + 1)

    def check(self, text: str) -> str | None:
        return _missed(self.keyword, text, Range(self.count))

    def sentence(self) -> str:
        return f"Use the {_named((self.keyword,))} at least {self.count} times."

    def opposite(self) -> Constraint:
        return KeywordAtMost(keyword=self.keyword, count=self.count - 1)

    def demand(self) -> Demand:
        return Demand(keys=(self.keyword,) * self.count)

    @classmethod
    def sample(cls, rng: Random, prompt: str) -> Self:
        return cls(keyword=rng.choice(SAMPLED_WORDS), count=rng.randint(2, 5))


class KeywordAtMost(Constraint):
    kind: ClassVar[str] = "keyword-at-most"
    keyword: Keyword
    count: int = Field(ge=1, le=MOST_OCCURRENCES)

    def check(self, text: str) -> str | None:
        return _missed(self.keyword, text, Range(high=self.count))

    def sentence(self) -> str:
        times = "once" if self.count == 1 else f"{self.count} times"
        return f"Use the {_named((self.keyword,))} at most {times}."

    def opposite(self) -> Constraint:
        return KeywordAtLeast(keyword=self.keyword, count=self.count + 1)

    def demand(self) -> Demand:
        return Demand(most_of={self.keyword: self.count})

    @classmethod
    def sample(cls, rng: Random, prompt: str) -> Self:
        return cls(keyword=rng.choice(SAMPLED_WORDS), count=rng.randint(1, 4))


def _missed(keyword: str, text: str, wanted: Range) -> str | None:
    missed = wanted.missed(occurrences(keyword, text), "time", "times")
    return None if missed is None else f'"{keyword}" {missed}'
