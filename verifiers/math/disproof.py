r"""Disproof of equality for sets, relations and matrices: a search for one thing that tells them apart.

The idea: a lack of proof is no disproof, so one difference must be found: a kind (a number is no inequality),
a cell, a number that is in one set and not in the other, a point that solves one equation and not the other.
Numbers are tried in a grid, at the numbers that the two name and close to those. Finding nothing proves
nothing.
"""

from collections.abc import Iterable, Iterator

import sympy
from latex2sympy2_extended.logic import And
from latex2sympy2_extended.sets import FiniteSet as ParsedSet
from sympy.core.relational import Relational

from gristmill.verifiers.math.numeric_evaluation import (
    Closeness,
    Expression,
    Point,
    closeness_of,
    points,
    value_at,
)

_GRID = (-1000, -100, -10, -4, -2, -1, 0, 1, 2, 4, 10, 100, 1000)
_NEAR = sympy.Rational(1, 1000)
_MOST_CANDIDATES = 60
_LARGEST_DEGREE = 12
_MOST_STARTS = 24
_ROOT_DIGITS = 60


def is_number_like(expression: Expression) -> bool:
    return isinstance(expression, sympy.Expr) and not isinstance(expression, sympy.MatrixExpr)


def relations_of(expression: Expression) -> list[Expression]:
    """The relations that a relation or a chain of them is made of; [] for anything else."""
    if isinstance(expression, And):
        return list(expression._unsorted_args)
    return [expression] if isinstance(expression, Relational) else []


def disproved(wanted: Expression, given: Expression) -> bool:
    if isinstance(wanted, sympy.MatrixBase) or isinstance(given, sympy.MatrixBase):
        return _cells_differ(wanted, given)
    one, other = _members(wanted), _members(given)
    if one is not None and other is not None:
        return _lacks(one, other) or _lacks(other, one)
    relations = relations_of(wanted), relations_of(given)
    if _other_kind(wanted, given, relations[1]) or _other_kind(given, wanted, relations[0]):
        return True
    if all(len(each) == 1 and isinstance(each[0], sympy.Eq) for each in relations):
        return _solves_one(relations[0][0], relations[1][0]) or _solves_one(relations[1][0], relations[0][0])
    return _tells_apart(wanted, given)


def _other_kind(one: Expression, other: Expression, relations: list[Expression]) -> bool:
    """Whether one is a number and the other a relation, or one has variables and the other is a set."""
    return is_number_like(one) and bool(relations or (one.free_symbols and isinstance(other, sympy.Set)))


def _cells_differ(wanted: Expression, given: Expression) -> bool:
    if not (isinstance(wanted, sympy.MatrixBase) and isinstance(given, sympy.MatrixBase)):
        return True
    if wanted.shape != given.shape:
        return True
    return any(_differ(one, other) for one, other in zip(wanted.flat(), given.flat(), strict=True))


def _differ(one: Expression, other: Expression) -> bool:
    if not (is_number_like(one) and is_number_like(other)):
        return False
    return closeness_of(one, other) is Closeness.DIFFERENT


def _members(expression: Expression) -> list[Expression] | None:
    """The members of a finite set or tuple of numbers; a number is the one of its own."""
    if is_number_like(expression):
        return [expression]
    if isinstance(expression, (sympy.FiniteSet, ParsedSet, sympy.Tuple)):
        members = list(expression.args)
        return members if all(is_number_like(member) for member in members) else None
    return None


def _lacks(members: list[Expression], others: list[Expression]) -> bool:
    """Whether one of the members is surely none of the others."""
    return any(all(_differ(member, other) for other in others) for member in members)


def _solves_one(one: sympy.Eq, other: sympy.Eq) -> bool:
    """Whether a real point was found that solves the first equation and not the second."""
    residual = other.lhs - other.rhs
    return any(_is_nonzero(residual, point) for point in _solutions(one.lhs - one.rhs, _starts(one, other)))


def _starts(one: sympy.Eq, other: sympy.Eq) -> Iterator[Point]:
    """Points to begin at: the usual ones, and with the first variable close to numbers that the two name."""
    usual = points(one, other)
    yield from usual
    first = next(iter(usual[0]), None)
    if len(usual[0]) < 2:
        return
    named = one.atoms(sympy.Rational) | other.atoms(sympy.Rational)
    for number in sorted({0, *named, *(-number for number in named)})[:_MOST_STARTS]:
        yield {**usual[0], first: number + _NEAR}


def _solutions(expression: Expression, starts: Iterable[Point]) -> Iterator[Point]:
    """Points where it is zero, where it is a polynomial in its last variable."""
    for start in starts:
        variables = [symbol for symbol in start if symbol in expression.free_symbols]
        if not variables:
            return
        last = variables[-1]
        line = expression.subs({symbol: value for symbol, value in start.items() if symbol != last})
        if not line.is_polynomial(last) or not 0 < sympy.degree(line, last) <= _LARGEST_DEGREE:
            return
        for root in sympy.Poly(line, last).nroots(n=_ROOT_DIGITS, maxsteps=200):
            if root.is_real:
                yield {**start, last: root}


def _is_nonzero(expression: Expression, point: Point) -> bool:
    value = value_at(expression, point)
    return value is not None and bool(abs(value) > sympy.Float("1e-12"))


def _tells_apart(wanted: Expression, given: Expression) -> bool:
    """Whether a real number is in one of two sets of reals (or solves one of two relations) and not in the
    other.
    """
    symbols = wanted.free_symbols | given.free_symbols
    if len(symbols) > 1:
        return False
    symbol = next(iter(symbols), None)
    for number in _candidates(wanted, given):
        found = {_holds(wanted, symbol, number), _holds(given, symbol, number)}
        if found == {True, False}:
            return True
    return False


def _candidates(wanted: Expression, given: Expression) -> list[Expression]:
    named = [number for number in wanted.atoms(sympy.Number) | given.atoms(sympy.Number) if number.is_finite]
    named = sorted({*named, *(-number for number in named), *map(sympy.Integer, _GRID)})
    ends = [end for each in (wanted, given) for end in _ends(each)]
    near = [number + shift for number in named + ends for shift in (-_NEAR, 0, _NEAR)]
    return [*ends, *near][: 3 * _MOST_CANDIDATES]


def _ends(expression: Expression) -> list[Expression]:
    return [end for each in expression.atoms(sympy.Interval) for end in each.args[:2] if end.is_finite]


def _holds(expression: Expression, symbol: Expression | None, number: Expression) -> bool | None:
    """Whether it contains the number, or is true of it; None where SymPy does not say."""
    if is_number_like(expression):
        return None if expression.free_symbols else not _differ(expression, number)
    relations = relations_of(expression)
    try:
        if isinstance(expression, sympy.Set):
            found = expression.contains(number)
        elif relations and symbol is not None:
            found = sympy.And(*(relation.subs(symbol, number) for relation in relations))
        else:
            return None
    except TypeError:  # a comparison with what is no real number: the root of -1, 1/0
        return None
    return bool(found) if found in (sympy.true, sympy.false) else None
