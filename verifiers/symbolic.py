r"""Expressions, compared with Math-Verify: the slow path, the only module that imports it (and with it
SymPy).

Math-Verify parses. Then numbers come first and proof second: two expressions whose values differ (50 digits,
at several points where they have variables) are different, and no simplification is tried; two whose values
agree must also be equal for `math_verify.verify`, or the verdict is open (`unproved`). So neither of its weak
spots decides alone: it rounds decimals to 6 places and drops small numbers (`1/2004!` equals `1/2006!` for
it), it finds equations without real solutions equal, and it reports what its simplification could not do as
"different".

Source: math-verify 0.9 (`parser.py`, `grader.py`). Its own time-outs rest on SIGALRM and are off; the caller
bounds the time. Nothing given to it is evaluated as Python: only its parser of LaTeX is used, not its parser
of plain expressions, which ends in `sympy.parse_expr` and that in `eval`. Its names for units are off too: it
takes the c of `2c` for one.
"""

import logging
import re
from enum import Enum
from fractions import Fraction
from typing import Any

import sympy
from latex2sympy2_extended.logic import And
from math_verify import LatexExtractionConfig, LatexNormalizationConfig, parse, verify
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational

from verifiers.plain_numbers import PlainNumber, is_rounding
from verifiers.reasons import Reason
from verifiers.shapes import nests_sanely

for _name in (
    "math_verify.parser",
    "math_verify.grader",
):  # each warns that its time-outs are off, which is meant
    logging.getLogger(_name).setLevel(logging.ERROR)

Expression = Any  # a sympy object; SymPy has no types
Point = dict[Any, Any]  # from variables to values

DIGITS = 50
_SAME, _OTHER = sympy.Float("1e-30", DIGITS), sympy.Float("1e-15", DIGITS)
_LEAST_BITS = 100

_LATEX = [
    LatexExtractionConfig(
        boxed_match_priority=-1,
        normalization_config=LatexNormalizationConfig(
            basic_latex=True, units=False, malformed_operators=True, nits=False, boxed="none", equations=False
        ),
    )
]
_POINTS = (("1.3717", "0.7193"), ("2.6391", "1.1379"), ("-0.5837", "-0.3371"))
"""Where variables are evaluated: the value of the first variable, and the step to the next."""

_FUNCTION_OF_DEGREES = re.compile(r"\\(?:sin|cos|tan|cot|sec|csc)(?![A-Za-z])")
_DEGREES = re.compile(r"(\d+(?:\.\d+)?)\s*°")


class Closeness(Enum):
    """What the values of two expressions say."""

    SAME = 1
    DIFFERENT = 2
    UNKNOWN = 3


def read_expression(text: str) -> Expression | None:
    """The expression that a normalised text is, None where Math-Verify's grammar has no place for it."""
    if "$" in text or not nests_sanely(text):
        return None
    text = (
        _DEGREES.sub(r"(\\frac{\1\\pi}{180})", text)
        if _FUNCTION_OF_DEGREES.search(text)
        else text.replace("°", "")
    )
    found = parse(f"${text}$", _LATEX, fallback_mode="no_fallback", parsing_timeout=None, raise_on_error=True)
    if len(found) != 1 or not isinstance(found[0], (sympy.Basic, sympy.MatrixBase)):
        return None
    return _prepared(found[0])


def _prepared(expression: Expression) -> Expression:
    """Decimals become exact fractions, i the imaginary unit, a variable one symbol however it was declared,
    and f(x) a symbol, too.
    """
    changes: dict[Expression, Expression] = {}
    for number in expression.atoms(sympy.Float):
        changes[number] = sympy.Rational(str(number))
    for symbol in expression.free_symbols:
        changes[symbol] = sympy.I if symbol.name == "i" else sympy.Symbol(symbol.name, real=True)
    for value in expression.atoms(AppliedUndef):
        changes[value] = sympy.Symbol(str(value), real=True)
    return expression.xreplace({old: new for old, new in changes.items() if old != new})


def compare_expressions(reference: str, answer: str) -> Reason:
    """Equal, wrong, unproved, or which of the two cannot be read."""
    wanted = read_expression(reference)
    if wanted is None:
        return Reason.UNREADABLE_REFERENCE
    given = read_expression(answer)
    if given is None:
        return Reason.UNREADABLE_ANSWER
    if isinstance(given, sympy.Eq) and _is_number_like(wanted):
        given = given.rhs if given.lhs.is_Symbol or not given.lhs.free_symbols else given
    if _is_number_like(wanted) and isinstance(given, Relational):
        return Reason.WRONG_ANSWER
    if _is_number_like(wanted) and _is_number_like(given):
        closeness = _closeness(wanted, given)
        if closeness is Closeness.DIFFERENT:
            return Reason.WRONG_ANSWER
        return Reason.EQUAL if _proved(wanted, given) else Reason.UNPROVED
    return _compare_structures(wanted, given)


