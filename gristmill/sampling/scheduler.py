"""Scheduler of the draws of a run: a priority queue over problems, without batches, rounds or barriers.

It holds the state of each problem and a heap of those that may be drawn, the least fulfilled on top
(`budgeted`: the greatest gain per token). It counts what is in flight: a problem never has more draws out
than are expected to bring what it still lacks. Now and then, and whenever it runs dry, it plans anew: fits
the prior, moves quotas that follow difficulty, and sorts again. All it does follows from the calls it gets,
in order.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from heapq import heappop, heappush

from gristmill.sampling.difficulty import fitted_prior
from gristmill.sampling.policy import BudgetUnit, Policy, PolicyName
from gristmill.sampling.problem_state import (
    Estimates,
    ProblemState,
    Totals,
    committed,
    draws_now,
    fail_rate,
    probing,
    problem_state,
    queue_key,
    quota_of,
    stop_reason,
    sure_draws,
)
from gristmill.sampling.records import Draw, Outcome, Progress, Stop, StopReason, draw_seed

_PLAN_GROWTH = 1.25
_FIRST_PLAN = 64
FEW_OPEN = 4


class Scheduler:
    """Decides the draws of one run. Not thread-safe; call it from one event loop."""

    _holds_all = True

    def __init__(
        self,
        problem_ids: Iterable[str],
        policy: Policy,
        run_seed: int,
        progress: Mapping[str, Progress] | None = None,
        *,
        expected_tokens: float = 1.0,
        together: int = 1,
    ) -> None:
        """`progress` is what the store knows of a run that goes on; a problem not in it starts at zero.

        `expected_tokens` is what a draw is taken to cost, for a budget in tokens, until there are attempts.
        `together` draws of a problem go out one after the other, where none of them can be one too many: a
        server that has just read a prompt need not read it again.
        """
        self.policy = policy
        self.totals = Totals()
        self.in_flight = self._responses = 0
        self.expects_more = not self._holds_all
        self._run_seed = run_seed
        self._estimates = Estimates()
        self._heap: list[tuple[float, int, int]] = []
        self._new_stops: dict[str, Stop] = {}
        known = {} if progress is None else progress
        self._states = [problem_state(i, p, known.get(p, Progress())) for i, p in enumerate(problem_ids)]
        self._by_id = {state.id: state for state in self._states}
        self._open = len(self._states)
        for state in self._states:
            state.held = self._holds_all
            self.totals.add(state)
        self._expected_tokens = expected_tokens
        self._together = together
        self._last: ProblemState | None = None
        self._more_of_last = 0
        self._replan()
        for state in self._states:
            if state.attempts:
                self._report(state)  # a session that was killed may have left the store with other stops

    def next_draw(self, elapsed_seconds: float = 0.0) -> Draw | None:
        """The draw to order now, or None while nothing is to be drawn.

        None with nothing in flight means that the run is over; None otherwise: ask again after a completion.
        `elapsed_seconds` is the drawing time of the whole run, all sessions, for budgets in seconds.
        """
        if self.budget_spent(elapsed_seconds):
            return None
        if (draw := self._pop()) is None and not self.in_flight and self._planned_at != self.totals.attempts:
            self._replan()
            return self._pop()
        return draw

    def nothing_to_draw(self, elapsed_seconds: float = 0.0) -> bool:
        """Whether the run misses nothing, before a session's first draw."""
        return not self._heap or self.budget_spent(elapsed_seconds)

    def complete(self, draw: Draw, outcome: Outcome, tokens: int) -> None:
        """Takes the verdict on a draw that is in flight."""
        state = self._landed(draw)
        for counts in (state, self.totals):
            counts.tokens += tokens
            setattr(counts, outcome.value, getattr(counts, outcome.value) + 1)
        self._responses += 1
        state.failures = state.lost_in_a_row = 0
        if self.totals.attempts >= self._next_plan:
            self._replan()
        else:
            self._settle(state)
            self._push(state)

    def fail(self, draw: Draw, *, refused: bool = False, lost: bool = False) -> bool:
        """Takes back a draw that brought no response; its number will be drawn again, unless it was refused:
        a problem is left as `failed` then, or when it fails five times while others get responses here, or
        hardly any others are open. One that is `lost` counts against the ceiling.
        """
        state = self._landed(draw)
        state.refused = state.refused or refused
        if lost:
            state.lost, state.lost_in_a_row = state.lost + 1, state.lost_in_a_row + 1
            self.totals.lost += 1
        else:
            heappush(state.free, draw.number)
            if state.failed_at != self._responses or self._few_open():
                state.failures += 1
                state.failed_at = self._responses
        self._settle(state)
        self._push(state)
        return not lost or state.attempts > 0

    def drain_stops(self) -> list[Stop]:
        """The problems that came to a stop, or were opened again, since the last call."""
        stops = list(self._new_stops.values())
        self._new_stops.clear()
        return stops

    def close(self, *, finished: bool) -> None:
        """Tells stop and quota of what is at a stop when a session ends. The quota of what is open changes
        nothing yet. In a run that is over, what is still open is what the budget did not reach.
        """
        for state in self._states:
            if finished and state.stop is None:
                self._stop(state, StopReason.BUDGET_SPENT)
            if state.stop is not None:
                self._report(state)

    def budget_spent(self, elapsed_seconds: float) -> bool:
        """Whether the budget is spent or committed to what is in flight; never where there is none."""
        budget = self.policy.budget
        if budget is None:
            return False
        spent = committed(budget.unit, self.totals, self.in_flight, self._expected_tokens)
        return (elapsed_seconds if budget.unit is BudgetUnit.SECONDS else spent) >= budget.amount

    @property
    def done_share(self) -> float:
        """The share of problems that get no more draws, from 0 to 1."""
        return sum(self.totals.stops.values()) / len(self._states) if self._states else 1.0

    @property
    def surplus(self) -> int:
        """Accepted responses beyond the quotas."""
        return sum(max(0, state.accepted - state.quota) for state in self._states if state.quota is not None)

    def quotas(self) -> dict[str, int | None]:
        """The quota of every problem as it stands, in the order of the run."""
        return {state.id: state.quota for state in self._states}

    def _few_open(self) -> bool:
        return self._open <= FEW_OPEN

    def _landed(self, draw: Draw) -> ProblemState:
        state = self._by_id[draw.problem_id]
        state.in_flight -= 1
        self.in_flight -= 1
        return state

    def _pop(self) -> Draw | None:
        last = self._last
        if last is not None and self._more_of_last > 0:
            sure = sure_draws(last, self.policy, self._estimates) > 0
            self._more_of_last = self._more_of_last - 1 if sure else 0
            if sure:
                return self._issue(last)
        while self._heap:
            _, position, stamp = heappop(self._heap)
            state = self._states[position]
            if state.stamp == stamp:
                self._last, self._more_of_last = state, self._together - 1
                return self._issue(state)
        return None

    def _issue(self, state: ProblemState) -> Draw:
        if state.free:
            number = heappop(state.free)
        else:
            number, state.next_number = state.next_number, state.next_number + 1
        state.in_flight += 1
        self.in_flight += 1
        self._push(state)
        return Draw(state.id, number, draw_seed(self._run_seed, state.id, number))

    def _push(self, state: ProblemState) -> None:
        """Puts a problem where it now belongs in the queue; its older entries go stale by their stamp."""
        state.stamp += 1
        if state.stop is None and draws_now(state, self.policy, self._estimates) > 0:
            key = queue_key(state, self.policy, self._estimates)
            heappush(self._heap, (key, state.position, state.stamp))

    def _replan(self) -> None:
        """Fits the prior, moves the quotas, and sorts every problem anew. A pure function of the tallies."""
        attempts = self.totals.attempts
        self._planned_at = attempts
        self._next_plan = max(_FIRST_PLAN, int(attempts * _PLAN_GROWTH) + 1)
        known = Estimates(mean_tokens=max(1.0, self.totals.tokens / attempts) if attempts else 1.0)
        if self.policy.name is not PolicyName.VANILLA:
            prior = fitted_prior((state.accepted, state.decided) for state in self._states)
            known = replace(known, prior=prior)
        if self.policy.by_difficulty:
            hardest = max((fail_rate(state, known) for state in self._states), default=1.0)
            known = replace(known, hardest=hardest)
        self._estimates = known
        self._heap = []
        for state in self._states:
            self._settle(state)
            self._push(state)

    def _settle(self, state: ProblemState) -> None:
        """Sets a problem's quota and whether it is at a stop."""
        if not probing(state, self.policy):
            state.quota = quota_of(state, self.policy, self._estimates)
        self._stop(state, stop_reason(state, self.policy, self._estimates))

    def _stop(self, state: ProblemState, reason: StopReason | None) -> None:
        """Brings a problem to a stop, or opens it again (None)."""
        if state.stop is reason:
            return
        for stop, step in ((state.stop, -1), (reason, 1)):
            if stop is None:
                self._open += step
            else:
                self.totals.stops[stop] = self.totals.stops.get(stop, 0) + step
        state.stop = reason
        self._report(state)

    def _report(self, state: ProblemState) -> None:
        """Queues stop and quota of a problem for the store, unless it was reported before or is not ours."""
        if state.held and state.reported != (state.stop, state.quota):
            state.reported = (state.stop, state.quota)
            self._new_stops[state.id] = Stop(state.id, state.stop, state.quota, self.policy.ceiling)
