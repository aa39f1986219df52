r"""Extraction of the answer from a response: its text, and its span.

The idea: the last statement of an answer counts, whatever its form, since models correct themselves. Forms
are the box (`boxes.py`); then, from `phrases` on, `<answer>` tags, `####` with a number or formula after it
(it is a heading in Markdown, too), and phrases such as "the answer is" (`announcements.py`, `announced.py`).
A phrase after a box that gives no value ("the answer is correct") states nothing. Where nothing states an
answer, what mentions one counts; then, under `lenient` alone, the last formula and the last number.

Every search is linear in the text: braces are matched in a single pass, and of phrases the last few are read.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import islice, pairwise

from gristmill.verifiers.math.announced import announced
from gristmill.verifiers.math.announcements import Announcement, announcements
from gristmill.verifiers.math.boxes import box_statements, boxed
from gristmill.verifiers.math.found import Found, Statement, Strength, trimmed
from gristmill.verifiers.math.values import Token, tokens, values
from gristmill.verifiers.settings import Extraction

__all__ = ["Found", "boxed", "find_answer", "hashes"]

_LENIENT_WINDOW = 4000
_LATEST = 20

_HASHES = re.compile(r"(?<!#)####(?!#)")
_ANNOUNCED = re.compile(
    r"[\s*_]*(?:(?:the\s+)?(?:final\s+)?answer(?:\s+is)?[\s*_]*:?[\s*_]*)?", re.IGNORECASE
)
_VALUE = re.compile(r"(?!\d{1,2}[.):]\s+\S)(?:[-+−]?\s?[\d.$€£¥\\([{√π]|[A-Za-z]\s*=|\(?[A-HJ-Z]\)?\W*$)")
"""How a number, a formula or a choice begins; the number of a step ("1. Add") does not."""

_SENTENCE = re.compile(r"(?<![\\\w])[^\W\d_]{2,}\W+(?<!\\)[^\W\d_]{2,}")
_SPECIAL_TOKEN = re.compile(r"</s>|<\|[a-z_]{1,30}\|>|<end_of_turn>|<eos>")
_TAG = re.compile(r"<(?P<close>/)?(?:final[_ ]?)?answer>\s*", re.IGNORECASE)


def find_answer(text: str, extraction: Extraction) -> Found | None:
    """The answer of a response, None where the setting allows none of what is there."""
    box, spans = box_statements(text)
    statements = [] if box is None else [box]
    if extraction is not Extraction.BOXED_ONLY:
        statements += [*_tags(text), *_hash_marks(text)]
        stated = [each.position for each in statements if each.strength is Strength.STATES]
        statements += _phrases(text, spans, max(stated, default=-1))
    if statements:
        return max(statements, key=lambda each: (each.strength, each.position)).found
    if extraction is Extraction.LENIENT:
        end = list(tokens(text, max(0, len(text) - _LENIENT_WINDOW), len(text)))
        return _last_formula(text, end) or _last_number(text, end)
    return None


def hashes(text: str) -> Found | None:
    """What follows the last `####` on its line (GSM8K's mark), if it begins as a number or formula does."""
    return next((mark.found for mark in _hash_marks(text)), None)


def _hash_marks(text: str) -> Iterator[Statement]:
    """From the last on, the last few. One with a sentence after it, and figures below, is a heading."""
    for mark in reversed(list(_HASHES.finditer(text))[-_LATEST:]):
        line_end = text.find("\n", mark.end())
        end = len(text) if line_end < 0 else line_end
        if token := _SPECIAL_TOKEN.search(text, mark.end(), end):
            end = token.start()
        heading = _ANNOUNCED.match(text, mark.end(), end)
        found = trimmed(text, heading.end() if heading else mark.end(), end)
        if found and _VALUE.match(found.answer):
            titled = _SENTENCE.search(found.answer) and re.search(r"\d", text[end : end + _LENIENT_WINDOW])
            yield Statement(mark.start(), found, Strength.MENTIONS if titled else Strength.STATES)


def _tags(text: str) -> Iterator[Statement]:
    """What the last `<answer>` holds. The closing tag may be missing: servers stop at it."""
    marks = list(_TAG.finditer(text))
    opening = next((mark for mark in reversed(marks) if not mark["close"]), None)
    if opening is None:
        return
    closing = next((mark for mark in marks if mark["close"] and mark.start() >= opening.end()), None)
    end = closing.start() if closing else len(text)
    held = announced(text, Announcement(opening.start(), opening.end(), label=True, english=True), end)
    if held is None or held.found is None:
        yield Statement(opening.start(), None)
        return
    found = held.found
    more = bool(values(list(tokens(text, found.end, min(end, found.end + _LENIENT_WINDOW))), text))
    yield Statement(opening.start(), Found(found.answer, found.start, found.end, found.ambiguous or more))


def _phrases(text: str, boxes: list[tuple[int, int]], after: int) -> Iterator[Statement]:
    """What is announced after a position, from the last on, up to one that states an answer."""
    starts = [start for start, _ in boxes]
    for each in islice(announcements(text), _LATEST):
        box = bisect_right(starts, each.position) - 1
        if each.position <= after:
            return
        if box >= 0 and each.position < boxes[box][1]:
            continue
        if statement := announced(text, each, len(text)):
            yield statement
            if statement.strength is Strength.STATES:
                return


def _last_formula(text: str, end: list[Token]) -> Found | None:
    """The last formula between TeX's marks that is more than a name."""
    for token in reversed(end):
        if token.kind == "formula" and values([token], text):
            inside = token.start + token.text.index(token.inside)
            return trimmed(text, inside, inside + len(token.inside))
    return None


def _last_number(text: str, end: list[Token]) -> Found | None:
    """The last number, with what belongs to it: `-3/4`, `(1, 2)`, "1 million"; of a sum what it comes to."""
    for value in reversed(values(end, text)):
        if any(token.kind == "number" for token in value.tokens):
            return trimmed(text, _result(value.tokens), value.end)
    return None


def _result(parts: tuple[Token, ...]) -> int:
    """Where the last side of an equation, or the last of a row of numbers in no brackets, begins."""
    depth, start, equal = 0, parts[0].start, False
    for token, following in pairwise(parts):
        depth += (token.text in "([{") - (token.text in ")]}")
        ends_side = token.text == "=" or (token.text == "," and not equal and following.start > token.end)
        if depth == 0 and ends_side:
            start, equal = following.start, token.text == "="
    return start
