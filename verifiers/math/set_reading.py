r"""Reading of sets of real numbers: intervals, inequalities, `\{x : x \ge 2\}`, `\mathbb{R} \setminus \{3\}`.

The idea: a small grammar, of unions and intersections down to intervals and inequalities in one variable.
What it does not have (other variables, inequalities to be solved) is a `ValueError`, and others are asked.
"""

import re
from fractions import Fraction

from gristmill.verifiers.math.plain_numbers import read_number
from gristmill.verifiers.math.real_sets import (
    ALL_REALS,
    INFINITY,
    Number,
    RealSet,
    complement,
    intersection,
    interval,
    points,
    union,
)
from gristmill.verifiers.math.shapes import split_top
from gristmill.verifiers.reasons import Reason

_RELATION = re.compile(r"(<|>|=|\\(?:le|ge|ne|lt|gt)(?![A-Za-z])|\\in(?![A-Za-z]))")
_TURNED = {"<": ">", ">": "<", r"\le": r"\ge", r"\ge": r"\le"}
_SPELLED = {r"\lt": "<", r"\gt": ">"}
_VARIABLE = re.compile(r"[A-DF-Za-dfgj-z]|\\(?:theta|alpha|beta|lambda|mu|phi)")
_INTERVAL = re.compile(r"([(\[])([^()\[\]{},;]*(?:\{[^{}]*\}[^()\[\]{},;]*)*)[,;](.*)([)\]])", re.DOTALL)
_BUILDER = re.compile(
    r"\\\{\s*(?P<variable>\\?[A-Za-z]+)\s*(?:\\in\s*(?P<domain>\\mathbb\s*\{?[RZ]\}?|\\mathbb\s*\{?Z\}?\s*\^\s*\+?))?"
    r"\s*(?:\||:|\\colon)\s*(?P<condition>.*)\\\}",
    re.DOTALL,
)
_FINITE = re.compile(r"\\\{(?P<members>.*)\\\}", re.DOTALL)
_REALS = re.compile(r"\\mathbb\s*\{?R\}?|\\text\s*\{\s*all real numbers\s*\}|all real numbers", re.IGNORECASE)
_MOST_INTEGERS = 1000
_SAME_WITHIN = Fraction(1, 10**30)


