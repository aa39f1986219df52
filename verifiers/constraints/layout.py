"""Constraints on layout: title, bullets, numbered sections, highlights, placeholders, postscript.

Each may stand anywhere unless its kind says where. Time linear in the text: no pattern can
begin again within what it has read.
"""

import re
from typing import ClassVar

from pydantic import Field

from gristmill.text.blocks import NO_HYPHEN, blocks, bullets, with_plain_breaks
from gristmill.text.words import holds_word
from gristmill.verifiers.constraints.demands import Demand, Measure, Part
from gristmill.verifiers.constraints.kind import AtLeast, Constraint, Exactly, Phrase, Word, between, one_of
from gristmill.verifiers.constraints.phrases import SPACED_LETTER

MOST_PIECES = 100
_SHOWN = 60
_TITLE = re.compile(r"<<([^\n<>]*)>>")
_HIGHLIGHT = re.compile(
    rf"(?<!\*)(?<!{SPACED_LETTER})\*{{1,3}}+(?!\s)([^\n*]++)(?<!\s)\*{{1,3}}+(?!\*)(?!{SPACED_LETTER})"
)
_PLACEHOLDER = re.compile(rf"(?<!{SPACED_LETTER})(?<!\))\[([^\[\]\n]*)\](?!\()")
_TICKED = frozenset("xX")


class Title(Constraint):
    """`<<so>>`, within one line; one is enough."""

    kind = "title"
    asks = Demand(parts={Part.TITLE}, takes={Measure.WORDS: 1, Measure.SENTENCES: 1, Measure.LINES: 1})
    told = "Give your answer a title in double angular brackets, such as <<a day at sea>>."

    def check(self, text: str) -> str | None:
        found = any(holds_word(title) for title in _TITLE.findall(text))
        return None if found else "no title in double angular brackets"


class BulletsExactly(Exactly):
    """As many bullets as are wanted, and each of them with a hyphen."""

    kind = "bullets-exactly"
    measure = Measure.BULLETS
    told = "Use exactly {count} bullet point{s}, each on a line that begins with a hyphen and a space."
    draws: ClassVar = {"count": between(2, 8)}
    count: int = Field(ge=1, le=MOST_PIECES)

    def check(self, text: str) -> str | None:
        if missed := super().check(text):
            return missed
        other = next((line for line in bullets(text) if not line.lstrip().startswith("-")), None)
        return None if other is None else f"no hyphen: {other.lstrip()[:_SHOWN]!r}"

    def demand(self) -> Demand:
        return Demand(
            parts={Part.BULLETS},
            ranges={Measure.BULLETS: self.wanted()},
            takes={Measure.WORDS: self.count, Measure.SENTENCES: self.count, Measure.LINES: self.count},
            bars={NO_HYPHEN: "bullet without a hyphen"},
        )


class SectionsExactly(Exactly):
    """A section begins with a line of the splitter, in its very case, and its number, 1, 2, 3 and so on.
    Markdown's signs for headings and bold may stand around them, and a title after a sign ("Day 1: rain"); a
    line that goes on without a sign, or with a comma, is a mention. Title or section must hold a word.
    """

    kind = "sections-exactly"
    told = (
        "Divide your answer into exactly {count} section{s}, numbered from 1, each of which begins "
        'with a line such as "{splitter} 1" and is not empty.'
    )
    draws: ClassVar = {
        "splitter": one_of(("Section", "SECTION", "Part", "Chapter", "Day")),
        "count": between(2, 5),
    }
    splitter: Word
    count: int = Field(ge=1, le=MOST_PIECES)

    def check(self, text: str) -> str | None:
        found = _sections(self.splitter, text)
        if missed := self.wanted().missed(len(found), "section", "sections"):
            return missed
        for wanted, (number, body) in enumerate(found, 1):
            if number != wanted:
                return f"number {number} where {wanted} is wanted"
            if not holds_word(body):
                return f"section {number} is empty"
        return None

    def demand(self) -> Demand:
        return Demand(
            parts={Part.SECTIONS},
            texts=tuple(f"{self.splitter} {number}" for number in range(1, self.count + 1)),
            takes={Measure.WORDS: self.count, Measure.SENTENCES: self.count},
            bars={rf"(?m)^{_heading(self.splitter)}\d": "heading of a section"},
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


class HighlightsAtLeast(AtLeast):
    """`*so*` or `**so**`, within one line; an asterisk amid a word or a product, `2*3*4`, marks nothing."""

    kind = "highlights-at-least"
    told = "Highlight at least {count} passage{s} with asterisks, such as *this one*."
    draws: ClassVar = {"count": between(1, 5)}
    count: int = Field(ge=1, le=MOST_PIECES)

    def check(self, text: str) -> str | None:
        found = sum(1 for inner in _HIGHLIGHT.findall(text) if holds_word(inner))
        return self.wanted().missed(found, "highlight", "highlights")

    def demand(self) -> Demand:
        return Demand(parts={Part.HIGHLIGHTS}, takes={Measure.WORDS: self.count})


class PlaceholdersAtLeast(AtLeast):
    """`[so]`, with a letter, within one line. A link's text, `[so](address)`, a box, `[ ]` or `[x]`, a
    reference, `[1]`, and an index, `a[i]`, are none.
    """

    kind = "placeholders-at-least"
    told = "Use at least {count} placeholder{s} in square brackets, such as [name] or [address]."
    draws: ClassVar = {"count": between(1, 4)}
    count: int = Field(ge=1, le=MOST_PIECES)

    def check(self, text: str) -> str | None:
        inside = [inner for inner in _PLACEHOLDER.findall(text) if any(map(str.isalpha, inner))]
        found = sum(1 for inner in inside if inner not in _TICKED)
        return self.wanted().missed(found, "placeholder", "placeholders")

    def demand(self) -> Demand:
        return Demand(parts={Part.PLACEHOLDERS}, takes={Measure.WORDS: self.count})


class Postscript(Constraint):
    """In the last paragraph a line begins with the marker, with text before it and words after it."""

    kind = "postscript"
    told = "At the end of your answer, add a postscript on a line that begins with {marker}"
    draws: ClassVar = {"marker": one_of(("P.S.", "P.P.S."))}
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

    def demand(self) -> Demand:
        takes = {Measure.WORDS: 2, Measure.SENTENCES: 2}
        return Demand(parts={Part.POSTSCRIPT, Part.ENDING}, texts=(self.marker,), takes=takes)
