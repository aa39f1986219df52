r"""Equality of an answer and a reference: by text first, then shape, then plain numbers, and SymPy last.

The idea: each step decides what it can decide surely and cheaply, and hands on the rest, so that most answers
never reach SymPy, and what does reach it is one expression against another, never a pair or a set.

Choices: an assignment may be left out (`x=5` is 5), but another variable is another answer; of an
approximation (`2\sqrt{3} \approx 3.46`) the exact side counts; of a chain of equations the last side.
"""

import re
from collections.abc import Callable
from fractions import Fraction

from gristmill.sampling.records import Outcome
from gristmill.verifiers.math.assignments import (
    EQUALS,
    RELATION,
    assigned,
    labelled,
    same_name,
    without_working,
)
from gristmill.verifiers.math.normalisation import skeleton
from gristmill.verifiers.math.plain_numbers import ROUNDED_DIGITS, PlainNumber, compare_numbers, read_number
from gristmill.verifiers.math.shapes import Kind, Shape, read_list, read_shape
from gristmill.verifiers.math.text_answers import compare_written, is_words
from gristmill.verifiers.math.units import conflict, convertible, split_unit, without_unit
from gristmill.verifiers.reasons import Reason

_LARGEST_MATCHING = 60
_ORDERLESS: dict[Kind, tuple[Kind, ...]] = {
    Kind.LIST: (Kind.LIST, Kind.SET, Kind.TUPLE),
    Kind.SET: (Kind.LIST, Kind.SET),
    Kind.UNION: (Kind.UNION, Kind.LIST),
}
"""The kinds of reference that ask for no order, and the kinds of answer that fit them."""

_SIGNS = re.compile(r"\\(pm|mp)(?![A-Za-z])\s*")


def compare_answers(reference: str, answer: str) -> Reason:
    """Of two normalised texts. Not symmetric: the reference's form says what is asked for."""
    if skeleton(reference) == skeleton(answer):
        return Reason.EQUAL
    (wanted_name, wanted), (given_name, given) = assigned(reference), assigned(answer)
    if bool(wanted_name) != bool(given_name) and EQUALS.search(given if wanted_name else wanted):
        return _compare_by_algebra(reference, answer)
    if wanted_name and given_name and not same_name(wanted_name, given_name):
        return Reason.WRONG_ANSWER if _readable(wanted) else Reason.UNREADABLE_REFERENCE
    if wanted_name or given_name:
        return compare_answers(wanted, given)
    if not RELATION.search(wanted):
        given = without_working(given)
    if (value := labelled(given)) and not labelled(wanted):
        return compare_answers(wanted, value)
    written = compare_written(wanted, given)
    return _compare_shapes(wanted, given) if written is None else written


def _expanded(text: str) -> Shape:
    r"""The shape, with one \pm (or one of each sign) written out as two values."""
    shape = read_shape(text)
    if shape.kind is not Kind.SINGLE or sorted(_SIGNS.findall(text)) not in (["pm"], ["mp"], ["mp", "pm"]):
        if shape.kind not in (Kind.LIST, Kind.SET) or not _SIGNS.search(text):
            return shape
        return Shape(shape.kind, tuple(part for each in shape.parts for part in _expanded(each).parts))
    upper = _SIGNS.sub(lambda sign: "+" if sign[1] == "pm" else "-", shape.parts[0])
    lower = _SIGNS.sub(lambda sign: "-" if sign[1] == "pm" else "+", shape.parts[0])
    return Shape(Kind.LIST, (upper.removeprefix("+"), lower.removeprefix("+")))


def _compare_shapes(reference: str, answer: str) -> Reason:
    wanted, given = _expanded(reference), _expanded(answer)
    if wanted.kind is Kind.SINGLE and given.kind is Kind.SINGLE:
        return _compare_single(wanted.parts[0], given.parts[0])
    if given.kind is not Kind.LIST:
        wanted = _reread(wanted, given, reference)
    given = _reread(given, wanted, answer)
    if wanted.kind is Kind.SINGLE or given.kind is Kind.SINGLE:
        return _compare_with_single(wanted, given, reference, answer)
    if wanted.kind in _ORDERLESS:
        return _unordered(wanted.parts, given.parts) if _fits(wanted, given) else Reason.WRONG_ANSWER
    return _ordered(wanted.parts, given.parts) if _same_frame(wanted, given) else Reason.WRONG_ANSWER


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


def _compare_with_single(wanted: Shape, given: Shape, reference: str, answer: str) -> Reason:
    if len(wanted.parts) == 1 and len(given.parts) == 1 and Kind.MATRIX not in (wanted.kind, given.kind):
        return compare_answers(wanted.parts[0], given.parts[0])
    if RELATION.search(reference) or RELATION.search(answer) or "\\" in reference + answer:
        return _compare_by_algebra(reference, answer)
    return Reason.WRONG_ANSWER if _readable(reference) else Reason.UNREADABLE_REFERENCE


