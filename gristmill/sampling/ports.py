"""Protocols that the pipeline calls: draw plan, generator, judge (which gives the verdict) and ledger.

Generator, judge and ledger are adapters outside the core. `DrawPlan` is in it: `Scheduler` for responses to
problems, `BriefPlan` for instructions.
"""

from collections.abc import Sequence
from typing import Protocol

from gristmill.sampling.problem_state import Totals
from gristmill.sampling.records import (
    Attempt,
    Draw,
    Failure,
    Outcome,
    Problem,
    Prompt,
    Response,
    Stop,
    Verdict,
)


class DrawPlan(Protocol):
    """Which draw comes next, from the calls that it gets. Used from one event loop."""

    in_flight: int
    expects_more: bool
    """Draws may come from elsewhere: where there is none now and none in flight, the run is not over."""

    @property
    def totals(self) -> Totals: ...

    @property
    def done_share(self) -> float:
        """How much of what the run is for is done, from 0 to 1."""
        ...

    def next_draw(self, elapsed_seconds: float = 0.0) -> Draw | None:
        """None with nothing in flight: the run is over; None otherwise: ask again after a completion."""
        ...

    def nothing_to_draw(self, elapsed_seconds: float = 0.0) -> bool: ...

    def complete(self, draw: Draw, outcome: Outcome, tokens: int) -> None: ...

    def fail(self, draw: Draw, *, refused: bool = False, lost: bool = False) -> bool:
        """Whether that may be the server's doing: not for a `lost` draw of a problem without a response."""
        ...

    def drain_stops(self) -> list[Stop]: ...

    def close(self, *, finished: bool) -> None: ...


class Generator(Protocol):
    """Where responses come from. Called concurrently; does its own short retries, honours cancellation."""

    @property
    def model(self) -> str:
        """The model that answers, by the name under which responses record it."""
        ...

    @property
    def condition(self) -> str:
        """What keeps draws waiting or slows them down, in a few words for people; "" while nothing does."""
        ...

    def drain_failures(self) -> list[Failure]:
        """The requests since the last call that brought no response and were made again."""
        ...

    async def draw(self, draw: Draw, prompt: Prompt) -> Response:
        """Raises UnavailableError when asking again later may help, RefusedError when it will not."""
        ...


class Judge(Protocol):
    """Gives the verdict on a response. Called concurrently; whatever a response holds ends in a verdict."""

    async def judge(self, problem: Problem, response: Response) -> Verdict: ...


class Ledger(Protocol):
    """Where attempts are kept. Called by one writer at a time; when a call returns, its rows are durable."""

    async def record(
        self, attempts: Sequence[Attempt], failures: Sequence[Failure], stops: Sequence[Stop]
    ) -> None:
        """All or nothing, and idempotent: recording an attempt again changes nothing. Raises StoreError."""
        ...
