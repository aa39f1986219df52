r"""Functions that are given piece by piece, in `\begin{cases}`, and systems of equations that are so written.

The idea: each condition is a set of reals, so pieces are matched by their sets and compared by their values;
one number where the two functions differ is a disproof.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from gristmill.verifiers.math.real_sets import ALL_REALS, Interval, RealSet, complement, union
from gristmill.verifiers.math.set_reading import SetReader
from gristmill.verifiers.math.shapes import nests_sanely, split_top
from gristmill.verifiers.reasons import Reason

_CASES = re.compile(r"\\begin\s*\{cases\}(?P<rows>.*)\\end\s*\{cases\}", re.DOTALL)
_CONDITION_WORDS = re.compile(
    r"\\text\s*\{\s*,?\s*(?:if|for|when|where|on|in)\s*\}|\b(?:if|for|when|where)\b|[,;]\s*$|^\s*,"
)
_OTHERWISE = re.compile(r"(?:\\text\s*\{)?\s*(?:otherwise|else|elsewhere)\s*\.?\s*\}?", re.IGNORECASE)
_MOST_PIECES = 20


@dataclass(frozen=True, slots=True)
class _Piece:
    value: str
    where: RealSet


def compare_piecewise(reference: str, answer: str, compare: Callable[[str, str], Reason]) -> Reason | None:
    """None where the reference is neither a function of pieces nor a system, or cannot be read as one."""
    if not (nests_sanely(reference) and nests_sanely(answer)):
        return None
    if (system := _system(reference)) or _system(answer):
        return compare(system or reference, _system(answer) or answer)
    reader = SetReader()
    try:
        wanted = _pieces(reference, reader)
        given = _pieces(answer, reader)
    except ValueError:
        return Reason.UNPROVED
    if len(reader.variables) != 1 or reader.unsure:
        return Reason.UNPROVED
    if _match(wanted, given, compare):
        return Reason.EQUAL
    return Reason.WRONG_ANSWER if _differ(wanted, given, reader.variables.pop()) else Reason.UNPROVED


def _rows(text: str) -> list[tuple[str, ...]]:
    match = _CASES.fullmatch(text.strip())
    if match is None:
        return []
    rows = split_top(match["rows"].strip().removesuffix("\\\\"), ("\\\\",))
    return [split_top(row, ("&",)) for row in rows if row.strip()]


def _system(text: str) -> str:
    """A system of equations as a list, "" for anything else."""
    rows = _rows(text)
    equations = [row[0].rstrip(" ,;") for row in rows]
    is_system = rows and all(len(row) == 1 and "=" in row[0] and "\\text" not in row[0] for row in rows)
    return ", ".join(equations) if is_system else ""


def _pieces(text: str, reader: SetReader) -> list[_Piece]:
    """Raises ValueError for conditions that are no sets of reals. Another formula is one piece for all."""
    rows = _rows(text)
    if not rows:
        return [_Piece(text, ALL_REALS)]
    if len(rows) > _MOST_PIECES:
        raise ValueError("too many pieces")
    found: list[_Piece] = []
    for row in rows:
        value, condition = row if len(row) == 2 else _halves(row)
        if _OTHERWISE.fullmatch(condition.strip()):
            where = complement(union(tuple(each for piece in found for each in piece.where)))
        else:
            where = reader.read(_CONDITION_WORDS.sub("", condition).strip())
        found.append(_Piece(value.strip().rstrip(",;").strip(), where))
    return found


def _halves(row: tuple[str, ...]) -> tuple[str, str]:
    """Of a row without `&`: the value, and the condition behind its last comma or its "if"."""
    if len(row) == 1:
        if words := re.search(r"\\text\s*\{\s*,?\s*(?:if|for|when|otherwise)|\b(?:if|when)\b", row[0]):
            return row[0][: words.start()], row[0][words.start() :]
        parts = split_top(row[0], (",",))
        if len(parts) == 2:
            return parts[0], parts[1]
    raise ValueError("no condition")


def _match(wanted: list[_Piece], given: list[_Piece], compare: Callable[[str, str], Reason]) -> bool:
    """Whether each piece has one of the same set and an equal value. Pieces of one side are disjoint."""
    left = {piece.where: piece.value for piece in given}
    if len(wanted) != len(given) or len(left) != len(given):
        return False
    return all(
        piece.where in left and compare(piece.value, left[piece.where]) is Reason.EQUAL for piece in wanted
    )


def _differ(wanted: list[_Piece], given: list[_Piece], variable: str) -> bool:
    """Whether a number is found at which the two functions have different values."""
    from gristmill.verifiers.math import symbolic

    samples = {number for piece in [*wanted, *given] for each in piece.where for number in _samples(each)}
    for number in sorted(samples):
        one, other = _value(wanted, number), _value(given, number)
        if one is not None and other is not None and symbolic.differ_at(one, other, variable, number):
            return True
    return False


def _value(pieces: list[_Piece], number: Fraction) -> str | None:
    return next((piece.value for piece in pieces if any(each.has(number) for each in piece.where)), None)


def _samples(each: Interval) -> list[Fraction]:
    """Numbers of an interval: its ends, and some between them."""
    low = each.low if isinstance(each.low, Fraction) else None
    high = each.high if isinstance(each.high, Fraction) else None
    if low is None and high is None:
        low, high = Fraction(-7, 2), Fraction(9, 2)
    start = low if low is not None else (high or 0) - 5
    end = high if high is not None else start + 5
    steps = [Fraction(start + (end - start) * Fraction(step, 7)) for step in (0, 1, 3, 6, 7)]
    return [number for number in steps if each.has(number)]