def _compare_single(reference: str, answer: str) -> Reason:
    wanted, given = read_number(reference), read_number(answer)
    if wanted is not None and given is not None:
        return compare_numbers(wanted, given)
    if in_degrees := _degrees_and_radians(wanted, given, reference, answer):
        return in_degrees
    if is_words(answer) and not is_words(reference):
        return Reason.WRONG_ANSWER if _readable(reference) else Reason.UNREADABLE_REFERENCE
    reason = _compare_by_algebra(_stripped(wanted, reference), _stripped(given, answer), wanted, given)
    return _with_units(reason, reference, answer, wanted, given)


def _with_units(
    reason: Reason, reference: str, answer: str, wanted: PlainNumber | None, given: PlainNumber | None
) -> Reason:
    """What units make of expressions that were compared without them, as with plain numbers."""
    one = wanted.unit if wanted else split_unit(reference)[1]
    other = given.unit if given else split_unit(answer)[1]
    if reason is Reason.EQUAL:
        radians = r"\pi" in reference and r"\pi" in answer and "°" in (one, other) and one != other
        return Reason.WRONG_ANSWER if radians or conflict(one, other) else reason
    return Reason.OTHER_UNIT if reason is Reason.WRONG_ANSWER and convertible(one, other) else reason


def _degrees_and_radians(
    wanted: PlainNumber | None, given: PlainNumber | None, reference: str, answer: str
) -> Reason | None:
    """An angle in degrees against one with pi: the same angle is the same quantity in another unit."""
    for number, other in ((wanted, answer), (given, reference)):
        if number and number.unit == "°" and r"\pi" in other:
            radians = rf"\frac{{{number.value.numerator}\pi}}{{{number.value.denominator * 180}}}"
            reason = _compare_by_algebra(radians, other)
            return Reason.OTHER_UNIT if reason is Reason.EQUAL else reason
    return None


def _stripped(number: PlainNumber | None, text: str) -> str:
    """A plain number without its unit, as LaTeX; other texts as they are."""
    if number is None:
        return without_unit(text)
    value: Fraction = number.value / 100 if number.percent else number.value
    return rf"\frac{{{value.numerator}}}{{{value.denominator}}}" if value.denominator > 1 else str(value)


def _compare_by_algebra(
    reference: str, answer: str, wanted: PlainNumber | None = None, given: PlainNumber | None = None
) -> Reason:
    """By SymPy, which is imported here and not before. A decimal may be the rounded value of an
    expression.
    """
    from gristmill.verifiers.math import symbolic

    for shown, exact in ((given, reference), (wanted, answer)):
        if shown and shown.significant >= ROUNDED_DIGITS and symbolic.is_rounded_value(exact, shown):
            return Reason.EQUAL
    return symbolic.compare_expressions(reference, answer)


def _readable(text: str) -> bool:
    """Whether a reference can be read in any way, so that an answer can be called wrong by it."""
    from gristmill.verifiers.math import symbolic

    shape = read_shape(text)
    if shape.kind is not Kind.SINGLE:
        return all(_readable(part) for part in shape.parts)
    return read_number(text) is not None or is_words(text) or symbolic.read_expression(text) is not None


def _ordered(wanted: tuple[str, ...], given: tuple[str, ...]) -> Reason:
    if len(wanted) != len(given):
        return Reason.WRONG_ANSWER
    return _worst(compare_answers, wanted, given)


def _worst(compare: Callable[[str, str], Reason], wanted: tuple[str, ...], given: tuple[str, ...]) -> Reason:
    """A part that differs settles it; else one that is open leaves it open."""
    open_reason = Reason.EQUAL
    for one, other in zip(wanted, given, strict=True):
        reason = compare(one, other)
        if reason.outcome is Outcome.REJECTED:
            return reason
        open_reason = reason if reason is not Reason.EQUAL else open_reason
    return open_reason


def _unordered(wanted: tuple[str, ...], given: tuple[str, ...]) -> Reason:
    """Every part must find an equal partner; parts that nothing is known of leave it open."""
    if len(wanted) != len(given):
        return Reason.WRONG_ANSWER
    if len(wanted) > _LARGEST_MATCHING:
        return (
            Reason.EQUAL if sorted(map(skeleton, wanted)) == sorted(map(skeleton, given)) else Reason.UNPROVED
        )
    left = list(given)
    for part in wanted:
        reasons = []
        for index, other in enumerate(left):
            reasons.append(compare_answers(part, other))
            if reasons[-1] is Reason.EQUAL:
                del left[index]
                break
        else:
            undecided = [reason for reason in reasons if reason.outcome is Outcome.UNDECIDED]
            return undecided[0] if undecided else Reason.WRONG_ANSWER
    return Reason.EQUAL
