"""Escaping of outside text for HTML and one-line displays: nothing acts, invisible characters are shown.

Characters that are not seen (control characters, the marks that turn the direction of writing, zero-width
ones, lone surrogates, private use) are written as escapes, in a box of their own, so that they cannot be
mistaken for the same escape in the text. Emoji that are joined by zero-width joiners come apart. Letters that
are written from right to left stay as they are: the page isolates each text from its surroundings by CSS.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from markupsafe import Markup, escape

from gristmill.text.visible import escape_of

_PLAIN = frozenset("\n\t")
_ESCAPES = re.compile(r"[^\n\t\x20-\x7e]+")
_SEEN_SPACES = "Zs"
_AROUND = 160
"""Characters of context that are kept on each side of a span's ends."""

Span = tuple[int, int]


class PieceKind(StrEnum):
    """What a piece of a text is: as it comes, inside the span, or the note that something is left out."""

    TEXT = "text"
    MARK = "mark"
    GAP = "gap"


@dataclass(frozen=True, slots=True)
class Piece:
    """`text` is from outside unless it is the note of a gap."""

    kind: PieceKind
    text: str


def printable(text: str) -> str:
    """Plain text that is printable throughout, and that UTF-8 can hold."""
    return text if text.isascii() and text.isprintable() else "".join(map(_printable, text))


def shown(value: object) -> Markup:
    """HTML of any value: markup of our own as it is, text escaped. What every expression of a page goes
    through.
    """
    if isinstance(value, Markup):
        return value
    text = str(value)
    if text.isprintable() and not _BLANK.search(text):
        return escape(text)
    return Markup("").join(_boxed(text))


def short(text: str, characters: int) -> str:
    """The beginning of a text, with a note of how much is left out; never much longer than asked for."""
    if len(text) <= characters:
        return text
    return f"{text[:characters]} [... {len(text) - characters:,} more characters]"


def pieces(text: str, span: Span | None, characters: int) -> list[Piece]:
    """The text with the span told apart; beyond `characters` only its beginning, its end and the
    surroundings of the span's ends are in it. A span that is not in the text counts as far as it is.
    """
    start, end = (min(max(0, at), len(text)) for at in span or (0, 0))
    if start >= end:
        start = end = 0
    keep = [(0, len(text))]
    if len(text) > characters:
        tail = characters // 4
        keep = [(0, characters - tail), (len(text) - tail, len(text))]
        if start < end:
            keep += [(at - _AROUND, at + _AROUND) for at in (start, end)]
    return list(_pieces(text, start, end, _merged(keep, len(text))))


def _pieces(text: str, start: int, end: int, keep: Iterable[Span]) -> Iterator[Piece]:
    at = 0
    for first, last in keep:
        if first > at:
            yield Piece(PieceKind.GAP, f"{first - at:,} characters left out")
        cuts = sorted({first, last, *(cut for cut in (start, end) if first < cut < last)})
        for one, other in pairwise(cuts):
            kind = PieceKind.MARK if start <= one and other <= end else PieceKind.TEXT
            yield Piece(kind, text[one:other])
        at = last


def _merged(spans: Iterable[Span], length: int) -> list[Span]:
    """In order, within the text, and so that no two meet."""
    found: list[Span] = []
    for first, last in sorted(spans):
        first, last = max(0, first), min(last, length)
        if found and first <= found[-1][1]:
            first, last = found[-1][0], max(last, found[-1][1])
            found.pop()
        found.append((first, last))
    return found


def _boxed(text: str) -> Iterator[Markup]:
    at = 0
    for match in _ESCAPES.finditer(text):
        yield escape(text[at : match.start()])
        yield from _runs(match[0])
        at = match.end()
    yield escape(text[at:])


_BLANK = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0e\uffa0\U000e0100-\U000e01ef]"
)
"""Letters and marks by category, and yet nothing is drawn for them: fillers, variation selectors."""


def _runs(text: str) -> Iterator[Markup]:
    """Unseen characters that follow each other share one box."""
    hidden: list[str] = []
    for character in text:
        if _is_seen(character):
            if hidden:
                yield Markup('<span class="x">{}</span>').format("".join(hidden))
                hidden = []
            yield escape(character)
        else:
            hidden.append(_printable(character))
    if hidden:
        yield Markup('<span class="x">{}</span>').format("".join(hidden))


def _printable(character: str) -> str:
    if not _BLANK.match(character) and _has_form(character):
        return character
    return escape_of(character)


def _is_seen(character: str) -> bool:
    return not _BLANK.match(character) and (character in _PLAIN or _has_form(character))


def _has_form(character: str) -> bool:
    return character.isprintable() or unicodedata.category(character) == _SEEN_SPACES
