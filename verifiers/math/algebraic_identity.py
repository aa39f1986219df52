r"""Proof that two algebraic expressions are one, by their values at random points.

The idea: an algebraic function that is not zero has few zeros, so two that agree to 50 digits at several
random points are equal, however unlike they look; no simplification has to find the way from one to the
other. Odd roots of negative numbers are the real ones, as they are at school: `\sqrt[3]{-8}` is -2.
"""

from itertools import islice

import sympy

from gristmill.verifiers.math.numeric_evaluation import SAME_WITHIN, Expression, random_points, value_at

_POINTS = 6
_LARGEST_EXPONENT = 60
_MOST_PARTS = 300


def with_real_roots(expression: Expression) -> Expression:
    """With the real values of odd roots, where what stands under them may be negative."""
    roots = [power for power in expression.atoms(sympy.Pow) if _is_odd_root(power)]
    if not roots:
        return expression
    return expression.replace(_is_odd_root, _real_root)


def _is_odd_root(power: Expression) -> bool:
    if not power.is_Pow:
        return False
    exponent = power.exp
    return bool(
        exponent.is_Rational
        and exponent.q % 2
        and exponent.q > 1
        and power.base.is_extended_nonnegative is not True
        and power.base.is_extended_real is not False
    )


def _real_root(power: Expression) -> Expression:
    base, exponent = power.base, power.exp
    return sympy.sign(base) ** exponent.p * sympy.Abs(base) ** exponent


def is_identity(one: Expression, other: Expression) -> bool:
    """Whether both are algebraic, and their values agree wherever they were found; there must be enough."""
    if not (_is_algebraic(one) and _is_algebraic(other)):
        return False
    if not (one.free_symbols or other.free_symbols):
        return bool(one == other)
    found = 0
    for point in random_points(_POINTS, one, other):
        left, right = value_at(one, point), value_at(other, point)
        if left is None or right is None:
            continue
        if abs(left - right) > SAME_WITHIN * max(abs(left), abs(right)):
            return False
        found += 1
    return found > _POINTS // 2


def _is_algebraic(expression: Expression) -> bool:
    """Whether it is made of rational numbers and variables by sums, products and rational powers."""
    parts = list(islice(sympy.preorder_traversal(expression), _MOST_PARTS + 1))
    return len(parts) <= _MOST_PARTS and all(
        part.is_Rational or part.is_Symbol or _is_operation(part) for part in parts
    )


def _is_operation(part: Expression) -> bool:
    if part.is_Pow:
        return bool(part.exp.is_Rational and abs(part.exp) <= _LARGEST_EXPONENT)
    return bool(part.is_Add or part.is_Mul or isinstance(part, (sympy.Abs, sympy.sign)))
