"""Estimate of the time left for a run: what is missing, over how fast it shrank in the last two minutes.

What is missing counts accepted responses: of every problem that is not given up, those that its quota still
lacks (`vanilla`: attempts). Problems whose quota is met would say less: breadth first, nearly all of them get
there at the end. A budget that ends sooner is taken into account.

Limits. It is a straight line through the recent past. The problems that are left at the end are hard ones,
so a run with a far quota takes longer than its first estimates say; they mend themselves as it goes. Where
quotas follow difficulty they move, and the estimate with them. A run that several processes work on is seen
from one of them.
"""

from collections import deque
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from gristmill.sampling.pipeline import Pipeline
from gristmill.sampling.policy import Budget, BudgetUnit, Policy
from gristmill.sampling.ports import DrawPlan
from gristmill.sampling.records import StopReason

_WINDOW_SECONDS = 120.0
_LEAST_SECONDS = 15.0
_LEAST_SHRUNK = 0.005
_LONGEST_SECONDS = 30 * 86_400.0


@runtime_checkable
class HasQuotas(Protocol):
    """A plan of problems with quotas: `gristmill.sampling.scheduler.Scheduler` is one."""

    policy: Policy

    @property
    def surplus(self) -> int: ...

    def quotas(self) -> dict[str, int | None]: ...


@dataclass(frozen=True, slots=True)
class Work:
    """How much is `wanted` in all and how much of it is `missing`, in accepted responses or attempts."""

    wanted: float
    missing: float

    @property
    def done_share(self) -> float:
        """From 0 to 1."""
        return 1.0 - self.missing / self.wanted if self.wanted else 1.0


def work_of(plan: DrawPlan) -> Work:
    """What a plan still lacks. A problem given up without its quota counts as done."""
    if not isinstance(plan, HasQuotas):
        return Work(1.0, 1.0 - plan.done_share)
    quotas = plan.quotas()
    stops = plan.totals.stops
    left = sum(count for reason, count in stops.items() if reason is not StopReason.QUOTA_MET)
    met = stops.get(StopReason.QUOTA_MET, 0)
    if not quotas or left + met >= len(quotas):
        return Work(float(len(quotas)), 0.0)
    if plan.policy.quota is None:
        wanted = float(len(quotas) * plan.policy.ceiling)
        return Work(wanted, min(wanted, max(0.0, wanted - plan.totals.attempts - plan.totals.lost)))
    wanted = float(sum(quota or 0 for quota in quotas.values()))
    given_up = left * wanted / len(quotas)
    missing = wanted - (plan.totals.accepted - plan.surplus) - given_up
    return Work(wanted, min(wanted, max(0.0, missing)))


class Estimate:
    """Linear extrapolation over a window of two minutes; one for each session."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, float]] = deque()

    def seconds_left(self, now: float, work: Work) -> float | None:
        """None until there is enough to say: 15 s in which half a percent of what is wanted came in."""
        self._seen.append((now, work.missing))
        while now - self._seen[0][0] > _WINDOW_SECONDS:
            self._seen.popleft()
        since, missing = self._seen[0]
        shrunk = missing - work.missing
        if work.missing <= 0:
            return 0.0
        if now - since < _LEAST_SECONDS or shrunk <= 0 or shrunk < _LEAST_SHRUNK * work.wanted:
            return None
        left = work.missing * (now - since) / shrunk
        return left if left <= _LONGEST_SECONDS else None


def budget_seconds_left(pipeline: Pipeline, since: float, now: float) -> float | None:
    """Until the run's budget is spent, at the pace of this session; None without one, or without a pace."""
    plan = pipeline.scheduler
    budget = plan.policy.budget if isinstance(plan, HasQuotas) else None
    if budget is None:
        return None
    if budget.unit is BudgetUnit.SECONDS:
        return max(0.0, budget.amount - pipeline.elapsed_seconds)
    seconds = now - since
    if seconds < _LEAST_SECONDS or not pipeline.attempts:
        return None
    return max(0.0, _draws_left(budget, plan)) * seconds / pipeline.attempts


def _draws_left(budget: Budget, plan: DrawPlan) -> float:
    totals = plan.totals
    if budget.unit is BudgetUnit.DRAWS:
        return budget.amount - totals.attempts - totals.lost
    return (budget.amount - totals.tokens) * totals.attempts / max(1, totals.tokens)


def in_words(seconds: float) -> str:
    """As coarse as it is uncertain: `40 s`, `12 min`, `3.5 h`, `2 days`."""
    if seconds < 90:
        return f"{max(5, 5 * round(seconds / 5))} s"
    if seconds < 90 * 60:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h" if seconds < 48 * 3600 else f"{seconds / 86_400:.0f} days"