def _compare_structures(wanted: Expression, given: Expression) -> Reason:
    """Two relations are equal by their values; for sets, matrices and mixtures Math-Verify's word counts."""
    relations = _relations(wanted), _relations(given)
    if all(relations) and _same_relations(*relations):
        return Reason.EQUAL
    if not _proved(wanted, given):
        return Reason.WRONG_ANSWER
    return Reason.UNPROVED if all(relations) else Reason.EQUAL


def _proved(wanted: Expression, given: Expression) -> bool:
    return bool(
        verify(wanted, given, allow_set_relation_comp=True, timeout_seconds=None, raise_on_error=True)
    )


def _is_number_like(expression: Expression) -> bool:
    return isinstance(expression, sympy.Expr) and not isinstance(expression, sympy.MatrixExpr)


def _relations(expression: Expression) -> list[Expression]:
    if isinstance(expression, And):
        return list(expression._unsorted_args)
    return [expression] if isinstance(expression, Relational) else []


def _same_relations(wanted: list[Expression], given: list[Expression]) -> bool:
    """Whether relation by relation the sides' differences are proportional, with a fitting sign."""
    if len(wanted) != len(given):
        return False
    return all(_proportional(one, other) for one, other in zip(wanted, given, strict=True))


def _proportional(one: Relational, other: Relational) -> bool:
    ratios = [_ratio(one, other, point) for point in _points(one, other)]
    first = ratios[0]
    if first is None or any(ratio is None or abs(ratio - first) > _SAME * abs(first) for ratio in ratios):
        return False
    if isinstance(one, sympy.Eq) or isinstance(other, sympy.Eq):
        return type(one) is type(other)
    return bool(first.is_real) and (first > 0) == (type(one) is type(other))


def _ratio(one: Relational, other: Relational, point: Point) -> Expression | None:
    value, divisor = _value(one.lhs - one.rhs, point), _value(other.lhs - other.rhs, point)
    return value / divisor if value and divisor else None


def _closeness(wanted: Expression, given: Expression) -> Closeness:
    found = {_close_at(wanted, given, point) for point in _points(wanted, given)}
    if Closeness.DIFFERENT in found:
        return Closeness.DIFFERENT
    return Closeness.SAME if found == {Closeness.SAME} else Closeness.UNKNOWN


def _close_at(wanted: Expression, given: Expression, point: Point) -> Closeness:
    if wanted.is_infinite or given.is_infinite:
        return Closeness.SAME if wanted == given else Closeness.DIFFERENT
    one, other = _value(wanted, point), _value(given, point)
    if one is None or other is None:
        return Closeness.UNKNOWN
    size = max(abs(one), abs(other))
    difference = abs(one - other)
    if difference <= _SAME * size:
        return Closeness.SAME
    return Closeness.DIFFERENT if difference > _OTHER * size else Closeness.UNKNOWN


def _points(*expressions: Expression) -> list[Point]:
    """Values for all variables, several times over; one empty assignment where there is no variable."""
    symbols = sorted(set().union(*(expression.free_symbols for expression in expressions)), key=str)
    if not symbols:
        return [{}]
    return [
        {symbol: sympy.Rational(start) + index * sympy.Rational(step) for index, symbol in enumerate(symbols)}
        for start, step in _POINTS
    ]


def _value(expression: Expression, point: Point) -> Expression | None:
    """The value to DIGITS digits, None where it is no finite number or was not found that precisely."""
    value = expression.evalf(DIGITS, subs=point) if point else expression.evalf(DIGITS)
    if not value.is_number or value.is_finite is not True:
        return None
    parts = [part for part in value.as_real_imag() if part != 0]
    return (
        value
        if all(part.is_Rational or (part.is_Float and part._prec >= _LEAST_BITS) for part in parts)
        else None
    )


def is_rounded_value(expression_text: str, shown: PlainNumber) -> bool:
    """Whether a decimal is the value of an expression without variables, correctly rounded to the digits it
    shows.
    """
    expression = read_expression(expression_text)
    if expression is None or not _is_number_like(expression) or expression.free_symbols:
        return False
    value = _value(expression, {})
    if value is None or not value.is_Float or expression.is_rational is not False:
        return False
    return is_rounding(Fraction(str(value)), shown)
