"""Draw plan for instructions: briefs are sent out until as many instructions are made as are wanted.

A brief is a prompt that asks a model for instructions. A sampler writes briefs, one at a time, from what has
been made so far; this plan asks it for as many as are likely to bring what is still missing, and never for
more than the run may draw. Draws that are given up count as drawn, so that a run ends also where a server
refuses everything; a run that goes on forgets these, and tries again. The sampler counts what is accepted:
one response may propose several instructions, or none.
"""

from collections import deque
from math import ceil
from typing import Protocol

from gristmill.sampling.candidates import Material
from gristmill.sampling.problem_state import Totals
from gristmill.sampling.records import Draw, Outcome, Problem, Stop, StopReason, draw_seed

_MOST_FAILURES = 5
_PRIOR_DRAWS = 8


class BriefSampler(Protocol):
    """Writes the next brief from what there is by then; see `sampling/subjects.py`."""

    @property
    def made(self) -> int:
        """Instructions accepted so far, over all sessions of the run."""
        ...

    def next_brief(self) -> Problem | None:
        """None: there is nothing to ask for now; there may be again once a draw has landed."""
        ...

    def accept(self, brief_id: str, instruction: Material) -> None:
        """A response to the brief proposed an instruction that was accepted."""
        ...

    def landed(self, brief_id: str) -> None:
        """A draw for the brief came to its end, with or without a response."""
        ...


class BriefPlan:
    """A `sampling.ports.DrawPlan` for instructions: up to `target` of them, by up to `most_draws` draws."""

    expects_more = False

    def __init__(
        self,
        sampler: BriefSampler,
        run_seed: int,
        *,
        target: int,
        most_draws: int,
        totals: Totals,
        next_numbers: dict[str, int],
        asks: int = 1,
    ) -> None:
        """`totals` and `next_numbers` (by brief) are those of the run's earlier sessions.

        `asks` is how many instructions a response is to hold: until there are many responses it counts
        beside what they did hold, so that a few poor ones do not send out far too many draws.
        """
        self.in_flight = 0
        self.target = target
        self.totals = totals
        self._sampler = sampler
        self._run_seed = run_seed
        self._most_draws = most_draws
        self._asks = asks
        self._next_numbers = next_numbers
        self._again: deque[Draw] = deque()
        self._failures: dict[Draw, int] = {}
        self._given_up = 0
        self._stops: list[Stop] = []

    def next_draw(self, elapsed_seconds: float = 0.0) -> Draw | None:
        if self._enough_in_flight():
            return None
        draw = self._again.popleft() if self._again else self._fresh()
        self.in_flight += draw is not None
        return draw

    def nothing_to_draw(self, elapsed_seconds: float = 0.0) -> bool:
        return self._sampler.made >= self.target or self._ended >= self._most_draws

    def complete(self, draw: Draw, outcome: Outcome, tokens: int) -> None:
        self._land(draw)
        self._failures.pop(draw, None)
        self.totals.tokens += tokens
        name = outcome.value
        setattr(self.totals, name, getattr(self.totals, name) + 1)

    def fail(self, draw: Draw, *, refused: bool = False, lost: bool = False) -> bool:
        """The draw is asked for again, some times; one that is refused or lost is not."""
        failures = self._failures[draw] = self._failures.get(draw, 0) + 1
        if refused or lost or failures >= _MOST_FAILURES:
            self._stops.append(Stop(draw.problem_id, StopReason.FAILED, None, self._most_draws))
            self._failures.pop(draw)
            self._given_up += 1
            self._land(draw)
        else:
            self._again.append(draw)
            self.in_flight -= 1
        return True

    def drain_stops(self) -> list[Stop]:
        stops, self._stops = self._stops, []
        return stops

    def close(self, *, finished: bool) -> None:
        """Nothing is left to tell: a brief has no quota, and is not open or closed by itself."""

    @property
    def done_share(self) -> float:
        return min(1.0, self._sampler.made / self.target)

    def _enough_in_flight(self) -> bool:
        """Whether what is out is likely to bring what is missing, or all that may be drawn."""
        made = self._sampler.made
        missing = self.target - made
        made_per_draw = (made + _PRIOR_DRAWS * self._asks) / (self.totals.attempts + _PRIOR_DRAWS)
        return (
            missing <= 0
            or self.in_flight >= ceil(missing / made_per_draw)
            or self._ended + self.in_flight >= self._most_draws
        )

    @property
    def _ended(self) -> int:
        return self.totals.attempts + self._given_up

    def _fresh(self) -> Draw | None:
        brief = self._sampler.next_brief()
        if brief is None:
            return None
        number = self._next_numbers.get(brief.id, 0)
        self._next_numbers[brief.id] = number + 1
        return Draw(brief.id, number, draw_seed(self._run_seed, brief.id, number))

    def _land(self, draw: Draw) -> None:
        self.in_flight -= 1
        self._sampler.landed(draw.problem_id)
