"""One problem as a run sees it, and the rules that say what it still needs.

A `Case` holds counts; a `Plan` holds what was learnt from all problems together. The rules are pure
functions of case, policy and plan; the scheduler calls them whenever a count changes.
"""

from dataclasses import dataclass, field

from gristmill.sampling.difficulty import Prior
from gristmill.sampling.policy import (
    BudgetUnit,
    Policy,
    PolicyName,
    draws_wanted,
    fulfilment,
    marginal_gain,
    prop2diff_quota,
)
from gristmill.sampling.records import Progress, StopReason

MOST_FAILURES = 5
"""Failures in a row, while other problems get responses, after which a problem is left."""


_LAST = 1e12
"""Beyond every urgency."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What all problems together tell: prior of the pass rates, greatest fail rate, tokens per attempt."""

    prior: Prior = field(default_factory=Prior)
    hardest: float = 1.0
    mean_tokens: float = 1.0


@dataclass(slots=True)
class Case:
    """Counts of one problem. `free` is a heap of numbers to draw before `next_number`; `stamp` dates its
    entry in the scheduler's heap; `failed_at` is the session's count of responses at the last failure;
    `told` is what the store was last told of stop and quota. A case that is not `held` is another worker's.
    """

    id: str
    position: int
    fail_rate: float | None
    next_number: int
    free: list[int]
    accepted: int = 0
    rejected: int = 0
    undecided: int = 0
    tokens: int = 0
    in_flight: int = 0
    quota: int | None = None
    stop: StopReason | None = None
    stamp: int = 0
    failures: int = 0
    failed_at: int = -1
    refused: bool = False
    told: tuple[StopReason | None, int | None] | None = None
    held: bool = True

    @property
    def attempts(self) -> int:
        return self.accepted + self.rejected + self.undecided

    @property
    def decided(self) -> int:
        return self.accepted + self.rejected


@dataclass(slots=True)
class Totals:
    """Counts over all problems of the run, over all its sessions. `tokens` are completion tokens."""

    accepted: int = 0
    rejected: int = 0
    undecided: int = 0
    tokens: int = 0
    stops: dict[StopReason, int] = field(default_factory=dict)

    @property
    def attempts(self) -> int:
        return self.accepted + self.rejected + self.undecided

    def add(self, case: Case, sign: int = 1) -> None:
        """Counts what a case has, or with -1 no more."""
        self.accepted += sign * case.accepted
        self.rejected += sign * case.rejected
        self.undecided += sign * case.undecided
        self.tokens += sign * case.tokens


def spoken_for(unit: BudgetUnit, totals: Totals, in_flight: int, expected_tokens: float) -> float:
    """What attempts have cost and draws in flight will, in draws or tokens."""
    if unit is BudgetUnit.DRAWS:
        return totals.attempts + in_flight
    per_draw = totals.tokens / totals.attempts if totals.attempts else expected_tokens
    return totals.tokens + in_flight * per_draw


def case_from(position: int, problem_id: str, progress: Progress) -> Case:
    """The case of a problem of which the store knows `progress`."""
    tally = progress.tally
    return Case(
        id=problem_id,
        position=position,
        fail_rate=progress.fail_rate,
        next_number=progress.next_number,
        free=sorted(progress.gaps),
        accepted=tally.accepted,
        rejected=tally.rejected,
        undecided=tally.undecided,
        tokens=tally.tokens,
    )


def probing(case: Case, policy: Policy) -> bool:
    """Whether a problem's first attempts are still finding out how hard it is."""
    unknown = policy.by_difficulty and case.fail_rate is None
    return unknown and case.attempts < min(policy.probe, policy.ceiling)


def pass_rate(case: Case, plan: Plan) -> float:
    return plan.prior.pass_rate(case.accepted, case.decided)


def fail_rate(case: Case, plan: Plan) -> float:
    """The known fail rate, else the posterior mean."""
    return 1.0 - pass_rate(case, plan) if case.fail_rate is None else case.fail_rate


def quota_of(case: Case, policy: Policy, plan: Plan) -> int | None:
    if policy.quota is None or not policy.by_difficulty:
        return policy.quota
    return prop2diff_quota(policy.quota, fail_rate(case, plan), plan.hardest)


def stop_reason(case: Case, policy: Policy, plan: Plan) -> StopReason | None:
    """Why a problem should get no more draws; None while it should. The quota of the case is taken as it
    stands.
    """
    if case.quota is not None and case.accepted >= case.quota and not probing(case, policy):
        return StopReason.QUOTA_MET
    if case.attempts >= policy.ceiling:
        return StopReason.CEILING_REACHED
    if case.refused or case.failures >= MOST_FAILURES:
        return StopReason.FAILED
    if policy.name is PolicyName.BUDGETED and pass_rate(case, plan) < policy.give_up_below:
        return StopReason.GIVEN_UP
    return None


def draws_now(case: Case, policy: Policy, plan: Plan) -> int:
    """How many further draws of a problem may go out now, beside those in flight; 0 or less: none.

    Before its first response a problem has one draw out, or as many as cannot be too many (see `queue_key`).
    """
    room = policy.ceiling - case.attempts - case.in_flight if case.held else 0
    if case.attempts == 0 and case.in_flight > 0:
        room = min(room, _surely_wanted(case, policy))
    if probing(case, policy):
        return min(room, policy.probe - case.attempts - case.in_flight)
    if case.quota is None:
        return room
    wanted = draws_wanted(case.quota - case.accepted, pass_rate(case, plan))
    return min(room, wanted - case.in_flight)


def sure_draws(case: Case, policy: Policy, plan: Plan) -> int:
    """How many further draws of a problem that has responses cannot bring more accepted ones than wanted."""
    if case.stop is not None or case.attempts == 0:
        return 0
    return min(draws_now(case, policy, plan), _surely_wanted(case, policy))


def _surely_wanted(case: Case, policy: Policy) -> int:
    """Under a budget none of a problem that is not covered yet: covering others is worth more."""
    if case.quota is None or probing(case, policy):
        return policy.ceiling
    if policy.name is PolicyName.BUDGETED and case.accepted == 0:
        return 0
    return case.quota - case.accepted - case.in_flight


def queue_key(case: Case, policy: Policy, plan: Plan) -> float:
    """Where a problem stands in the queue: the smallest key is drawn next. Probes come before all else, and
    what waits for its first response after all else: a prompt may be refused, but no slot is to be idle.
    """
    key = _urgency(case, policy, plan)
    return key + _LAST if case.attempts == 0 and case.in_flight > 0 else key


def _urgency(case: Case, policy: Policy, plan: Plan) -> float:
    out = case.attempts + case.in_flight
    if probing(case, policy):
        return out / policy.probe - 1e9
    rate = pass_rate(case, plan)
    if policy.name is PolicyName.BUDGETED and case.quota is not None:
        tokens = (case.tokens + plan.mean_tokens) / (case.attempts + 1)
        return -marginal_gain(rate, case.accepted, case.in_flight, case.quota) / tokens
    return fulfilment(case.accepted + case.in_flight * rate, case.quota, out, policy.ceiling)