class SetReader:
    """A reader of the two sets that are compared: it knows the ends by their values, and the variable.

    `unsure` says that two ends have one value to 30 digits and are not known to be equal.
    """

    def __init__(self) -> None:
        self.variables: set[str] = set()
        self.unsure = False
        self._ends: dict[str, Fraction] = {}

    def read(self, text: str) -> RealSet:
        """Raises ValueError for what is no set of reals that can be read."""
        text = text.strip()
        for separators, join in (((r"\cup", r"\lor"), _united), ((r"\cap", r"\land"), _common)):
            parts = split_top(text, separators)
            if len(parts) > 1:
                return join([self.read(part) for part in parts])
        minus = split_top(text, (r"\setminus", r"\backslash"))
        if len(minus) == 2:
            return intersection(self.read(minus[0]), complement(self.read(minus[1])))
        if builder := _BUILDER.fullmatch(text):
            return self._built(builder)
        if _REALS.fullmatch(text):
            return ALL_REALS
        if text == r"\emptyset":
            return ()
        return self._relations(text) if _RELATION.search(text) else self._listed(text)

    def _listed(self, text: str) -> RealSet:
        """An interval, or a set of numbers in braces."""
        if finite := _FINITE.fullmatch(text):
            return points([self._number(part) for part in split_top(finite["members"], (",", ";"))])
        match = _INTERVAL.fullmatch(text)
        if match is None:
            raise ValueError(text)
        low, high = self._end(match[2]), self._end(match[3])
        if (match[1] == "[" and low == -INFINITY) or (match[4] == "]" and high == INFINITY):
            raise ValueError(text)
        return interval(low, high, match[1] == "[", match[4] == "]")

    def _built(self, builder: re.Match[str]) -> RealSet:
        if not _VARIABLE.fullmatch(builder["variable"]):
            raise ValueError(builder["variable"])
        found = self.read(builder["condition"])
        return found if "Z" not in (builder["domain"] or "") else _integers(found, "+" in builder["domain"])

    def _relations(self, text: str) -> RealSet:
        """Inequalities between commas hold together, if they can; else one of them does."""
        parts = [self._relation(part) for part in split_top(text, (",", ";"))]
        return _common(parts) or _united(parts)

    def _relation(self, text: str) -> RealSet:
        """One inequality, or a chain of two with the variable in the middle."""
        pieces = [piece.strip() for piece in _RELATION.split(text)]
        sides, signs = pieces[::2], [_SPELLED.get(sign, sign) for sign in pieces[1::2]]
        if len(sides) == 3 and _VARIABLE.fullmatch(sides[1]):
            left = self._half(sides[1], _TURNED.get(signs[0], ""), sides[0])
            return intersection(left, self._half(sides[1], signs[1], sides[2]))
        if len(sides) != 2:
            raise ValueError(text)
        if _VARIABLE.fullmatch(sides[0]):
            return self._half(sides[0], signs[0], sides[1])
        return self._half(sides[1], _TURNED.get(signs[0], signs[0]), sides[0])

    def _half(self, variable: str, sign: str, end: str) -> RealSet:
        if not _VARIABLE.fullmatch(variable):
            raise ValueError(variable)
        self.variables.add(variable)
        if sign == r"\in":
            return self.read(end)
        number = self._end(end)
        if sign in ("<", r"\le"):
            return interval(-INFINITY, number, False, sign == r"\le")
        if sign in (">", r"\ge"):
            return interval(number, INFINITY, sign == r"\ge", False)
        if sign not in ("=", r"\ne") or not isinstance(number, Fraction):
            raise ValueError(sign)
        return points([number]) if sign == "=" else complement(points([number]))

    def _end(self, text: str) -> Number:
        text = text.strip()
        if text in (r"\infty", r"+\infty", r"+ \infty"):
            return INFINITY
        return -INFINITY if text in (r"-\infty", r"- \infty") else self._number(text)

    def _number(self, text: str) -> Fraction:
        plain = read_number(text)
        if plain is not None:
            return plain.value / 100 if plain.percent else plain.value
        if text not in self._ends:
            self._ends[text] = self._irrational(text)
        return self._ends[text]

    def _irrational(self, text: str) -> Fraction:
        """To 50 digits; one that was met in another form before is that one, if algebra says so."""
        from gristmill.verifiers.math import symbolic

        value = symbolic.real_value(text)
        if value is None:
            raise ValueError(text)
        for known, known_value in self._ends.items():
            if abs(value - known_value) <= _SAME_WITHIN * (1 + abs(value)):
                self.unsure |= symbolic.compare_expressions(known, text) is not Reason.EQUAL
                return known_value
        return value


def _united(parts: list[RealSet]) -> RealSet:
    return union(tuple(each for part in parts for each in part))


def _common(parts: list[RealSet]) -> RealSet:
    found = ALL_REALS
    for part in parts:
        found = intersection(found, part)
    return found


def _integers(of: RealSet, positive: bool) -> RealSet:
    """The integers in a bounded set."""
    if positive:
        of = intersection(of, interval(Fraction(1), INFINITY, True, False))
    found: list[Fraction] = []
    for each in of:
        if not isinstance(each.low, Fraction) or not isinstance(each.high, Fraction):
            raise ValueError("unbounded")
        if each.high - each.low > _MOST_INTEGERS:
            raise ValueError("too many")
        first, last = -(-each.low // 1), each.high // 1
        found += [Fraction(number) for number in range(first, last + 1) if each.has(Fraction(number))]
    return points(found)
