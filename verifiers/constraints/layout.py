"""Constraints on layout: title, bullets, numbered sections, highlights, placeholders, postscript.

Each may stand anywhere unless its kind says where. Time linear in the text: no pattern can
begin again within what it has read.
"""

import re
from random import Random
from typing import ClassVar, Self

from pydantic import Field

from gristmill.text.blocks import NO_HYPHEN, blocks, bullets, with_plain_breaks
from gristmill.text.words import holds_word
from gristmill.verifiers.constraints.demands import Demand, Measure, Part, Range
from gristmill.verifiers.constraints.kind import Constraint, Phrase, Word
from gristmill.verifiers.constraints.phrases import SPACED_LETTER
from gristmill.verifiers.constraints.whole_response import Choice

MOST_PIECES = 100
_SHOWN = 60
_TITLE = re.compile(r"<<([^\n<>]*)>>")
_HIGHLIGHT = re.compile(
    rf"(?<!\*)(?<!{SPACED_LETTER})\*{{1,3}}+(?!\s)([^\n*]++)(?<!\s)\*{{1,3}}+(?!\*)(?!{SPACED_LETTER})"
)
_PLACEHOLDER = re.compile(rf"(?<!{SPACED_LETTER})(?<!\))\[([^\[\]\n]*)\](?!\()")
_TICKED = frozenset("xX")
_NO_ROOM = Choice(options=("Yes.", "No."))
"""The opposite of what needs brackets or asterisks."""


class Title(Constraint):
    """`<<so>>`, within one line; one is enough."""

    kind: ClassVar[str] = "title"

    def check(self, text: str) -> str | None:
        found = any(holds_word(title) for title in _TITLE.findall(text))
        return None if found else "no title in double angular brackets"

    def sentence(self) -> str:
        return "Give your answer a title in double angular brackets, such as <<a day at sea>>."

    def opposite(self) -> Constraint:
        return _NO_ROOM

    def demand(self) -> Demand:
        takes = {Measure.WORDS: 1, Measure.SENTENCES: 1, Measure.LINES: 1}
        return Demand(parts=frozenset({Part.TITLE}), takes=takes)

    @classmethod
    def sample(cls, rng: Random, prompt: str) -> Self:
        return cls()


class BulletsExactly(Constraint):
    """As many bullets as are wanted, and each of them with a hyphen."""

    kind: ClassVar[str] = "bullets-exactly"
    count: int = Field(ge=1, le=MOST_PIECES)

    def check(self, text: str) -> str | None:
        found = bullets(text)
        if missed := Range(self.count, self.count).missed(len(found), "bullet", "bullets"):
            return missed
        other = next((line for line in found if not line.lstrip().startswith("-")), None)
        return None if other is None else f"no hyphen: {other.lstrip()[:_SHOWN]!r}"

    def sentence(self) -> str:
        noun = "bullet point" if self.count == 1 else "bullet points"
        return f"Use exactly {self.count} {noun}, each on a line that begins with a hyphen and a space."

    def opposite(self) -> Constraint:
        return BulletsExactly(count=self.count + 1 if self.count < MOST_PIECES else 1)

    def demand(self) -> Demand:
        return Demand(
            parts=frozenset({Part.BULLETS}),
            ranges={Measure.BULLETS: Range(self.count, self.count)},
            takes={Measure.WORDS: self.count, Measure.SENTENCES: self.count, Measure.LINES: self.count},
            bars={NO_HYPHEN: "bullet without a hyphen"},
        )

    @classmethod
    def sample(cls, rng: Random, prompt: str) -> Self:
        return cls(count=rng.randint(2, 8))


class SectionsExactly(Constraint):
    """A section begins with a line of the splitter, in its very case, and its number, 1, 2, 3 and so on.
    Markdown's signs for headings and bold may stand around them, and a title after a sign ("Day 1: rain"); a
    line that goes on without a sign, or with a comma, is a mention. Title or section must hold a word.
    """

    kind: ClassVar[str] = "sections-exactly"
    splitter: Word
    count: int = Field(ge=1, le=MOST_PIECES)

    def check(self, text: str) -> str | None:
        found = _sections(self.splitter, text)
        if missed := Range(self.count, self.count).missed(len(found), "section", "sections"):
            return missed
        for wanted, (number, body) in enumerate(found, 1):
            if number != wanted:
                return f"number {number} where {wanted} is wanted"
            if not holds_word(body):
                return f"section {number} is empty"
        return None

    def sentence(self) -> str:
        noun = "section" if self.count == 1 else "sections"
        return (
            f"Divide your answer into exactly {self.count} {noun}, numbered from 1, each of which begins "
            f'with a line such as "{self.splitter} 1" and is not empty.'
        )

    def opposite(self) -> Constraint:
        other = self.count + 1 if self.count < MOST_PIECES else 1
        return SectionsExactly(splitter=self.splitter, count=other)

    def demand(self) -> Demand:
        return Demand(
            parts=frozenset({Part.SECTIONS}),
            texts=tuple(f"{self.splitter} {number}" for number in range(1, self.count + 1)),
            takes={Measure.WORDS: self.count, Measure.SENTENCES: self.count},
            bars={rf"(?m)^{_heading(self.splitter)}\d": "heading of a section"},
        )

    @classmethod
    def sample(cls, rng: Random, prompt: str) -> Self:
        return cls(
            splitter=rng.choice(("Section", "SECTION", "Part", "Chapter", "Day")), count=rng.randint(2, 5)
        )


