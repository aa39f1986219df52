"""Known names that resemble a mistyped one, for "is it ...?" in messages."""

from collections.abc import Iterable
from difflib import get_close_matches

_COMPARED = 300
"""Characters: the comparison takes time quadratic in them."""


def near_names(name: str, known: Iterable[str], most: int = 1, likeness: float = 0.6) -> list[str]:
    """At most so many of `known`, the nearest first, compared without case; `likeness` is difflib's ratio."""
    by_key: dict[str, list[str]] = {}
    for each in known:
        by_key.setdefault(each[:_COMPARED].casefold(), []).append(each)
    near = get_close_matches(name[:_COMPARED].casefold(), by_key, n=most, cutoff=likeness)
    return [each for key in near for each in by_key[key]][:most]
