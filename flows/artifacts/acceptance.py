"""Statistical test for a drop of acceptance between earlier runs and this one, on counts by level.

Compared is the first attempt on each problem alone (number 0), so that policies play no part: one that draws
more for hard problems lowers the rate of a run as it goes, and says nothing of the model. Levels are strata:
within each, this run's accepted ones are held against what earlier runs make likely, and the differences are
added up (Cochran 1954; Mantel and Haenszel 1959, without the correction for continuity). With one level it is
the test of two proportions.

An alarm may pause a deployment, so it wants both: a difference that is no chance, and one that matters.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf, sqrt

from gristmill.db.reports.recent_runs import Counts

FEWEST_DECIDED = 200
"""First attempts that were decided, on each side: with fewer nothing is said."""

WORST_Z = -3.0
WORST_RATIO = 0.8


@dataclass(frozen=True, slots=True)
class Comparison:
    """Rates from 0 to 1 over the levels that both sides have; `expected` is that of the earlier runs at this
    run's mix of levels. `z` is in standard deviations, below 0 where this run accepts less.
    """

    decided: int
    rate: float
    expected: float
    z: float

    @property
    def ratio(self) -> float:
        """1 where nothing was expected."""
        return self.rate / self.expected if self.expected else 1.0

    @property
    def dropped(self) -> bool:
        return self.z <= WORST_Z and self.ratio < WORST_RATIO


def compare_acceptance(current: Mapping[str, Counts], earlier: Mapping[str, Counts]) -> Comparison | None:
    """Counts are by level. None where too little was decided in the levels that both have."""
    pairs = [(current[level], earlier[level]) for level in current.keys() & earlier.keys()]
    pairs = [(now, before) for now, before in pairs if now.decided and before.decided]
    decided = sum(now.decided for now, _ in pairs)
    if min(decided, sum(before.decided for _, before in pairs)) < FEWEST_DECIDED:
        return None
    accepted = sum(now.accepted for now, _ in pairs)
    expected = sum(now.decided * before.accepted / before.decided for now, before in pairs)
    return Comparison(decided, accepted / decided, expected / decided, _z(pairs))


def _z(pairs: list[tuple[Counts, Counts]]) -> float:
    difference = variance = 0.0
    for now, before in pairs:
        both = now.decided + before.decided
        pooled = (now.accepted + before.accepted) / both
        difference += now.accepted - now.decided * pooled
        variance += now.decided * before.decided / both * pooled * (1.0 - pooled)
    if variance == 0.0:
        return 0.0 if difference == 0.0 else -inf if difference < 0.0 else inf
    return difference / sqrt(variance)
