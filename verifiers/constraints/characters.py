"""Constraints on characters: letters, their case, words in capitals, commas, digits.

Case is Unicode's. Scripts without case (Chinese, Arabic, Hindi, ...) have no say in it: a text is in small
letters or in capitals where it has a letter with case, and each such letter has that case. So a text without
one satisfies neither.
"""

import re
from random import Random
from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, Field

from gristmill.verifiers.constraints.demands import Case, Demand, Measure, Part, Range
from gristmill.verifiers.constraints.keywords import KeywordsIncluded
from gristmill.verifiers.constraints.kind import Constraint
from gristmill.verifiers.constraints.phrases import capital_words
from gristmill.verifiers.constraints.start_end import StartsWith

MOST_LETTERS = 10_000
MOST_CAPITALS = 1000
COMMAS = ",，、،﹐､"
"""Those of Latin, Chinese, Japanese and Arabic, in their widths."""

_SHOWN = 40


def _one_letter(letter: str) -> str:
    if len(letter) != 1 or not letter.isalpha() or letter.casefold() != letter:
        raise ValueError("one letter, a small one where the script has case")
    return letter


Letter = Annotated[str, AfterValidator(_one_letter)]


class LetterAtLeast(Constraint):
    kind: ClassVar[str] = "letter-at-least"
    letter: Letter
    count: int = Field(ge=1, le=MOST_LETTERS + 1)

    def check(self, text: str) -> str | None:
        return _missed(self.letter, text, Range(self.count))

    def sentence(self) -> str:
        times = "once" if self.count == 1 else f"{self.count} times"
        return f'Use the letter "{self.letter}", small or capital, at least {times}.'

    def opposite(self) -> Constraint:
        return LetterAtMost(letter=self.letter, count=self.count - 1)

    def demand(self) -> Demand:
        return Demand(
            parts=frozenset({Part.LETTERS}),
            letters={self.letter: Range(self.count)},
            takes={Measure.WORDS: self.count},
        )

    @classmethod
    def sample(cls, rng: Random, prompt: str) -> Self:
        return cls(letter=rng.choice("abcdefghijklmnopqrstuvwxyz"), count=rng.randint(3, 15))


class LetterAtMost(Constraint):
    kind: ClassVar[str] = "letter-at-most"
    letter: Letter
    count: int = Field(ge=0, le=MOST_LETTERS)

    def check(self, text: str) -> str | None:
        return _missed(self.letter, text, Range(high=self.count))

    def sentence(self) -> str:
        if self.count == 0:
            return f'Do not use the letter "{self.letter}", neither small nor capital.'
        times = "once" if self.count == 1 else f"{self.count} times"
        return f'Use the letter "{self.letter}", small or capital, at most {times}.'

    def opposite(self) -> Constraint:
        return LetterAtLeast(letter=self.letter, count=self.count + 1)

    def demand(self) -> Demand:
        return Demand(parts=frozenset({Part.LETTERS}), letters={self.letter: Range(high=self.count)})

    @classmethod
    def sample(cls, rng: Random, prompt: str) -> Self:
        return cls(letter=rng.choice("bcdfghjkmpquvwxyz"), count=rng.randint(3, 12))


def _missed(letter: str, text: str, wanted: Range) -> str | None:
    missed = wanted.missed(text.casefold().count(letter), "time", "times")
    return None if missed is None else f'"{letter}" {missed}'


class CapitalWordsAtLeast(Constraint):
    """Words in capitals are those of `phrases.capital_words`: two letters or more."""

    kind: ClassVar[str] = "capital-words-at-least"
    count: int = Field(ge=1, le=MOST_CAPITALS + 1)

    def check(self, text: str) -> str | None:
        return Range(self.count).missed(capital_words(text), "word in capitals", "words in capitals")

    def sentence(self) -> str:
        noun = "word" if self.count == 1 else "words"
        return f"Write at least {self.count} {noun} of two or more letters in capitals throughout."

    def opposite(self) -> Constraint:
        return CapitalWordsAtMost(count=self.count - 1)

    def demand(self) -> Demand:
        takes = {Measure.WORDS: self.count}
        return Demand(ranges={Measure.CAPITALS: Range(self.count)}, takes=takes)

    @classmethod
    def sample(cls, rng: Random, prompt: str) -> Self:
        return cls(count=rng.randint(2, 8))


