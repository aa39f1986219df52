"""Scheduler of one worker among several: draws for the problems that it leases, plans by those of all.

What others hold counts where all problems together tell something: in the prior of the pass rates and in the
quotas that follow difficulty. Their counts are as old as the last `refresh`; those of a problem are read anew
when it is taken, so that no number is drawn twice.
"""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import islice
from operator import attrgetter

from gristmill.sampling.problem_state import ProblemState
from gristmill.sampling.records import Draw, Progress, Stop
from gristmill.sampling.scheduler import FEW_OPEN, Scheduler


class SharedScheduler(Scheduler):
    """Holds nothing at first. While `expects_more` its pipeline waits for what may still be taken."""

    _holds_all = False
    draws_alone = False
    """Whether no other worker draws; it is for the keeper of its leases to say so."""

    @cached_property
    def ran_dry(self) -> asyncio.Event:
        """Set when there is no draw, and none in flight."""
        return asyncio.Event()

    @cached_property
    def _held(self) -> dict[str, ProblemState]:
        return {}

    @cached_property
    def _leaving(self) -> dict[str, ProblemState]:
        """Let go, and not given out yet."""
        return {}

    def next_draw(self, elapsed_seconds: float = 0.0) -> Draw | None:
        """As that of `Scheduler`; `ran_dry` is set where there is none and none in flight."""
        draw = super().next_draw(elapsed_seconds)
        if draw is None and self.in_flight == 0:
            self.ran_dry.set()
        return draw

    def take(self, progress: Mapping[str, Progress]) -> None:
        """Holds these problems from now on, at what the store knows of them: nothing of them is in flight."""
        for problem_id, known in progress.items():
            state = self._by_id[problem_id]
            self._bring_up_to_date(state, known)
            state.held, state.refused, state.failures, state.lost_in_a_row = True, False, 0, 0
            self._held[problem_id] = state
            self._settle(state)
            state.reported = (None, state.quota)  # it was open when it was leased
            self._report(state)
            self._push(state)

    def let_go(self, problem_ids: Iterable[str]) -> None:
        """Draws no more for these; what is in flight may land, and `landed` then gives them out."""
        for problem_id in problem_ids:
            state = self._leaving[problem_id] = self._held.pop(problem_id)
            state.held = False
            self._push(state)

    def landed(self) -> list[str]:
        """Problems that were let go and have nothing in flight any more: to be given back, and told once."""
        ready = [state.id for state in self._leaving.values() if state.in_flight == 0]
        for problem_id in ready:
            del self._leaving[problem_id]
        return ready

    def refresh(self, progress: Mapping[str, Progress]) -> None:
        """What others have come to; what is held here, or has draws in flight, stays as it is. Plans anew."""
        for problem_id, known in progress.items():
            state = self._by_id[problem_id]
            if not (state.held or state.in_flight):
                self._bring_up_to_date(state, known)
        self._replan()

    def stopped(self) -> list[str]:
        """Held problems that get no more draws, and have none in flight that might open them again."""
        return [state.id for state in self._held.values() if state.stop is not None and state.in_flight == 0]

    def spare(self, most: int) -> list[str]:
        """Up to so many open problems that are held: those with the least in flight, the last taken first."""
        last_first = list(reversed([*self._open_cases()]))
        return [state.id for state in sorted(last_first, key=attrgetter("in_flight"))[: max(0, most)]]

    @property
    def held_open(self) -> int:
        """Problems held that may get more draws."""
        return sum(1 for _ in self._open_cases())

    @property
    def known(self) -> set[str]:
        """Problems that are held, or were let go and have not been given out."""
        return self._held.keys() | self._leaving.keys()

    def standing(self) -> list[Stop]:
        """Stop and quota of every problem of the run by what is known of it, in the order of the run."""
        return [Stop(state.id, state.stop, state.quota, self.policy.ceiling) for state in self._states]

    def close(self, *, finished: bool) -> None:
        """Tells stop and quota of what is held and at a stop; what others hold is for them to tell."""
        for state in self._held.values():
            if state.stop is not None:
                self._report(state)

    def _few_open(self) -> bool:
        """Beside others it is the server that is to blame for failures alone: they may do better."""
        return self.draws_alone and sum(1 for _ in islice(self._open_cases(), FEW_OPEN + 1)) <= FEW_OPEN

    def _open_cases(self) -> Iterator[ProblemState]:
        return (state for state in self._held.values() if state.stop is None)

    def _bring_up_to_date(self, state: ProblemState, known: Progress) -> None:
        self.totals.add(state, -1)
        tally = known.tally
        state.accepted, state.rejected, state.undecided = tally.accepted, tally.rejected, tally.undecided
        state.tokens, state.next_number, state.free = tally.tokens, known.next_number, sorted(known.gaps)
        state.lost = known.lost
        self.totals.add(state)
