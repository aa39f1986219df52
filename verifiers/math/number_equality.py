"""Exact comparison of plain numbers, and the decimals that stand for a value that they are not.

What counts as equal (the strictness is meant; each rule has its test):
- Values must be the same: 0.5 is not 50, 3.04 is not 0.0304, 1001 is not 1001.5.
- A percent sign allows both readings of the side that has it: 50% equals 50 and 0.5. Two percentages are
  compared as such. But a reference of at most 1 without the sign is a share: 0.5 is 50% and not 0.5%.
- A decimal equals a fraction with no finite decimal form (1/3), if it is that fraction correctly rounded to
  the digits shown, and shows at least `ROUNDED_DIGITS` significant ones, zeros at its end not counted and a
  whole number excluded: 0.3333 equals 1/3, 0.33 and 0.3334 do not.
- Words of scale multiply: 5 million is 5000000, 3 dozen is 36.
- Units: see `units.py`. A missing one does not count, different ones do.
- A decimal of 15 to 17 significant digits is what a program prints: it stands for every value that its double
  is nearest to, but for `DOUBLE_STEPS`, since sums of doubles are a few steps off (0.1 + 0.2).
- A reference of many digits (`_LONG_DECIMALS`) is itself a rounded value, and accepts what rounds it further.
"""

import math
from dataclasses import replace
from fractions import Fraction

from gristmill.verifiers.math.plain_numbers import PlainNumber
from gristmill.verifiers.math.units import conflict, convertible
from gristmill.verifiers.reasons import Reason

ROUNDED_DIGITS = 4
DOUBLE_DIGITS = range(15, 18)
DOUBLE_STEPS = 4
_LONG_DECIMALS, _LONG_DIGITS = 6, 7
_LARGEST_DOUBLE = 10**300


def compare_numbers(reference: PlainNumber, answer: PlainNumber) -> Reason:
    """Equal, wrong, or in another unit."""
    equal = any(_close(wanted, given) for wanted, given in _readings(reference, answer))
    if equal:
        return Reason.WRONG_ANSWER if conflict(reference.unit, answer.unit) else Reason.EQUAL
    return Reason.OTHER_UNIT if convertible(reference.unit, answer.unit) else Reason.WRONG_ANSWER


def _readings(reference: PlainNumber, answer: PlainNumber) -> list[tuple[PlainNumber, PlainNumber]]:
    pairs = [(reference, answer)]
    if reference.percent and not answer.percent:
        pairs.append((_hundredth(reference), answer))
    elif answer.percent and not reference.percent:
        share = (reference, _hundredth(answer))
        pairs = [share] if abs(reference.value) <= 1 else [*pairs, share]
    return pairs


def _hundredth(number: PlainNumber) -> PlainNumber:
    decimals = None if number.decimals is None else number.decimals + 2
    return replace(number, value=number.value / 100, decimals=decimals)


def _close(reference: PlainNumber, answer: PlainNumber) -> bool:
    if reference.value == answer.value:
        return True
    if _stands_for(answer, reference) or _stands_for(reference, answer):
        return True
    return _rounds_reference(reference, answer)


def _stands_for(shown: PlainNumber, exact: PlainNumber) -> bool:
    if exact.decimals is None and not is_finite(exact.value) and is_rounding(exact.value, shown):
        return True
    return exact.significant not in DOUBLE_DIGITS and is_double_of(exact.value, shown)


def _rounds_reference(reference: PlainNumber, answer: PlainNumber) -> bool:
    """Whether the reference shows so many digits that it is a rounded value, and the answer is so, too."""
    if (reference.decimals or 0) < _LONG_DECIMALS or reference.significant < _LONG_DIGITS:
        return False
    if answer.significant in DOUBLE_DIGITS and is_rounding(answer.value, reference):
        return True
    return answer.significant < reference.significant and is_rounding(reference.value, answer)


def is_rounding(exact: Fraction, shown: PlainNumber) -> bool:
    """Whether `shown` is `exact` correctly rounded, with digits enough to count."""
    if shown.decimals is None or shown.value.denominator == 1 or shown.significant < ROUNDED_DIGITS:
        return False
    return abs(exact - shown.value) <= Fraction(1, 2 * 10**shown.decimals)


def is_double_of(exact: Fraction, shown: PlainNumber) -> bool:
    """Whether `shown` is the double that is nearest to `exact`, or one a few steps from it, as printed."""
    if shown.decimals is None or shown.significant not in DOUBLE_DIGITS or abs(exact) > _LARGEST_DOUBLE:
        return False
    return abs(exact - shown.value) <= DOUBLE_STEPS * Fraction(math.ulp(float(exact)))


def is_finite(value: Fraction) -> bool:
    """Whether the decimal form ends."""
    denominator = value.denominator
    for prime in (2, 5):
        while denominator % prime == 0:
            denominator //= prime
    return denominator == 1