class CapitalWordsAtMost(Constraint):
    kind: ClassVar[str] = "capital-words-at-most"
    count: int = Field(ge=0, le=MOST_CAPITALS)

    def check(self, text: str) -> str | None:
        return Range(high=self.count).missed(capital_words(text), "word in capitals", "words in capitals")

    def sentence(self) -> str:
        if self.count == 0:
            return "Write no word of two or more letters in capitals throughout."
        noun = "word" if self.count == 1 else "words"
        return f"Write at most {self.count} {noun} of two or more letters in capitals throughout."

    def opposite(self) -> Constraint:
        return CapitalWordsAtLeast(count=self.count + 1)

    def demand(self) -> Demand:
        ranges = {Measure.CAPITALS: Range(high=self.count)}
        return Demand(parts=frozenset({Part.FEW_CAPITALS}), ranges=ranges)

    @classmethod
    def sample(cls, rng: Random, prompt: str) -> Self:
        return cls(count=rng.randint(0, 5))


class AllLowercase(Constraint):
    kind: ClassVar[str] = "all-lowercase"

    def check(self, text: str) -> str | None:
        if text.islower():
            return None
        found = next((word for word in text.split() if word != word.lower()), "")
        return f"not in small letters: {found[:_SHOWN]!r}" if found else "no letter that has a case"

    def sentence(self) -> str:
        return "Write in small letters alone, without a single capital."

    def opposite(self) -> Constraint:
        return AllUppercase()

    def demand(self) -> Demand:
        return Demand(case=Case.LOWER, ranges={Measure.CAPITALS: Range(high=0)})

    @classmethod
    def sample(cls, rng: Random, prompt: str) -> Self:
        return cls()


class AllUppercase(Constraint):
    kind: ClassVar[str] = "all-uppercase"

    def check(self, text: str) -> str | None:
        if text.isupper():
            return None
        found = next((word for word in text.split() if word != word.upper()), "")
        return f"not in capitals: {found[:_SHOWN]!r}" if found else "no letter that has a case"

    def sentence(self) -> str:
        return "Write in CAPITAL LETTERS alone, without a single small letter."

    def opposite(self) -> Constraint:
        return AllLowercase()

    def demand(self) -> Demand:
        return Demand(parts=frozenset({Part.ALL_CAPITALS}), case=Case.UPPER)

    @classmethod
    def sample(cls, rng: Random, prompt: str) -> Self:
        return cls()


class NoCommas(Constraint):
    kind: ClassVar[str] = "no-commas"

    def check(self, text: str) -> str | None:
        return Range(high=0).missed(sum(text.count(comma) for comma in COMMAS), "comma", "commas")

    def sentence(self) -> str:
        return "Do not use any commas."

    def opposite(self) -> Constraint:
        return StartsWith(phrase="Well, then")

    def demand(self) -> Demand:
        return Demand(parts=frozenset({Part.NO_COMMAS}), bars={f"[{COMMAS}]": "comma"})

    @classmethod
    def sample(cls, rng: Random, prompt: str) -> Self:
        return cls()


class NoDigits(Constraint):
    """Decimal digits of any script; "²" and "Ⅳ" are none."""

    kind: ClassVar[str] = "no-digits"

    def check(self, text: str) -> str | None:
        return Range(high=0).missed(len(re.findall(r"\d", text)), "digit", "digits")

    def sentence(self) -> str:
        return "Do not use any digits; spell numbers out in words."

    def opposite(self) -> Constraint:
        return KeywordsIncluded(keywords=("42",))

    def demand(self) -> Demand:
        return Demand(bars={r"\d": "digit"})

    @classmethod
    def sample(cls, rng: Random, prompt: str) -> Self:
        return cls()
