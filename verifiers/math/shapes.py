r"""The outer shape of an answer: list, set, tuple, interval, union, matrix, or a single expression.

The idea: brackets and order are decided here, on the text, and only the elements go on to be compared. That
is what keeps an ordered pair from being a set, and [0,1) from being [0,1]: an algebra system that is handed
the whole forgives both. The reference's shape says what is asked for:

- a list (commas, no brackets) asks for its elements in any order; a set or parentheses may hold them, square
  brackets not;
- a set asks for its elements in any order, in braces or none;
- a tuple or interval asks for its elements in order, in the same brackets; a list may leave the brackets out;
- a matrix asks for its rows and columns: a column is no row. A tuple or list may stand for either, and rows
  in brackets, `[[1,2],[3,4]]`, are the matrix;
- a union asks for its parts in any order.

`(0,1)` is a tuple and an open interval at once: both compare alike.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from gristmill.verifiers.math.plain_numbers import read_number


class Kind(StrEnum):
    """What an answer is made of."""

    SINGLE = "single"
    LIST = "list"
    SET = "set"
    TUPLE = "tuple"
    UNION = "union"
    MATRIX = "matrix"


@dataclass(frozen=True, slots=True)
class Shape:
    """`parts` are normalised texts in order; `brackets` are a tuple's or interval's, `columns` a matrix's
    number.
    """

    kind: Kind
    parts: tuple[str, ...]
    brackets: str = ""
    columns: int = 0


_TOKEN = re.compile(r"\\(?:begin|end)\s*\{[^{}]*\}|\\[A-Za-z]+|\\.|[()\[\]{},;&=]", re.DOTALL)
_OPENING = frozenset(["(", "[", "{", r"\{", r"\langle", r"\lfloor", r"\lceil"])
_CLOSING = frozenset([")", "]", "}", r"\}", r"\rangle", r"\rfloor", r"\rceil"])
_MATRIX = re.compile(
    r"[(\[]?\s*\\begin\s*\{([bBp]?matrix|smallmatrix|array)\}(?:\s*\{[lcr| ]*\})?(?P<cells>.*)"
    r"\\end\s*\{\1\}\s*[)\]]?",
    re.DOTALL,
)
_BRACKETED = re.compile(r"(\(|\[|\\\{|\\langle)(?P<inside>.*)(\)|\]|\\\}|\\rangle)", re.DOTALL)
_DEEPEST = 50
_SET_BUILDER = re.compile(r"\||:|\\in(?![A-Za-z])")


def read_shape(text: str) -> Shape:
    """The shape of a normalised text. Parentheses around a single expression are dropped."""
    if matrix := _MATRIX.fullmatch(text):
        return _matrix(matrix["cells"])
    if read_number(text) is not None:
        return Shape(Kind.SINGLE, (text,))
    if text == r"\emptyset":
        return Shape(Kind.SET, ())
    for separators, kind in (((r"\cup",), Kind.UNION), ((",", ";"), Kind.LIST)):
        parts = split_top(text, separators)
        if len(parts) > 1:
            return Shape(kind, parts)
    return _bracketed(text)


def read_list(text: str) -> Shape:
    """The shape of a text that could be a number with thousands separators, read as a list all the same."""
    return Shape(Kind.LIST, split_top(text, (",",)))


def _bracketed(text: str) -> Shape:
    match = _BRACKETED.fullmatch(text)
    if match is None or not _encloses(text) or not nests_sanely(text):
        return Shape(Kind.SINGLE, (text,))
    inside, brackets = match["inside"].strip(), match[1] + match[3]
    parts = split_top(inside, (",", ";"))
    if brackets == r"\{\}":
        builder = _SET_BUILDER.search(inside)
        return Shape(Kind.SINGLE, (text,)) if builder else Shape(Kind.SET, parts)
    if len(parts) > 1:
        return Shape(Kind.TUPLE, parts, "()" if brackets == r"\langle\rangle" else brackets)
    inner = read_shape(inside) if brackets in ("()", "[]") and inside else Shape(Kind.SINGLE, (text,))
    if brackets == inner.brackets == "[]":
        return Shape(Kind.MATRIX, inner.parts, columns=len(inner.parts))
    return inner


def as_matrix(shape: Shape) -> Shape:
    """Rows in brackets, `[[1,2],[3,4]]`, as the matrix that they are; other shapes as they are."""
    if shape.kind is not Kind.TUPLE or shape.brackets not in ("[]", "()"):
        return shape
    opening, closing = shape.brackets[0], shape.brackets[1]
    if not all(
        part.startswith(opening) and part.endswith(closing) and _encloses(part) for part in shape.parts
    ):
        return shape
    rows = [split_top(part[1:-1], (",", ";")) for part in shape.parts]
    if len({len(row) for row in rows}) != 1 or (opening == "(" and len(rows[0]) == 1):
        return shape
    return Shape(Kind.MATRIX, tuple(cell for row in rows for cell in row), columns=len(rows[0]))


def _matrix(cells: str) -> Shape:
    cells = re.sub(r"\\hline", "", cells).strip()
    rows = [split_top(row, ("&",)) for row in split_top(cells.removesuffix("\\\\").strip(), ("\\\\",))]
    if len({len(row) for row in rows}) != 1:
        return Shape(Kind.SINGLE, (cells,))
    return Shape(Kind.MATRIX, tuple(cell for row in rows for cell in row), columns=len(rows[0]))


def split_top(text: str, separators: tuple[str, ...]) -> tuple[str, ...]:
    """The parts between separators that stand in no brackets; brackets need not match in kind: [0,1) is
    balanced.
    """
    parts, start, depth = [], 0, 0
    for token in _TOKEN.finditer(text):
        mark = token.group()
        if mark in _OPENING or mark.startswith(r"\begin"):
            depth += 1
        elif mark in _CLOSING or mark.startswith(r"\end"):
            depth -= 1
        elif depth == 0 and mark in separators:
            parts.append(text[start : token.start()].strip())
            start = token.end()
    parts.append(text[start:].strip())
    return tuple(part for part in parts if part) or ("",)


def nests_sanely(text: str) -> bool:
    """Whether brackets close, and nest no deeper than people write: parsers recurse, and some take quadratic
    time.
    """
    depth = deepest = 0
    for token in _TOKEN.finditer(text):
        mark = token.group()
        depth += (mark in _OPENING) - (mark in _CLOSING)
        deepest = max(deepest, depth)
        if depth < 0:
            return False
    return depth == 0 and deepest <= _DEEPEST


def _encloses(text: str) -> bool:
    """Whether the first bracket is closed by the last."""
    depth = 0
    for token in _TOKEN.finditer(text):
        mark = token.group()
        depth += (mark in _OPENING) - (mark in _CLOSING)
        if depth == 0 and token.end() < len(text):
            return False
    return depth == 0
