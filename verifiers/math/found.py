"""Records of extraction: an answer as it stands in a text, and a statement that may give one."""

from dataclasses import dataclass
from enum import IntEnum


@dataclass(frozen=True, slots=True)
class Found:
    """An answer where it stands: `text[start:end]` is what was taken, and is `answer` unless `parts` is set.

    `parts` are the answers of several boxes that stand together, or the several values of a sentence:
    `answer` lists them, the span covers them. `ambiguous` says that another answer may be meant. `sentence`
    is the whole of what `answer` was taken from, where that could be an answer, too ("Monday, June 5").
    """

    answer: str
    start: int
    end: int
    ambiguous: bool = False
    parts: tuple[str, ...] = ()
    sentence: str = ""


class Strength(IntEnum):
    """How surely a statement gives an answer: one that states it counts before all that do not."""

    WORDS = 0
    MENTIONS = 1
    STATES = 2


@dataclass(frozen=True, slots=True)
class Statement:
    """A place that gives an answer; `found` is None where it should and does not (an empty box)."""

    position: int
    found: Found | None
    strength: Strength = Strength.STATES


def trimmed(text: str, start: int, end: int, marks: str = "") -> Found | None:
    """What stands there without blanks and `marks` at its ends; None where nothing is left."""
    while start < end and (text[start].isspace() or text[start] in marks):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in marks):
        end -= 1
    return Found(text[start:end], start, end) if start < end else None
