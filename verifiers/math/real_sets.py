"""Sets of real numbers as unions of intervals, with exact ends, and the operations on them.

The idea: a set has one form here, its disjoint intervals from left to right, so that two sets are equal
exactly when their forms are. A number is an interval of its own.
"""

from dataclasses import dataclass
from fractions import Fraction

Number = Fraction | float
"""An exact end, or plus or minus infinity."""

INFINITY = float("inf")


@dataclass(frozen=True, slots=True)
class Interval:
    """The numbers from `low` to `high`; whether each end belongs to them. An infinite end never does."""

    low: Number
    high: Number
    has_low: bool
    has_high: bool

    @property
    def is_empty(self) -> bool:
        return self.low > self.high or (self.low == self.high and not (self.has_low and self.has_high))

    def has(self, number: Number) -> bool:
        if number in (self.low, self.high):
            return self.has_low if number == self.low else self.has_high
        return self.low < number < self.high


RealSet = tuple[Interval, ...]
"""Disjoint intervals from left to right, that do not touch."""

ALL_REALS: RealSet = (Interval(-INFINITY, INFINITY, False, False),)


def interval(low: Number, high: Number, has_low: bool, has_high: bool) -> RealSet:
    each = Interval(low, high, has_low, has_high)
    return () if each.is_empty else (each,)


def points(numbers: list[Fraction]) -> RealSet:
    return union(tuple(Interval(number, number, True, True) for number in numbers))


def union(intervals: tuple[Interval, ...]) -> RealSet:
    """Of any intervals: those that overlap or touch become one."""
    merged: list[Interval] = []
    for each in sorted(intervals, key=lambda one: (one.low, not one.has_low)):
        if merged and _meets(merged[-1], each):
            last = merged.pop()
            high, has_high = max((last.high, last.has_high), (each.high, each.has_high))
            each = Interval(last.low, high, last.has_low, has_high)
        merged.append(each)
    return tuple(merged)


def complement(of: RealSet) -> RealSet:
    gaps: list[Interval] = []
    low: Number = -INFINITY
    has_low = False
    for each in of:
        gaps += interval(low, each.low, has_low, not each.has_low)
        low, has_low = each.high, not each.has_high
    return (*gaps, *interval(low, INFINITY, has_low, False))


def intersection(one: RealSet, other: RealSet) -> RealSet:
    return complement(union(complement(one) + complement(other)))


def contains(of: RealSet, number: Number) -> bool:
    return any(each.has(number) for each in of)


def _meets(left: Interval, right: Interval) -> bool:
    return right.low < left.high or (right.low == left.high and (right.has_low or left.has_high))
