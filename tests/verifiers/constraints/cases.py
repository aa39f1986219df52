"""Cases of a constraint: hand-worked, and never computed from what they check.

Those that hold and those that fail stand together, kind by kind; among them are texts at the edge, and what a
model, or an enemy, writes to get by.
"""

from collections.abc import Mapping
from typing import NamedTuple


class Case(NamedTuple):
    kind: str
    args: Mapping[str, object]
    holds: bool
    text: str


def holds(kind: str, text: str, **args: object) -> Case:
    return Case(kind, args, True, text)


def fails(kind: str, text: str, **args: object) -> Case:
    return Case(kind, args, False, text)
