r"""Comparison of expressions by Math-Verify and SymPy: the slow path.

Math-Verify parses, and is imported here alone. Then numbers come first and proof second: two expressions
whose values differ (50 digits, at several points where they have variables) are different, and no
simplification is tried; two whose values agree must also be equal for `math_verify.verify`, or the verdict is
open (`unproved`). So neither of its weak spots decides alone: it rounds decimals to 6 places and drops small
numbers (`1/2004!` equals `1/2006!` for it), it finds equations without real solutions equal, and it reports
what its simplification could not do as "different" (which is why sets and relations need a disproof, too:
`disproof.py`).

Source: math-verify 0.9 (`parser.py`, `grader.py`). Its own time-outs rest on SIGALRM and are off; the caller
bounds the time. Nothing given to it is evaluated as Python: only its parser of LaTeX is used, not its parser
of plain expressions, which ends in `sympy.parse_expr` and that in `eval`. Its names for units are off too: it
takes the c of `2c` for one.
"""

import logging
import re
from fractions import Fraction

import sympy
from latex2sympy2_extended.math_normalization import NormalizationConfig, normalize_latex
from math_verify import verify
from math_verify.parser import parse_latex_cached
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational
from sympy.polys.polyerrors import BasePolynomialError

from gristmill.verifiers.math.algebraic_identity import is_identity, with_real_roots
from gristmill.verifiers.math.disproof import disproved, is_number_like, relations_of
from gristmill.verifiers.math.number_equality import is_double_of, is_finite, is_rounding
from gristmill.verifiers.math.numeric_evaluation import (
    SAME_WITHIN,
    Closeness,
    Expression,
    Point,
    closeness_of,
    points,
    value_at,
)
from gristmill.verifiers.math.plain_numbers import PlainNumber
from gristmill.verifiers.math.shapes import nests_sanely
from gristmill.verifiers.reasons import Reason

for _name in (
    "math_verify.parser",
    "math_verify.grader",
):  # each warns that its time-outs are off, which is meant
    logging.getLogger(_name).setLevel(logging.ERROR)

FAILURES = (
    ArithmeticError, AssertionError, AttributeError, LookupError, NotImplementedError, RecursionError,
    TypeError, ValueError, BasePolynomialError,
)  # fmt: skip
"""What SymPy and its parsers raise when they cannot go on: it says nothing of the two texts."""

_LATEX = NormalizationConfig(
    basic_latex=True, units=False, malformed_operators=True, nits=False, boxed="none", equations=False
)
_FUNCTION_OF_DEGREES = re.compile(r"\\(?:sin|cos|tan|cot|sec|csc)(?![A-Za-z])")
_IMPLIED_PRODUCT = re.compile(r"(?<![\w^_{}.])(\d+(?:\.\d+)?) ?\((?=\d)")
"""A number before a bracket with one, which the parser takes for a sum: 5(2)."""

_DEGREES = re.compile(r"(\d+(?:\.\d+)?)\s*°")


def read_expression(text: str) -> Expression | None:
    """The expression that a normalised text is, None where Math-Verify's grammar has no place for it."""
    if "$" in text or not nests_sanely(text):
        return None
    text = (
        _DEGREES.sub(r"(\\frac{\1\\pi}{180})", text)
        if _FUNCTION_OF_DEGREES.search(text)
        else text.replace("°", "")
    )
    text = _IMPLIED_PRODUCT.sub(r"\1 \\cdot (", text)
    found = _parsed(normalize_latex(text, _LATEX))
    return _prepared(found) if isinstance(found, (sympy.Basic, sympy.MatrixBase)) else None


def _parsed(text: str) -> Expression | None:
    """None for what the grammar does not have. The parser raises a bare Exception for that; any other (out of
    memory, too deep, a fault of its own) says nothing of the text and is passed on.
    """
    try:
        return parse_latex_cached(text)
    except Exception as exc:
        if type(exc) is Exception:
            return None
        raise


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
    """Equal, wrong, unproved (which SymPy's own failures are, too), or which of the two cannot be read."""
    try:
        return _compare(reference, answer)
    except FAILURES:
        return Reason.UNPROVED


def _compare(reference: str, answer: str) -> Reason:
    wanted = read_expression(reference)
    if wanted is None:
        return Reason.UNREADABLE_REFERENCE
    given = read_expression(answer)
    if given is None:
        return Reason.UNREADABLE_ANSWER
    if isinstance(given, sympy.Eq) and is_number_like(wanted):
        given = given.rhs if given.lhs.is_Symbol or not given.lhs.free_symbols else given
    if is_number_like(wanted) and is_number_like(given):
        return _compare_values(wanted, given)
    if _relation_and_number(wanted, given):
        return Reason.WRONG_ANSWER
    return _compare_structures(wanted, given)


