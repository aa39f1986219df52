"""Constraints on characters: letters, their case, words in capitals, commas, digits.

Case is Unicode's. Scripts without case (Chinese, Arabic, Hindi, ...) have no say in it: a text is in small
letters or in capitals where it has a letter with case, and each such letter has that case. So a text without
one satisfies neither.
"""

import re
from collections.abc import Callable
from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field

from gristmill.verifiers.constraints.demands import Case, Demand, Measure, Part, Range
from gristmill.verifiers.constraints.kind import AtLeast, AtMost, Constraint, Counted, between, one_of

MOST_LETTERS = 10_000
MOST_CAPITALS = 1000
COMMAS = ",，、،﹐､"
"""Those of Latin, Chinese, Japanese and Arabic, in their widths."""

_SHOWN = 40


def _one_letter(letter: str) -> str:
    if len(letter) != 1 or not letter.isalpha() or letter.casefold() != letter:
        raise ValueError("one letter, a small one where the script has case")
    return letter


class _Letter(Counted):
    letter: Annotated[str, AfterValidator(_one_letter)]

    def check(self, text: str) -> str | None:
        missed = self.wanted().missed(text.casefold().count(self.letter), "time", "times")
        return None if missed is None else f'"{self.letter}" {missed}'

    def demand(self) -> Demand:
        wanted = self.wanted()
        takes = {Measure.WORDS: wanted.low} if wanted.low else {}
        return Demand(parts={Part.LETTERS}, letters={self.letter: wanted}, takes=takes)


class LetterAtLeast(_Letter, AtLeast):
    kind = "letter-at-least"
    told = 'Use the letter "{letter}", small or capital, at least {times}.'
    draws: ClassVar = {"letter": one_of("abcdefghijklmnopqrstuvwxyz"), "count": between(3, 15)}
    count: int = Field(ge=1, le=MOST_LETTERS + 1)


class LetterAtMost(_Letter, AtMost):
    kind = "letter-at-most"
    told = 'Use the letter "{letter}", small or capital, at most {times}.'
    draws: ClassVar = {"letter": one_of("bcdfghjkmpquvwxyz"), "count": between(3, 12)}
    count: int = Field(ge=0, le=MOST_LETTERS)

    def sentence(self) -> str:
        if self.count == 0:
            return f'Do not use the letter "{self.letter}", neither small nor capital.'
        return super().sentence()


class CapitalWordsAtLeast(AtLeast):
    """Words in capitals are those of `phrases.capital_words`: two letters or more."""

    kind = "capital-words-at-least"
    measure = Measure.CAPITALS
    told = "Write at least {count} word{s} of two or more letters in capitals throughout."
    draws: ClassVar = {"count": between(2, 8)}
    count: int = Field(ge=1, le=MOST_CAPITALS + 1)

    def demand(self) -> Demand:
        return Demand(ranges={Measure.CAPITALS: self.wanted()}, takes={Measure.WORDS: self.count})


class CapitalWordsAtMost(AtMost):
    kind = "capital-words-at-most"
    measure = Measure.CAPITALS
    parts: ClassVar = {Part.FEW_CAPITALS}
    told = "Write at most {count} word{s} of two or more letters in capitals throughout."
    draws: ClassVar = {"count": between(0, 5)}
    count: int = Field(ge=0, le=MOST_CAPITALS)

    def sentence(self) -> str:
        if self.count == 0:
            return "Write no word of two or more letters in capitals throughout."
        return super().sentence()


class AllLowercase(Constraint):
    kind = "all-lowercase"
    asks = Demand(case=Case.LOWER, ranges={Measure.CAPITALS: Range(high=0)})
    told = "Write in small letters alone, without a single capital."

    def check(self, text: str) -> str | None:
        return None if text.islower() else _out_of_case(text, str.lower, "small letters")


class AllUppercase(Constraint):
    kind = "all-uppercase"
    asks = Demand(parts={Part.ALL_CAPITALS}, case=Case.UPPER)
    told = "Write in CAPITAL LETTERS alone, without a single small letter."

    def check(self, text: str) -> str | None:
        return None if text.isupper() else _out_of_case(text, str.upper, "capitals")


def _out_of_case(text: str, change: Callable[[str], str], case: str) -> str:
    found = next((word for word in text.split() if word != change(word)), "")
    return f"not in {case}: {found[:_SHOWN]!r}" if found else "no letter that has a case"


class NoCommas(Constraint):
    kind = "no-commas"
    asks = Demand(parts={Part.NO_COMMAS}, bars={f"[{COMMAS}]": "comma"})
    told = "Do not use any commas."

    def check(self, text: str) -> str | None:
        return Range(high=0).missed(sum(text.count(comma) for comma in COMMAS), "comma", "commas")


class NoDigits(Constraint):
    """Decimal digits of any script; "²" and "Ⅳ" are none."""

    kind = "no-digits"
    asks = Demand(bars={r"\d": "digit"})
    told = "Do not use any digits; spell numbers out in words."

    def check(self, text: str) -> str | None:
        return Range(high=0).missed(len(re.findall(r"\d", text)), "digit", "digits")
