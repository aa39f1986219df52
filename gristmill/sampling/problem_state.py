"""Counts of one problem in a run, and the pure functions that say from them what it still needs.

A `ProblemState` holds the counts, `Estimates` what all problems together tell (prior of the pass rates,
hardest problem, tokens per attempt). The scheduler calls the functions whenever a count changes.
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

MOST_LOST = 20
"""Lost draws in a row after which a problem is left: with a quarter of all draws lost, that never comes."""

_LAST = 1e12
"""Beyond every urgency."""


@dataclass(frozen=True, slots=True)
class Estimates:
    """Estimates from all problems: prior of the pass rates, greatest fail rate, tokens per attempt."""

    prior: Prior = field(default_factory=Prior)
    hardest: float = 1.0
    mean_tokens: float = 1.0


@dataclass(slots=True)
class ProblemState:
    """Counts of one problem. `lost` draws are given up: their replies cannot be read. `free` is a heap of
    numbers to draw before `next_number`; `stamp` dates its entry in the scheduler's heap; `failed_at` is the
    session's count of responses at the last failure; `reported` is what the store was last given of stop and
    quota. One that is not `held` is another worker's.
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
    lost: int = 0
    in_flight: int = 0
    quota: int | None = None
    stop: StopReason | None = None
    stamp: int = 0
    failures: int = 0
    failed_at: int = -1
    lost_in_a_row: int = 0
    refused: bool = False
    reported: tuple[StopReason | None, int | None] | None = None
    held: bool = True

    @property
    def attempts(self) -> int:
        return self.accepted + self.rejected + self.undecided

    @property
    def drawn(self) -> int:
        """What counts against the ceiling."""
        return self.attempts + self.lost

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
    lost: int = 0
    stops: dict[StopReason, int] = field(default_factory=dict)

    @property
    def attempts(self) -> int:
        return self.accepted + self.rejected + self.undecided

    def add(self, state: ProblemState, sign: int = 1) -> None:
        """Adds the counts of a problem, or with -1 takes them off."""
        self.accepted += sign * state.accepted
        self.rejected += sign * state.rejected
        self.undecided += sign * state.undecided
        self.tokens += sign * state.tokens
        self.lost += sign * state.lost


def committed(unit: BudgetUnit, totals: Totals, in_flight: int, expected_tokens: float) -> float:
    """Cost of the draws so far and, as expected, of those in flight: in draws, or in tokens."""
    if unit is BudgetUnit.DRAWS:
        return totals.attempts + totals.lost + in_flight
    per_draw = totals.tokens / totals.attempts if totals.attempts else expected_tokens
    return totals.tokens + in_flight * per_draw


def problem_state(position: int, problem_id: str, progress: Progress) -> ProblemState:
    """The state of a problem from its `progress` in the store."""
    tally = progress.tally
    return ProblemState(
        id=problem_id,
        position=position,
        fail_rate=progress.fail_rate,
        next_number=progress.next_number,
        free=sorted(progress.gaps),
        accepted=tally.accepted,
        rejected=tally.rejected,
        undecided=tally.undecided,
        tokens=tally.tokens,
        lost=progress.lost,
    )


def probing(state: ProblemState, policy: Policy) -> bool:
    """Whether a problem's first draws are still finding out how hard it is."""
    unknown = policy.by_difficulty and state.fail_rate is None
    return unknown and state.drawn < min(policy.probe, policy.ceiling)


def pass_rate(state: ProblemState, estimates: Estimates) -> float:
    return estimates.prior.pass_rate(state.accepted, state.decided)


def fail_rate(state: ProblemState, estimates: Estimates) -> float:
    """The known fail rate, else the posterior mean."""
    return 1.0 - pass_rate(state, estimates) if state.fail_rate is None else state.fail_rate


def quota_of(state: ProblemState, policy: Policy, estimates: Estimates) -> int | None:
    if policy.quota is None or not policy.by_difficulty:
        return policy.quota
    return prop2diff_quota(policy.quota, fail_rate(state, estimates), estimates.hardest)


def stop_reason(state: ProblemState, policy: Policy, estimates: Estimates) -> StopReason | None:
    """Why a problem should get no more draws; None while it should. The quota of the state is taken as it
    stands.
    """
    if state.quota is not None and state.accepted >= state.quota and not probing(state, policy):
        return StopReason.QUOTA_MET
    if state.drawn >= policy.ceiling:
        return StopReason.CEILING_REACHED if state.attempts else StopReason.FAILED
    if state.refused or state.failures >= MOST_FAILURES or state.lost_in_a_row >= MOST_LOST:
        return StopReason.FAILED
    if policy.name is PolicyName.BUDGETED and pass_rate(state, estimates) < policy.give_up_below:
        return StopReason.GIVEN_UP
    return None


def draws_now(state: ProblemState, policy: Policy, estimates: Estimates) -> int:
    """How many further draws of a problem may go out now, beside those in flight; 0 or less: none.

    Before its first response a problem has one draw out, or as many as cannot be too many (see `queue_key`).
    """
    room = policy.ceiling - state.drawn - state.in_flight if state.held else 0
    if state.attempts == 0 and state.in_flight > 0:
        room = min(room, _surely_wanted(state, policy))
    if probing(state, policy):
        return min(room, policy.probe - state.drawn - state.in_flight)
    if state.quota is None:
        return room
    wanted = draws_wanted(state.quota - state.accepted, pass_rate(state, estimates))
    return min(room, wanted - state.in_flight)


def sure_draws(state: ProblemState, policy: Policy, estimates: Estimates) -> int:
    """How many further draws of a problem that has responses cannot bring more accepted ones than wanted."""
    if state.stop is not None or state.attempts == 0:
        return 0
    return min(draws_now(state, policy, estimates), _surely_wanted(state, policy))


def _surely_wanted(state: ProblemState, policy: Policy) -> int:
    """Under a budget none of a problem that is not covered yet: covering others is worth more."""
    if state.quota is None or probing(state, policy):
        return policy.ceiling
    if policy.name is PolicyName.BUDGETED and state.accepted == 0:
        return 0
    return state.quota - state.accepted - state.in_flight


def queue_key(state: ProblemState, policy: Policy, estimates: Estimates) -> float:
    """Where a problem stands in the queue: the smallest key is drawn next. Probes come before all else, and
    what waits for its first response after all else: a prompt may be refused, but no slot is to be idle.
    """
    key = _place_in_queue(state, policy, estimates)
    return key + _LAST if state.attempts == 0 and state.in_flight > 0 else key


def _place_in_queue(state: ProblemState, policy: Policy, estimates: Estimates) -> float:
    out = state.drawn + state.in_flight
    if probing(state, policy):
        return out / policy.probe - 1e9
    rate = pass_rate(state, estimates)
    if policy.name is PolicyName.BUDGETED and state.quota is not None:
        tokens = (state.tokens + estimates.mean_tokens) / (state.attempts + 1)
        return -marginal_gain(rate, state.accepted, state.in_flight, state.quota) / tokens
    return fulfilment(state.accepted + state.in_flight * rate, state.quota, out, policy.ceiling)
