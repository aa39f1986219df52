"""Bounds on metrics that a recipe sets, parsed from `words>=20` or `toxicity < 0.5`."""

import math
import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from gristmill.verifiers.metrics import METRICS, metric


class Comparison(StrEnum):
    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="


@dataclass(frozen=True, slots=True)
class Bound:
    """What a metric of a text must be; `value` is finite."""

    name: str
    operator: Comparison
    value: float

    def __str__(self) -> str:
        """What `read_bound` reads."""
        return f"{self.name}{self.operator}{_number(self.value)}"


_HOLDS: dict[Comparison, Callable[[float, float], bool]] = {
    Comparison.LESS: operator.lt,
    Comparison.AT_MOST: operator.le,
    Comparison.MORE: operator.gt,
    Comparison.AT_LEAST: operator.ge,
}
_FEWEST_ROUNDED = 1e15
_FORM = re.compile(r"\s*([a-z][a-z0-9-]*)\s*([<>]=?)\s*([-+.0-9e]{1,40})\s*")


@lru_cache(maxsize=256)
def read_bound(text: str) -> Bound:
    """ValueError for what is no bound, or names no known metric; the message has the names of those."""
    found = _FORM.fullmatch(text)
    if found is None:
        raise ValueError(f"{text[:80]!r} is no bound; one is written as words>=20, with <, <=, > or >=")
    name, comparison, digits = found.groups()
    if name not in METRICS:
        raise ValueError(f"{name[:80]!r} is no metric; known are {', '.join(METRICS)}")
    try:
        value = float(digits)
    except ValueError as exc:
        raise ValueError(f"{digits!r} in {text[:80]!r} is no number") from exc
    if not math.isfinite(value):
        raise ValueError(f"{digits!r} in {text[:80]!r} is no finite number")
    return Bound(name, Comparison(comparison), value)


def broken(bounds: Sequence[Bound], text: str) -> str | None:
    """The first bound that the text breaks, as evidence: `words 12, wanted >= 20`; None where it keeps all.

    ConfigError where a metric needs a package that is missing.
    """
    for bound in bounds:
        measured = metric(bound.name, text)
        if not _HOLDS[bound.operator](measured, bound.value):
            return f"{bound.name} {_number(measured)}, wanted {bound.operator} {_number(bound.value)}"
    return None


def _number(value: float) -> str:
    """Exact: a bound that is missed by a hair must not be printed as if it were met."""
    exact = float(value)
    return str(int(exact)) if exact.is_integer() and abs(exact) < _FEWEST_ROUNDED else repr(exact)
