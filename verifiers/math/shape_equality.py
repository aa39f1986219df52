"""Equality of lists, sets, tuples, intervals, unions and matrices, part by part.

The idea: the reference's shape says what is asked for (`shapes.py`), and the parts are compared by whoever
asks. Two forms that cannot be the same thing are different; what only looks different is left open.
"""

import re
from collections.abc import Callable

from gristmill.sampling.records import Outcome
from gristmill.verifiers.math.assignments import RELATION
from gristmill.verifiers.math.normalisation import skeleton
from gristmill.verifiers.math.plain_numbers import read_number
from gristmill.verifiers.math.shapes import Kind, Shape, as_matrix, read_list, read_shape
from gristmill.verifiers.reasons import Reason

Compare = Callable[[str, str], Reason]

_LARGEST_MATCHING = 60
_ORDERLESS: dict[Kind, tuple[Kind, ...]] = {
    Kind.LIST: (Kind.LIST, Kind.SET, Kind.TUPLE),
    Kind.SET: (Kind.LIST, Kind.SET),
    Kind.UNION: (Kind.UNION, Kind.LIST),
}
"""The kinds of reference that ask for no order, and the kinds of answer that fit them."""

_SIGNS = re.compile(r"\\(pm|mp)(?![A-Za-z])\s*")


def shapes_of(reference: str, answer: str) -> tuple[Shape, Shape]:
    """The two shapes, each read as it fits the other where a text could be two things."""
    wanted, given = expanded(reference), expanded(answer)
    if wanted.kind is Kind.SINGLE and given.kind is Kind.SINGLE:
        return wanted, given
    if given.kind is not Kind.LIST:
        wanted = _reread(wanted, given, reference)
    given = _reread(given, wanted, answer)
    if Kind.MATRIX in (wanted.kind, given.kind):
        return as_matrix(wanted), as_matrix(given)
    return wanted, given


def compare_parts(wanted: Shape, given: Shape, compare: Compare) -> Reason:
    """Of two shapes of which neither is a single expression."""
    if wanted.kind in _ORDERLESS:
        return _unordered(wanted.parts, given.parts, compare) if _fits(wanted, given) else Reason.WRONG_ANSWER
    if not _same_frame(wanted, given) or len(wanted.parts) != len(given.parts):
        return Reason.WRONG_ANSWER
    return _worst(wanted.parts, given.parts, compare)


def expanded(text: str) -> Shape:
    r"""The shape, with one \pm (or one of each sign) written out as two values."""
    shape = read_shape(text)
    if shape.kind is not Kind.SINGLE or sorted(_SIGNS.findall(text)) not in (["pm"], ["mp"], ["mp", "pm"]):
        if shape.kind not in (Kind.LIST, Kind.SET) or not _SIGNS.search(text):
            return shape
        return Shape(shape.kind, tuple(part for each in shape.parts for part in expanded(each).parts))
    upper = _SIGNS.sub(lambda sign: "+" if sign[1] == "pm" else "-", shape.parts[0])
    lower = _SIGNS.sub(lambda sign: "-" if sign[1] == "pm" else "+", shape.parts[0])
    return Shape(Kind.LIST, (upper.removeprefix("+"), lower.removeprefix("+")))


def _fits(wanted: Shape, given: Shape) -> bool:
    """For what has no order: [0,1] is an interval and no list, and a union is one of intervals alone."""
    if wanted.kind is Kind.LIST and given.kind is Kind.UNION:
        return all(RELATION.search(part) for part in wanted.parts)
    return given.kind in _ORDERLESS[wanted.kind] and given.brackets in ("", "()")


def _reread(shape: Shape, other: Shape, text: str) -> Shape:
    """1,234 is a list where the other side has brackets, or the reference parts, too; against the answer
    1, 234 it is a number.
    """
    if shape.kind is Kind.SINGLE and other.kind is not Kind.SINGLE and "," in text and read_number(text):
        return read_list(text)
    return shape


def _same_frame(wanted: Shape, given: Shape) -> bool:
    """For what has an order: brackets and form must agree, where both have them."""
    if Kind.MATRIX in (wanted.kind, given.kind):
        if wanted.kind is given.kind:
            return wanted.columns == given.columns
        matrix, other = (wanted, given) if wanted.kind is Kind.MATRIX else (given, wanted)
        return other.kind in (Kind.TUPLE, Kind.LIST) and 1 in (
            matrix.columns,
            len(matrix.parts) // matrix.columns,
        )
    if given.kind is Kind.LIST:
        return wanted.brackets == "()"
    return given.kind is Kind.TUPLE and wanted.brackets == given.brackets


def _worst(wanted: tuple[str, ...], given: tuple[str, ...], compare: Compare) -> Reason:
    """A part that differs settles it; else one that is open leaves it open."""
    open_reason = Reason.EQUAL
    for one, other in zip(wanted, given, strict=True):
        reason = compare(one, other)
        if reason.outcome is Outcome.REJECTED:
            return reason
        open_reason = reason if reason is not Reason.EQUAL else open_reason
    return open_reason


def _unordered(wanted: tuple[str, ...], given: tuple[str, ...], compare: Compare) -> Reason:
    """Every part must find an equal partner; parts that nothing is known of leave it open."""
    if len(wanted) != len(given):
        return Reason.WRONG_ANSWER
    if len(wanted) > _LARGEST_MATCHING:
        same = sorted(map(skeleton, wanted)) == sorted(map(skeleton, given))
        return Reason.EQUAL if same else Reason.UNPROVED
    left = list(given)
    for part in wanted:
        reasons = []
        for index, other in enumerate(left):
            reasons.append(compare(part, other))
            if reasons[-1] is Reason.EQUAL:
                del left[index]
                break
        else:
            undecided = [reason for reason in reasons if reason.outcome is Outcome.UNDECIDED]
            return undecided[0] if undecided else Reason.WRONG_ANSWER
    return Reason.EQUAL
