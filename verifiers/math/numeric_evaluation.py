r"""Numeric evaluation of SymPy expressions at sample points, to 50 digits, and comparison by it.

The idea: a value that is known to many digits, and differs, is a disproof; one that was not found precisely
says nothing. Where there are variables there are several points, and the negative one counts less.
"""

import random
from enum import Enum
from typing import Any

import sympy

Expression = Any  # a sympy object; SymPy has no types
Point = dict[Any, Any]  # from variables to values

DIGITS = 50
SAME_WITHIN = sympy.Float("1e-30", DIGITS)
_OTHER_BEYOND = sympy.Float("1e-15", DIGITS)
_LEAST_BITS = 100
_MOST_DIGITS = 1000
"""What a difference is computed with, so that 10^{100} and 10^{100} + 1 are told apart."""

_POINTS = (("1.3717", "0.7193"), ("2.6391", "1.1379"), ("-0.5837", "-0.3371"))
"""Where variables are evaluated: the value of the first variable, and the step to the next."""


class Closeness(Enum):
    """What the values of two expressions say."""

    SAME = 1
    DIFFERENT = 2
    UNKNOWN = 3


def closeness_of(wanted: Expression, given: Expression) -> Closeness:
    """Values that differ where a variable is negative alone tell nothing: variables are often meant to be
    positive.
    """
    at_points = points(wanted, given)
    found = [_close_at(wanted, given, point) for point in at_points]
    positive = [
        close for close, point in zip(found, at_points, strict=True) if min(point.values(), default=1) > 0
    ]
    if Closeness.DIFFERENT in positive:
        return Closeness.DIFFERENT
    return Closeness.SAME if set(found) == {Closeness.SAME} else Closeness.UNKNOWN


def _close_at(wanted: Expression, given: Expression, point: Point) -> Closeness:
    if wanted.is_infinite or given.is_infinite:
        return Closeness.SAME if wanted == given else Closeness.DIFFERENT
    one, other = value_at(wanted, point), value_at(given, point)
    if one is None or other is None:
        return Closeness.UNKNOWN
    size = max(abs(one), abs(other))
    difference = abs(one - other)
    if difference > _OTHER_BEYOND * size:
        return Closeness.DIFFERENT
    exact = wanted.is_rational and given.is_rational and wanted != given
    if (difference or exact) and value_at(wanted - given, point, most_digits=_MOST_DIGITS):
        return Closeness.DIFFERENT
    return Closeness.SAME if difference <= SAME_WITHIN * size else Closeness.UNKNOWN


def points(*expressions: Expression) -> list[Point]:
    """Values for all variables, several times over; one empty assignment where there is no variable."""
    symbols = sorted(set().union(*(expression.free_symbols for expression in expressions)), key=str)
    if not symbols:
        return [{}]
    return [
        {symbol: sympy.Rational(start) + index * sympy.Rational(step) for index, symbol in enumerate(symbols)}
        for start, step in _POINTS
    ]


def random_points(count: int, *expressions: Expression) -> list[Point]:
    """Rational values for all variables, negative ones too, the same ones every time."""
    symbols = sorted(set().union(*(expression.free_symbols for expression in expressions)), key=str)
    draw = random.Random(len(symbols))  # noqa: S311
    return [
        {symbol: sympy.Rational(draw.randrange(-9999, 9999), 3571) for symbol in symbols}
        for _ in range(count)
    ]


def value_at(expression: Expression, point: Point, most_digits: int = 100) -> Expression | None:
    """The value to DIGITS digits, None where it is no finite number or was not found that precisely with
    `most_digits` on the way.
    """
    value = expression.evalf(DIGITS, subs=point or None, maxn=most_digits)
    if not value.is_number or value.is_finite is not True:
        return None
    parts = [part for part in value.as_real_imag() if part != 0]
    return (
        value
        if all(part.is_Rational or (part.is_Float and part._prec >= _LEAST_BITS) for part in parts)
        else None
    )
