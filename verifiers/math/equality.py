r"""Equality of an answer and a reference: by text first, then shape, then plain numbers, and SymPy last.

The idea: each step decides what it can decide surely and cheaply, and hands on the rest, so that most answers
never reach SymPy, and what does reach it is one expression against another, never a pair or a set.

Choices: an assignment may be left out (`x=5` is 5), but another variable is another answer; of an
approximation (`2\sqrt{3} \approx 3.46`) the exact side counts; of a chain of equations the last side.
"""

import re
from fractions import Fraction
from functools import partial

from gristmill.verifiers.math.assignments import (
    EQUALS,
    RELATION,
    assigned,
    combined,
    labelled,
    same_name,
    without_working,
)
from gristmill.verifiers.math.choices import read_choice
from gristmill.verifiers.math.normalisation import skeleton
from gristmill.verifiers.math.number_equality import ROUNDED_DIGITS, compare_numbers
from gristmill.verifiers.math.plain_numbers import PlainNumber, read_number
from gristmill.verifiers.math.shape_equality import Compare, compare_parts, shapes_of
from gristmill.verifiers.math.shapes import Kind, Shape, read_shape
from gristmill.verifiers.math.text_answers import compare_written, is_prose, is_words
from gristmill.verifiers.math.units import conflict, convertible, split_unit, without_unit
from gristmill.verifiers.reasons import Reason

_SET_MARK = re.compile(
    r"[<>]|\\(?:le|ge|ne|lt|gt|cup|cap|setminus|mathbb|land|lor|\{.*[:|])(?![A-Za-z])|real numbers", re.DOTALL
)
_INTEGER_LETTER = r"(?<![A-Za-z\\])[knm](?![A-Za-z])"
_PERIODIC = re.compile(
    rf"\\mathbb\s*\{{?Z|integer|(?:\\pi|°).*{_INTEGER_LETTER}|{_INTEGER_LETTER}.*(?:\\pi|°)", re.DOTALL
)
_CONNECTIVE = re.compile(r"\\(land|lor)(?![A-Za-z])")
_DEEPEST = 12
_CASES = r"\begin{cases}"


def compare_answers(reference: str, answer: str, depth: int = 0) -> Reason:
    """Of two normalised texts. Not symmetric: the reference's form says what is asked for. `depth` counts
    what was stripped and taken apart before.
    """
    if skeleton(reference) == skeleton(answer):
        return Reason.EQUAL
    if depth > _DEEPEST:
        return Reason.UNPROVED
    compare = partial(compare_answers, depth=depth + 1)
    (wanted_name, wanted), (given_name, given) = assigned(reference), assigned(answer)
    if wanted_name and given_name:
        return _compare_named(same_name(wanted_name, given_name), wanted, given, compare)
    if wanted_name or given_name:
        by_algebra = EQUALS.search(given if wanted_name else wanted)
        return _compare_by_algebra(reference, answer) if by_algebra else compare(wanted, given)
    if not RELATION.search(wanted):
        given = combined(given) or without_working(given)
    for form in (_compare_labelled, _compare_choices, _compare_written, _compare_special):
        if (reason := form(wanted, given, compare)) is not None:
            return reason
    return _compare_values(wanted, given, compare)


def _compare_named(same: bool | None, wanted: str, given: str, compare: Compare) -> Reason:
    """Two values with their names: another variable is another answer, whatever its value."""
    if same is False:
        return Reason.WRONG_ANSWER if _readable(wanted) else Reason.UNREADABLE_REFERENCE
    reason = compare(wanted, given)
    return Reason.UNPROVED if same is None and reason is Reason.EQUAL else reason


def _compare_labelled(reference: str, answer: str, compare: Compare) -> Reason | None:
    """A label may be left out; two that differ may mean two things. None where there is none."""
    wanted, given = labelled(reference), labelled(answer)
    if wanted is None and given is None:
        return None
    reason = compare(wanted.value if wanted else reference, given.value if given else answer)
    other = wanted and given and wanted.label != given.label
    return Reason.UNPROVED if other and reason is Reason.EQUAL else reason


