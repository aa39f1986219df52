"""What a case of a constraint is: hand-worked, and never computed from what it checks."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Sort(StrEnum):
    """`ADVERSARIAL`: what a model, or an enemy, writes to get by, or what trips a careless check."""

    PASSES = "passes"
    FAILS = "fails"
    EDGE = "edge"
    ADVERSARIAL = "adversarial"


@dataclass(frozen=True, slots=True)
class Case:
    kind: str
    args: Mapping[str, object]
    sort: Sort
    holds: bool
    text: str


def met(kind: str, text: str, **args: object) -> Case:
    return Case(kind, args, Sort.PASSES, True, text)


def broken(kind: str, text: str, **args: object) -> Case:
    return Case(kind, args, Sort.FAILS, False, text)


def edge(kind: str, holds: bool, text: str, **args: object) -> Case:
    return Case(kind, args, Sort.EDGE, holds, text)


def adversarial(kind: str, holds: bool, text: str, **args: object) -> Case:
    return Case(kind, args, Sort.ADVERSARIAL, holds, text)
