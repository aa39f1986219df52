"""Sampling policies: from tallies to the accepted responses wanted of each problem, and its most attempts.

Four policies. `vanilla`, `uniform` and `prop2diff` are those of DART-Math (arXiv 2407.13690): a fixed
number of trials, a fixed number of accepted responses, and accepted responses in proportion to difficulty.
`budgeted` is ours: the quotas of `uniform` or `prop2diff` when there is not enough to meet them all, each
draw spent where it adds most.

A policy is a frozen record; its functions are pure. The scheduler owns all state.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import ceil, sqrt

COVER_WEIGHT = 3.0
"""What covering a problem is worth under `budgeted`, in quotas met. Measured in `benchmarks/allocation.py`:
1 covers fewer problems than `uniform` does at a quarter of its draws, 4 meets fewer quotas for no more cover.
"""


class PolicyName(StrEnum):
    VANILLA = "vanilla"
    UNIFORM = "uniform"
    PROP2DIFF = "prop2diff"
    BUDGETED = "budgeted"


class BudgetUnit(StrEnum):
    """What a budget counts: draws, completion tokens, or seconds of drawing over all sessions of the run."""

    DRAWS = "draws"
    TOKENS = "tokens"
    SECONDS = "seconds"


@dataclass(frozen=True, slots=True)
class Budget:
    amount: float
    unit: BudgetUnit


@dataclass(frozen=True, slots=True)
class Policy:
    """What a run wants of its problems.

    `quota` is k: accepted responses for every problem (`uniform`) or for the hardest one (`prop2diff`).
    `ceiling` is the most attempts a problem may cost; for `vanilla` it is the number of trials, and there
    is no quota. `probe` attempts per problem come first under `prop2diff` where no fail rate is known.
    Under `budgeted`, `quotas` names whose quotas are met, and a problem whose pass rate sinks below
    `give_up_below` is left.
    """

    name: PolicyName
    quota: int | None
    ceiling: int
    probe: int = 0
    quotas: PolicyName = PolicyName.UNIFORM
    budget: Budget | None = None
    give_up_below: float = 0.0

    @property
    def by_difficulty(self) -> bool:
        """Whether quotas follow fail rates, so that they move as attempts come."""
        shape = self.quotas if self.name is PolicyName.BUDGETED else self.name
        return shape is PolicyName.PROP2DIFF


def prop2diff_quota(k: int, fail_rate: float, hardest: float) -> int:
    """`max(1, ceil(k * fail_rate / hardest))`: rounded up, so that every problem keeps at least one response.

    `hardest` is the greatest fail rate of the run, in (0, 1]; a fail rate above it counts as it.
    """
    if hardest <= 0.0:
        return 1
    exact = k * min(1.0, fail_rate / hardest)
    return max(1, ceil(exact - 1e-9))


def draws_wanted(remaining: int, pass_rate: float) -> int:
    """How many draws are expected to bring `remaining` accepted responses: `ceil(remaining / pass_rate)`."""
    return ceil(remaining / max(pass_rate, 1e-9))


def fulfilment(accepted: float, quota: int | None, attempts: int, ceiling: int) -> float:
    """How far a problem has come, from 0 to 1 or more: by its quota, or by its ceiling where that is nearer.

    The share of the quota alone would send every draw to the problems that are never solved, whose share
    stays 0.
    """
    by_ceiling = attempts / ceiling
    return by_ceiling if quota is None else max(accepted / quota, by_ceiling)


def marginal_gain(pass_rate: float, accepted: int, in_flight: int, quota: int) -> float:
    """What one more draw of a problem is expected to add under `budgeted`.

    An accepted response adds its share of the quota; the first one adds the problem to those covered, which
    weighs `COVER_WEIGHT` whole quotas. What is in flight counts at the posterior pass rate plus two standard
    deviations, so that a problem close to its quota does not run past it.
    """
    expected = in_flight * pass_rate
    if accepted + expected + 2.0 * sqrt(expected * (1.0 - pass_rate)) >= quota:
        return 0.0
    first = 0.0 if accepted > 0 else COVER_WEIGHT * (1.0 - pass_rate) ** in_flight
    return float(pass_rate * (1.0 / quota + first))
