r"""Boxes of a response: `\boxed{5}`, `\fbox{5}`, an unbraced `\boxed 5`, `boxed{5}` without its backslash.

The last box counts, whatever becomes of it: one that is empty, never closed, or an echo of the prompt's
placeholder (`\boxed{answer}`) is no answer, and the one before it does not step in. Of boxes within boxes the
inner ones count. Boxes that stand together (`x=\boxed{1}` and `x=\boxed{2}`) are one answer, in order; what
else lies between two boxes makes the first one working.

Braces are matched in a single pass, and what lies between boxes is looked at up to `_FARTHEST` characters.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from itertools import zip_longest

from gristmill.verifiers.math.found import Found, Statement, trimmed

_UNBRACED_LONGEST = 200
_FARTHEST = 80
_UNCLOSED_LONGEST = 500
_MOST_TOGETHER = 50

_TOKEN = re.compile(
    r"(?P<box>(?:\\{1,4}(?:boxed|fbox)(?![A-Za-z])|(?:\x08oxed|(?<![A-Za-z\\])boxed)(?=\s{0,9}\{))\s*)"
    r"|\\.|[{}]",
    re.DOTALL,
)
_UNBRACED = re.compile(rf"(?=[-+−]?[\d.(\\√π]|[A-Za-z](?![A-Za-z]))[^\s${{}}]{{1,{_UNBRACED_LONGEST}}}")

_PLACEHOLDER = re.compile(
    r"(?:(?:your|the|my|insert|put|write|place|enter|final|numeric(?:al)?|correct|integer|only|here"
    r"|actual)\s+)*"
    r"(?:answers?|ans|result|solution|number|value|letter|expression)(?:\s+(?:here|goes|comes|only"
    r"|value|number))*"
    r"|\.{3}|…|\\(?:ldots|dots|cdots|square|Box|hspace|phantom|quad|,)|[?_]+",
    re.IGNORECASE,
)
_WRAPPING = re.compile(
    r"\\(?:text|mathrm|textbf|mathbf|textit)(?![A-Za-z])|[{}\[\]()\"'“”`$\s]+|\*\*|\\_|<(?=\w)|(?<=\w)>"
)
_LONGEST_PLACEHOLDER = 60

_ANNOUNCED = re.compile(
    r"(?:\\text\s*\{\s*)?(?:the\s+)?(?:final\s+|correct\s+)?answer\s*(?:is\b\s*:?|:"
    r"|=)\s*(?:\}\s*[:=]?\s*)?(?=[^\s}])",
    re.IGNORECASE,
)
_NEGATED = re.compile(r"\b(?:not|n't|never|instead\s+of|rather\s+than)\s*(?:\\[(\[]|[$\s*]){0,9}$")

_CONNECTED = re.compile(
    r"(?:\n[^\S\n]*(?:[-*•]|\(?[a-z0-9]{1,3}[.)])\s|[\s$*`,;、，；}]|\\[()\[\],;:! \\]|\\q?quad\b"
    r"|\\(?:text|mathrm|mbox)\{|\(?[a-z]\)|[A-Za-z\\][\w\\{}()']{0,15}\s?(?:&?=|\\in\b)|&"
    r"|\b(?:and|or|respectively|y|e|et|und|en|i|и|dan)\b|[和与與及])*+"
)
_OPERATOR = re.compile(r"[\s$]*(?:[:+\-*/×·<>≤≥≈]|\\(?:times|cdot|l[et]q?|g[et]q?|div|pm|approx)\b)[\s$]*")
_WORDED = re.compile(r"(?![^\n]*[.!?]\s)[^\d\n=]*(?:[,;&]|\b(?:and|or|by|to)\b)[^\d\n=]*")
_CONSEQUENCE = re.compile(
    r"\b(?:so|then|thus|hence|therefore|giv\w*|gets?|got|rather|not|wait|no|actually|instead|correct\w*"
    r"|mean\w*"
    r"|which|because|since|equals?|answer|final\w*|results?|simpl\w*|becom\w*|yields?|i\.e|that|if|now"
    r"|finally"
    r"|mak\w*|leav\w*)\b|⇒|→|\\(?:implies|Rightarrow|to)\b",
    re.IGNORECASE,
)


class _Link(Enum):
    TOGETHER = "together"
    PERHAPS = "perhaps together"
    APART = "apart"


@dataclass(frozen=True, slots=True)
class _Box:
    """`mark` is where it begins, `start` and `end` are those of its content, `after` where it ends; `found`
    is None where it holds no answer.
    """

    mark: int
    start: int
    after: int
    found: Found | None


def boxed(text: str) -> Found | None:
    """The answer of the last box, or of the last boxes where several stand together."""
    boxes = list(_boxes(text))
    return _last(text, boxes).found if boxes else None


def box_statements(text: str) -> tuple[Statement | None, list[tuple[int, int]]]:
    """The last boxes as a statement, and the spans of all boxes, to the end of its line for one that is never
    closed: what is said within a box is no statement beside it.
    """
    boxes = list(_boxes(text))
    return (_last(text, boxes) if boxes else None), [(box.mark, box.after) for box in boxes]


def is_placeholder(text: str) -> bool:
    """Whether a text only holds the place of an answer: "your answer here", "...", `\\square`."""
    if len(text) > _LONGEST_PLACEHOLDER:
        return False
    bare = " ".join(_WRAPPING.sub(" ", text).split()).rstrip(".:,")
    return not bare or _PLACEHOLDER.fullmatch(bare) is not None


def _boxes(text: str) -> Iterator[_Box]:
    """In order of their contents; outer ones are left out, whatever they hold beside the inner one."""
    boxes = sorted(_nested_boxes(text), key=lambda box: box.start)
    for box, following in zip_longest(boxes, boxes[1:]):
        if following is None or following.mark >= box.after:
            yield box


def _nested_boxes(text: str) -> Iterator[_Box]:
    open_braces: list[tuple[int, int] | None] = []  # mark and start of a box, None for another brace
    mark = pending = -1
    for token in _TOKEN.finditer(text):
        kind = token.group()
        if kind == "{":
            open_braces.append((mark, token.end()) if pending == token.start() else None)
        elif kind == "}":
            if opened := (open_braces.pop() if open_braces else None):
                yield _closed(text, *opened, token.start(), token.end())
        elif token["box"]:
            mark, pending = token.start(), token.end()
            if unbraced := (None if text.startswith("{", pending) else _UNBRACED.match(text, pending)):
                yield _closed(text, mark, pending, unbraced.end(), unbraced.end())
    for opened in filter(None, open_braces):
        yield _Box(*opened, _line_end(text, opened[1]), None)


def _closed(text: str, mark: int, start: int, end: int, after: int) -> _Box:
    found = trimmed(text, start, end)
    if found and (announced := _ANNOUNCED.match(found.answer)):
        found = trimmed(text, found.start + announced.end(), found.end)
    if found is None or is_placeholder(found.answer):
        return _Box(mark, start, after, None)
    return _Box(mark, start, after, found)


def _line_end(text: str, start: int) -> int:
    farthest = min(len(text), start + _UNCLOSED_LONGEST)
    end = text.find("\n", start, farthest)
    return farthest if end < 0 else end


def _last(text: str, boxes: list[_Box]) -> Statement:
    while len(boxes) > 1 and _NEGATED.search(text, max(0, boxes[-1].mark - 40), boxes[-1].mark):
        boxes.pop()
    group, ambiguous = [boxes[-1]], False
    for box in boxes[-2 : -_MOST_TOGETHER - 1 : -1]:
        link = _link(text[box.after : group[0].mark] if group[0].mark - box.after <= _FARTHEST else None)
        if link is _Link.APART:
            break
        ambiguous = ambiguous or link is _Link.PERHAPS
        group.insert(0, box)
    return Statement(group[-1].mark, _one_answer(group, ambiguous))


def _one_answer(group: list[_Box], ambiguous: bool) -> Found | None:
    found = [box.found for box in group if box.found is not None]
    if len(found) < len(group):
        return None
    parts = tuple(each.answer for each in found)
    if len(set(parts)) == 1:
        return found[-1]
    return replace(Found(", ".join(parts), found[0].start, found[-1].end), ambiguous=ambiguous, parts=parts)


def _link(between: str | None) -> _Link:
    """What stands between two boxes says of them. An equals sign alone makes the right side the answer."""
    if between is None or between.strip(" \n$") == "=":
        return _Link.APART
    if _CONNECTED.fullmatch(between):
        return _Link.TOGETHER
    if _OPERATOR.fullmatch(between):
        return _Link.PERHAPS
    worded = _WORDED.fullmatch(between) and not _CONSEQUENCE.search(between)
    return _Link.PERHAPS if worded else _Link.APART
