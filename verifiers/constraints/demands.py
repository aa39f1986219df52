"""Demands: what a constraint asks of a text, in terms that constraints of all kinds share.

The one idea: no kind knows of the others. Each says what it demands (ranges, pieces of text, room for its
pieces, parts of the response that it lays claim to), and constraints contradict each other where their
demands, put together, do (`contradictions.py`).
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from enum import StrEnum

UNBOUNDED = 10**9


@dataclass(frozen=True, slots=True)
class Range:
    """From `low` to `high`, both included."""

    low: int = 0
    high: int = UNBOUNDED

    def missed(self, found: int, singular: str, plural: str) -> str | None:
        """None where the number found is in the range, else the evidence."""
        if self.low <= found <= self.high:
            return None
        return f"{found} {singular if found == 1 else plural}, {self} wanted"

    def within(self, other: "Range") -> "Range":
        """What both allow; `low` is above `high` where that is nothing."""
        return Range(max(self.low, other.low), min(self.high, other.high))

    def __str__(self) -> str:
        if self.high == 0:
            return "none"
        if self.low == self.high:
            return f"exactly {self.low}"
        if self.high == UNBOUNDED:
            return f"at least {self.low}"
        return f"{self.low} to {self.high}" if self.low else f"at most {self.high}"


class Measure(StrEnum):
    """What can be counted in a text; the value is what people call it."""

    WORDS = "words"
    SENTENCES = "sentences"
    WORDS_A_SENTENCE = "words a sentence"
    PARAGRAPHS = "paragraphs"
    LINES = "lines"
    BULLETS = "bullets"
    QUESTIONS = "question marks"
    CAPITALS = "words in capitals"


class Part(StrEnum):
    """What a constraint lays claim to; the value goes on from "one response and ..."."""

    JSON = "nothing but JSON"
    CHOICE = "one of a few given answers"
    TWO = "two responses"
    QUOTES = "quotation marks around it all"
    PROMPT = "the request repeated"
    TITLE = "a title"
    BULLETS = "bullets"
    SECTIONS = "numbered sections"
    HIGHLIGHTS = "highlights"
    PLACEHOLDERS = "placeholders"
    POSTSCRIPT = "a postscript"
    BEGINNING = "a given beginning"
    ENDING = "a given ending"
    PARAGRAPHS = "a number of paragraphs"
    WORD_OF_PARAGRAPH = "the first word of a paragraph"
    STARS = "paragraphs parted by asterisks"
    LINES = "a number of lines"
    SENTENCES = "a measure of sentences"
    LONG_SENTENCES = "long sentences alone"
    QUESTIONS = "a number of question marks"
    ALL_CAPITALS = "capitals throughout"
    FEW_CAPITALS = "few words in capitals"
    NO_COMMAS = "no commas"
    LETTERS = "a number of one letter"
    LANGUAGE = "a given language"


class Case(StrEnum):
    ANY = ""
    LOWER = "small letters"
    UPPER = "capitals"


@dataclass(frozen=True, slots=True)
class Demand:
    """`takes` is what the pieces of the constraint may need beyond `texts` and `keys`.

    `texts` stand in the response letter by letter, `keys` in any case; each as often as it is listed.
    `most_of` says how often a word may occur (0: never), `letters` how often a letter, `bars` what
    no other constraint may ask for, as a regular expression and its name.
    """

    parts: Set[Part] = frozenset()
    ranges: Mapping[Measure, Range] = field(default_factory=dict)
    takes: Mapping[Measure, int] = field(default_factory=dict)
    texts: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    most_of: Mapping[str, int] = field(default_factory=dict)
    letters: Mapping[str, Range] = field(default_factory=dict)
    bars: Mapping[str, str] = field(default_factory=dict)
    case: Case = Case.ANY
    language: str = ""
