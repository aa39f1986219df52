r"""Families of values with an integer in them: `\frac{\pi}{4} + k\pi`, for all integers k.

The idea: the letter of the integer does not count, and two families are one if they have the same values. A
family is arithmetic, an offset and a step; several are compared by their offsets modulo a common step.
"""

import re
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm

import sympy

from gristmill.verifiers.math.numeric_evaluation import Expression, value_at
from gristmill.verifiers.math.shape_equality import expanded
from gristmill.verifiers.math.shapes import Kind
from gristmill.verifiers.math.symbolic import read_expression
from gristmill.verifiers.reasons import Reason

_DECLARED = re.compile(
    r"(?:\\text\s*\{[a-z ,]{0,30}\}|[,;(]|\bfor\b|\bwhere\b|\bany\b|\bsome\b|\s)*"
    r"(?<![A-Za-z\\])(?P<letter>[A-Za-z])\s*"
    r"(?:\\in\s*(?:\\mathbb\s*\{?Z\}?|\\text\s*\{\s*(?:Z|integers)\s*\})"
    r"|\\text\s*\{\s*(?:is )?(?:an |any )?integer\s*\}|is an integer)\s*\)?$"
)
"""What says at the end that a letter is an integer: `, k \\in \\mathbb{Z}`."""

_TURNING = re.compile(r"(?<![A-Za-z\\])(?P<letter>[knm])(?![A-Za-z])")
_MOST_OFFSETS = 60
_SAME_WITHIN = Fraction(1, 10**30)


@dataclass(frozen=True, slots=True)
class _Family:
    letter: str
    offset: Expression
    step: Expression


def compare_families(reference: str, answer: str) -> Reason | None:
    """None where one of the two is no arithmetic family of numbers, or the steps have no common multiple."""
    wanted, given = _families(reference), _families(answer)
    if not wanted or not given:
        return None
    ratios = [sympy.nsimplify(family.step / wanted[0].step) for family in wanted + given]
    if not all(ratio.is_Rational for ratio in ratios):
        return None
    common = _common_multiple([Fraction(int(ratio.p), int(ratio.q)) for ratio in ratios])
    step = wanted[0].step * sympy.Rational(common.numerator, common.denominator)
    one, other = _offsets(wanted, step), _offsets(given, step)
    if not one or not other:
        return None
    if not (_within(one, other) and _within(other, one)):
        return Reason.WRONG_ANSWER
    return Reason.EQUAL if _are_families(reference, answer, wanted, given) else None


def _are_families(reference: str, answer: str, wanted: list[_Family], given: list[_Family]) -> bool:
    """Whether the letter is surely one for all integers, and no variable of a formula: it is said so, or the
    two have different letters.
    """
    letters = {family.letter for family in wanted + given}
    return len(letters) > 1 or any(_DECLARED.search(text) for text in (reference, answer))


def _families(text: str) -> list[_Family]:
    """The families that a text lists; [] where one part is none."""
    declared = _DECLARED.search(text)
    letter = declared["letter"] if declared else ""
    bare = text[: declared.start()] if declared else text
    shape = expanded(bare)
    if shape.kind not in (Kind.SINGLE, Kind.LIST, Kind.SET):
        return []
    found = [_family(part, letter) for part in shape.parts]
    return [family for family in found if family is not None] if all(found) else []


def _family(text: str, letter: str) -> _Family | None:
    if not letter:
        letters = {match["letter"] for match in _TURNING.finditer(text)}
        letter = letters.pop() if len(letters) == 1 else ""
    expression = read_expression(text) if letter else None
    if expression is None or {symbol.name for symbol in expression.free_symbols} != {letter}:
        return None
    symbol = next(iter(expression.free_symbols))
    step = expression.expand().diff(symbol)
    if step.free_symbols or not step.is_real or step.is_zero is not False:
        return None
    return _Family(letter, expression.subs(symbol, 0), step)


def _common_multiple(ratios: list[Fraction]) -> Fraction:
    return Fraction(
        lcm(*(abs(ratio.numerator) for ratio in ratios)), gcd(*(ratio.denominator for ratio in ratios))
    )


def _offsets(families: list[_Family], step: Expression) -> list[Fraction]:
    """The values of all families in one common step, as shares of it; [] where they are too many."""
    found: list[Fraction] = []
    for family in families:
        start, share = value_at(family.offset / step, {}), value_at(family.step / step, {})
        if start is None or share is None or not start.is_real:
            return []
        count = round(1 / abs(Fraction(str(share))))
        if count + len(found) > _MOST_OFFSETS:
            return []
        found += [(Fraction(str(start)) + Fraction(turn, count)) % 1 for turn in range(count)]
    return found


def _within(offsets: list[Fraction], others: list[Fraction]) -> bool:
    return all(any(_apart(one, other) <= _SAME_WITHIN for other in others) for one in offsets)


def _apart(one: Fraction, other: Fraction) -> Fraction:
    """On the circle: 0 and 1 are one point."""
    difference = abs(one - other)
    return min(difference, 1 - difference)
