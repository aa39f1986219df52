r"""Finding the quotations of a text, and finding them word for word in a passage.

A quotation is what stands in double quotes, of whatever style: straight (also doubled, `""..""`), curly, low,
angle either way round, corner brackets, two single ones or TeX's. It may run over blank lines. A straight
quote right after a letter or digit does not open (inches).

It stands in a passage where its words, numbers and marks do, up to white space and the style of quotes
(single ones may stand for double ones). Case counts. The writer's own may be: an ellipsis at either end, one
mark at the end, `[sic]`, and at the start a word or letter in square brackets (`[It] was`, `[T]he`). Words
left out or put in within are not.

Time is linear in both texts.
"""

import re
from dataclasses import dataclass
from itertools import islice

from gristmill.text.words import IDEOGRAPHS
from gristmill.verifiers.grounding.content_words import word_count

FEWEST_WORDS = 3
"""Shorter ones are titles and terms, and prove nothing."""

_QUOTED = re.compile(
    r"""(?<!\w)(?P<marks>"{1,4})(?P<straight>[^"]++)(?P=marks)
        |[“„‟](?P<curly>[^“”„‟]++)[”“‟]
        |«(?P<angle>[^«»]++)»
        |»(?P<turned>[^«»]++)[«»]
        |「(?P<corner>[^「」]++)」
        |『(?P<double_corner>[^『』]++)』
        |＂(?P<wide>[^＂]++)＂
        |(?<!\w)(?:''|``)(?P<singles>(?:[^'`]++|['`](?!['`]))++)''""",
    re.VERBOSE,
)
_STYLES = ("straight", "curly", "angle", "turned", "corner", "double_corner", "wide", "singles")
_PIECE = re.compile(rf"[{IDEOGRAPHS}]|(?:(?<!\w)[-+−])?[^\W{IDEOGRAPHS}]+(?:[.,:][0-9]+)*|\s+|[^\w\s]")
_QUOTES = '"“”„‟«»″＂「」『』‘’‚‛′`´'
_ONE_STYLE = str.maketrans(_QUOTES, "'" * len(_QUOTES))
"""Single ones, too: a quotation within a quotation changes them."""

_ELLIPSES = re.compile(r"\A(?:\[?(?:\.{3}|…)\]?|\s)+|(?:\s|\[?(?:\.{3,4}|…)\]?)+\Z")
_EDGE = 200
_SIC = re.compile(r"\s?\[sic\]", re.IGNORECASE)
_ADDED = re.compile(r"\[(?P<added>[^\[\]]{1,40})\](?P<rest>.*)\Z", re.DOTALL)
_OWN_MARKS = ".,;:!?"


@dataclass(frozen=True, slots=True)
class Quotation:
    """`start` and `end` are offsets of the text, without its quotes."""

    text: str
    start: int
    end: int


def quotations(text: str) -> list[Quotation]:
    """Those of at least `FEWEST_WORDS` words, in the order in which they stand."""
    found: list[Quotation] = []
    for match in _QUOTED.finditer(text):
        start, end = next(match.span(style) for style in _STYLES if match[style] is not None)
        found.append(Quotation(text[start:end], start, end))
    return [each for each in found if word_count(each.text) >= FEWEST_WORDS]


def joined(text: str) -> str:
    """Words, numbers, marks and blanks, each between line feeds, of which none holds one: where the whole
    pieces of one text stand in another, this text of it stands in that of the other.
    """
    pieces = _PIECE.findall(text.translate(_ONE_STYLE))
    return "\n".join(["", *(" " if piece.isspace() else piece for piece in pieces), ""])


def stands(passage: str, quoted: str) -> bool:
    """In a passage that is `joined` already."""
    return found_text(passage, quoted) is not None


def found_text(passage: str, quoted: str) -> str | None:
    """What of the quotation stands in the passage that is `joined` already, without what its writer added."""
    return next((each for each in _readings(quoted) if joined(each) in passage), None)


def span_in(passage: str, quote: str) -> tuple[int, int] | None:
    """Where the quote stands in the passage: start and end offset in characters, of the first place; None
    where it does not stand there, or is blank.

    White space runs are equal, and so are quotes of any style. The match ends where words and numbers do:
    `5 degrees` is not in `15 degrees`, nor in `3.5 degrees`. Linear in both.
    """
    wanted, whole = joined(quote.strip()), joined(passage)
    index = whole.find(wanted)
    if not quote.strip() or index < 0:
        return None
    first, count = whole.count("\n", 0, index), wanted.count("\n") - 1
    spans = [match.span() for match in islice(_PIECE.finditer(passage), first, first + count)]
    return spans[0][0], spans[-1][1]


def _readings(quoted: str) -> list[str]:
    """The quotation as it is, then without what its writer may have added."""
    plain = _SIC.sub("", quoted).strip()
    found = [quoted.strip(), *_without_mark(plain)]
    trimmed = _trimmed(plain)
    found += _without_mark(trimmed)
    if added := _ADDED.match(trimmed):
        rest, letter = added["rest"], added["added"]
        whole = (
            [letter.upper() + rest, letter.lower() + rest] if len(letter) == 1 and rest[:1].isalpha() else []
        )
        found += [each for text in (*whole, rest.strip()) for each in _without_mark(text)]
    return [each for each in found if word_count(each) >= FEWEST_WORDS]


def _without_mark(text: str) -> list[str]:
    return [text, text[:-1].rstrip()] if text.endswith(tuple(_OWN_MARKS)) else [text]


def _trimmed(text: str) -> str:
    """Without ellipses at its ends; those of more than 200 characters stay."""
    head = _ELLIPSES.match(text[:_EDGE])
    text = text[head.end() :] if head else text
    tail = _ELLIPSES.search(text[-_EDGE:])
    return text[: len(text) - len(tail[0])] if tail and tail.end() == len(text[-_EDGE:]) else text
