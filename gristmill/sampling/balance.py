"""Down-sampling to a target mix of kinds: the largest set that the mix allows, and never a row twice.

That size is the smallest of (rows of a kind) / (share of the kind). Its rows are shared out by largest
remainder, so that each kind is less than one row from its share. Which rows of a kind are kept is settled by
a hash of the seed and the row's id: an order that no Python version changes, and in which rows keep their
places when others are added.

Source: the balancing of instructions by task type in the data-augmentation models' successor, EasyDistill
(arXiv 2412.04871); it also repeats rows to fill a kind up, which is left out here: a row counted twice is
no new row.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import floor, isfinite
from typing import TypeVar

from gristmill.sampling.errors import ConfigError
from gristmill.text.hash_random import hash_bytes

T = TypeVar("T")


def balanced(
    items: Sequence[T],
    kind_of: Callable[[T], str],
    shares: Mapping[str, float],
    seed: int,
    id_of: Callable[[T], str] | None = None,
) -> list[T]:
    """A part of the items, in their order, that has the mix of `shares`, which need not add up to 1.

    Items of a kind that has no share are left out. Without `id_of` an item is told by its position. Raises
    ConfigError for shares that make no mix, and for a kind with a share and no item.
    """
    mix = _mix(shares)
    kinds = [kind_of(item) for item in items]
    left = _counts(mix, Counter(kinds))
    ids = [str(number) if id_of is None else id_of(item) for number, item in enumerate(items)]
    chosen = []
    for number in sorted(range(len(items)), key=lambda number: (hash_bytes(seed, ids[number]), number)):
        if left.get(kinds[number], 0):
            left[kinds[number]] -= 1
            chosen.append(number)
    return [items[number] for number in sorted(chosen)]


def _mix(shares: Mapping[str, float]) -> dict[str, Fraction]:
    """The positive shares as fractions of 1, as they are written: 0.1 is a tenth and not a bit more."""
    for kind, share in shares.items():
        if not isfinite(share) or share < 0:
            raise ConfigError(f"shares: {kind!r} has {share}; give a finite number of 0 or more")
    exact = {kind: Fraction(repr(float(share))) for kind, share in shares.items() if share > 0}
    if not exact:
        raise ConfigError("shares: no kind has a share above 0")
    total = sum(exact.values())
    return {kind: share / total for kind, share in exact.items()}


def _counts(mix: Mapping[str, Fraction], there: Mapping[str, int]) -> dict[str, int]:
    """How many rows of each kind to keep, by largest remainder; the first of `mix` wins a tie."""
    if missing := [kind for kind in mix if not there.get(kind)]:
        lacking, known = (", ".join(map(repr, sorted(kinds))) or "none" for kinds in (missing, there))
        raise ConfigError(f"shares: no item is of the kind {lacking}; there are: {known}")
    size = min(floor(there[kind] / share) for kind, share in mix.items())
    counts = {kind: floor(size * share) for kind, share in mix.items()}
    by_remainder = sorted(mix, key=lambda kind: counts[kind] - size * mix[kind])
    for kind in by_remainder[: size - sum(counts.values())]:
        counts[kind] += 1
    return counts