def _relation_and_number(one: Expression, other: Expression) -> bool:
    """A relation between variables is not its right side."""
    return (is_number_like(one) and bool(relations_of(other))) or (
        is_number_like(other) and bool(relations_of(one))
    )


def _compare_values(wanted: Expression, given: Expression) -> Reason:
    """Of numbers and of formulas with variables. An odd root of a negative number is the real one, or the
    principal one where that alone makes the two equal; then it is left open.
    """
    real_wanted, real_given = with_real_roots(wanted), with_real_roots(given)
    closeness = closeness_of(real_wanted, real_given)
    if closeness is Closeness.DIFFERENT:
        if (real_wanted, real_given) == (wanted, given):
            return Reason.WRONG_ANSWER
        apart = closeness_of(wanted, given) is Closeness.DIFFERENT
        return Reason.WRONG_ANSWER if apart else Reason.UNPROVED
    if closeness is Closeness.SAME and is_identity(real_wanted, real_given):
        return Reason.EQUAL
    return Reason.EQUAL if _proved(wanted, given) else Reason.UNPROVED


def _compare_structures(wanted: Expression, given: Expression) -> Reason:
    """Two relations are equal by their values; for sets, matrices and mixtures Math-Verify's word counts.
    That it finds no proof is no disproof: it swallows whatever goes wrong inside it.
    """
    relations = relations_of(wanted), relations_of(given)
    if all(relations):
        if _same_relations(*relations):
            return Reason.EQUAL
    elif _proved(wanted, given):
        return Reason.EQUAL
    return Reason.WRONG_ANSWER if disproved(wanted, given) else Reason.UNPROVED


def _proved(wanted: Expression, given: Expression) -> bool:
    return bool(
        verify(wanted, given, allow_set_relation_comp=True, timeout_seconds=None, raise_on_error=True)
    )


def _same_relations(wanted: list[Expression], given: list[Expression]) -> bool:
    """Whether relation by relation the sides' differences are proportional, with a fitting sign."""
    if len(wanted) != len(given):
        return False
    return all(_proportional(one, other) for one, other in zip(wanted, given, strict=True))


def _proportional(one: Relational, other: Relational) -> bool:
    ratios = [_ratio(one, other, point) for point in points(one, other)]
    first = ratios[0]
    if first is None or any(
        ratio is None or abs(ratio - first) > SAME_WITHIN * abs(first) for ratio in ratios
    ):
        return False
    if isinstance(one, sympy.Eq) or isinstance(other, sympy.Eq):
        return type(one) is type(other)
    return bool(first.is_real) and (first > 0) == (type(one) is type(other))


def _ratio(one: Relational, other: Relational, point: Point) -> Expression | None:
    value, divisor = value_at(one.lhs - one.rhs, point), value_at(other.lhs - other.rhs, point)
    return value / divisor if value and divisor else None


def is_rounded_value(expression_text: str, shown: PlainNumber) -> bool:
    """Whether a decimal is the value of an expression without variables, correctly rounded to the digits it
    shows.
    """
    try:
        expression = read_expression(expression_text)
        exact = _real_value(expression)
    except FAILURES:
        return False
    if expression is None or exact is None:
        return False
    if is_double_of(exact, shown):
        return True
    return (expression.is_rational is False or not is_finite(exact)) and is_rounding(exact, shown)


def real_value(text: str) -> Fraction | None:
    """The value of a text without variables to 50 digits, None for what has no finite real one."""
    try:
        return _real_value(read_expression(text))
    except FAILURES:
        return None


def _real_value(expression: Expression | None) -> Fraction | None:
    if expression is None or not is_number_like(expression) or expression.free_symbols:
        return None
    value = value_at(with_real_roots(expression), {})
    return Fraction(str(value)) if value is not None and (value.is_Float or value.is_Rational) else None


def differ_at(one: str, other: str, variable: str, number: Fraction) -> bool:
    """Whether two expressions in a variable surely have different values where it is this number."""
    try:
        at = sympy.Rational(number.numerator, number.denominator)
        values = []
        for text in (one, other):
            expression = read_expression(text)
            if expression is None or not is_number_like(expression):
                return False
            values.append(with_real_roots(expression).subs(sympy.Symbol(variable.strip("\\"), real=True), at))
        return closeness_of(*values) is Closeness.DIFFERENT
    except FAILURES:
        return False