def _compare_choices(reference: str, answer: str, compare: Compare) -> Reason | None:
    """None where the reference is no choice, and the answer none with a value."""
    wanted, given = read_choice(reference), read_choice(answer)
    if wanted is None or not (wanted.marked or wanted.letter.isupper()):
        return compare(reference, given.value) if given and given.value else None
    if given is None:
        if wanted.value:
            return compare(wanted.value, answer)
        return Reason.WRONG_ANSWER if wanted.marked else None
    if not wanted.same_letter(given):
        return Reason.WRONG_ANSWER
    if not (wanted.value and given.value):
        return Reason.EQUAL
    reason = compare(wanted.value, given.value)
    return reason if reason in (Reason.EQUAL, Reason.WRONG_ANSWER) else Reason.UNPROVED


def _compare_written(reference: str, answer: str, compare: Compare) -> Reason | None:
    return compare_written(reference, answer)


def _compare_special(reference: str, answer: str, compare: Compare) -> Reason | None:
    """As functions given in pieces, families with an integer, sets of reals; None for what is none of them.
    Each is imported where it is needed.
    """
    reason = None
    if _CASES in reference or _CASES in answer:
        from gristmill.verifiers.math.piecewise import compare_piecewise

        reason = compare_piecewise(reference, answer, compare)
    if reason is None and _PERIODIC.search(reference) and _PERIODIC.search(answer):
        from gristmill.verifiers.math.families import compare_families

        reason = compare_families(reference, answer)
    if reason is None and (_SET_MARK.search(reference) or _SET_MARK.search(answer)):
        from gristmill.verifiers.math.set_equality import compare_sets

        reason = compare_sets(reference, answer)
    return reason


def _compare_values(reference: str, answer: str, compare: Compare) -> Reason:
    """By their shapes and values."""
    joints = {mark[1] for text in (reference, answer) for mark in _CONNECTIVE.finditer(text)}
    if joints:
        reason = _compare_values(_CONNECTIVE.sub(",", reference), _CONNECTIVE.sub(",", answer), compare)
        return Reason.UNPROVED if len(joints) > 1 and reason is Reason.EQUAL else reason
    wanted, given = shapes_of(reference, answer)
    if wanted.kind is Kind.SINGLE and given.kind is Kind.SINGLE:
        return _compare_single(wanted.parts[0], given.parts[0])
    if wanted.kind is not Kind.SINGLE and given.kind is not Kind.SINGLE:
        return compare_parts(wanted, given, compare)
    if len(wanted.parts) == 1 and len(given.parts) == 1 and Kind.MATRIX not in (wanted.kind, given.kind):
        return compare(wanted.parts[0], given.parts[0])
    return _compare_with_single(wanted, reference, answer)


def _compare_with_single(wanted: Shape, reference: str, answer: str) -> Reason:
    """Of several parts and one expression."""
    if wanted.kind is Kind.SINGLE and read_number(reference) and not _SET_MARK.search(answer):
        return Reason.WRONG_ANSWER
    if RELATION.search(reference) or RELATION.search(answer) or "\\" in reference + answer:
        return _compare_by_algebra(reference, answer)
    return Reason.WRONG_ANSWER if _readable(reference) else Reason.UNREADABLE_REFERENCE


def _compare_single(reference: str, answer: str) -> Reason:
    wanted, given = read_number(reference), read_number(answer)
    if wanted is not None and given is not None:
        return compare_numbers(wanted, given)
    if in_degrees := _degrees_and_radians(wanted, given, reference, answer):
        return in_degrees
    if wanted is None and is_prose(reference):
        return Reason.UNREADABLE_REFERENCE
    if is_words(answer) and (wanted is not None or not is_words(reference)):
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