def _heading(splitter: str) -> str:
    """As a regular expression, up to the number."""
    return rf"[\s#*_]{{0,12}}+{re.escape(splitter)}[^\S\n]{{1,4}}+"


def _sections(splitter: str, text: str) -> list[tuple[int, str]]:
    """The number of each, and all that stands after it up to the next."""
    heading = re.compile(rf"{_heading(splitter)}(\d{{1,4}}+)(?=[*_\s]{{0,12}}(?:[:.)–—-]\D|$))")
    found: list[tuple[int, list[str]]] = []
    for line in with_plain_breaks(text).split("\n"):
        if match := heading.match(f"{line.rstrip()}\n"):
            found.append((int(match[1]), [line[match.end() :]]))
        elif found:
            found[-1][1].append(line)
    return [(number, "\n".join(body)) for number, body in found]


class HighlightsAtLeast(Constraint):
    """`*so*` or `**so**`, within one line; an asterisk amid a word or a product, `2*3*4`, marks nothing."""

    kind: ClassVar[str] = "highlights-at-least"
    count: int = Field(ge=1, le=MOST_PIECES)

    def check(self, text: str) -> str | None:
        found = sum(1 for inner in _HIGHLIGHT.findall(text) if holds_word(inner))
        return Range(self.count).missed(found, "highlight", "highlights")

    def sentence(self) -> str:
        noun = "passage" if self.count == 1 else "passages"
        return f"Highlight at least {self.count} {noun} with asterisks, such as *this one*."

    def opposite(self) -> Constraint:
        return _NO_ROOM

    def demand(self) -> Demand:
        return Demand(parts=frozenset({Part.HIGHLIGHTS}), takes={Measure.WORDS: self.count})

    @classmethod
    def sample(cls, rng: Random, prompt: str) -> Self:
        return cls(count=rng.randint(1, 5))


class PlaceholdersAtLeast(Constraint):
    """`[so]`, with a letter, within one line. A link's text, `[so](address)`, a box, `[ ]` or `[x]`, a
    reference, `[1]`, and an index, `a[i]`, are none.
    """

    kind: ClassVar[str] = "placeholders-at-least"
    count: int = Field(ge=1, le=MOST_PIECES)

    def check(self, text: str) -> str | None:
        inside = [inner for inner in _PLACEHOLDER.findall(text) if any(map(str.isalpha, inner))]
        found = sum(1 for inner in inside if inner not in _TICKED)
        return Range(self.count).missed(found, "placeholder", "placeholders")

    def sentence(self) -> str:
        noun = "placeholder" if self.count == 1 else "placeholders"
        return f"Use at least {self.count} {noun} in square brackets, such as [name] or [address]."

    def opposite(self) -> Constraint:
        return _NO_ROOM

    def demand(self) -> Demand:
        return Demand(parts=frozenset({Part.PLACEHOLDERS}), takes={Measure.WORDS: self.count})

    @classmethod
    def sample(cls, rng: Random, prompt: str) -> Self:
        return cls(count=rng.randint(1, 4))


class Postscript(Constraint):
    """In the last paragraph a line begins with the marker, with text before it and words after it."""

    kind: ClassVar[str] = "postscript"
    marker: Phrase = Field(pattern=r"^(P\.S\.|P\.P\.S\.)$")

    def check(self, text: str) -> str | None:
        before, mark, after = ("\n" + with_plain_breaks(text).rstrip()).rpartition("\n" + self.marker)
        if not mark:
            return f"no line begins with {self.marker}"
        if not holds_word(before):
            return "nothing before the postscript"
        if len(blocks(after)) > 1:
            return "the postscript is not in the last paragraph"
        return None if holds_word(after) else "the postscript is empty"

    def sentence(self) -> str:
        return f"At the end of your answer, add a postscript on a line that begins with {self.marker}"

    def opposite(self) -> Constraint:
        return _NO_ROOM

    def demand(self) -> Demand:
        takes = {Measure.WORDS: 2, Measure.SENTENCES: 2}
        return Demand(parts=frozenset({Part.POSTSCRIPT, Part.ENDING}), texts=(self.marker,), takes=takes)

    @classmethod
    def sample(cls, rng: Random, prompt: str) -> Self:
        return cls(marker=rng.choice(("P.S.", "P.P.S.")))
