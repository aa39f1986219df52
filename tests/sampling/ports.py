"""Generator, judge and ledger in memory for pipeline tests; the generator waits until the test lets it go."""

import asyncio
from collections.abc import Callable, Sequence

from gristmill.sampling.records import (
    Attempt,
    Draw,
    Failure,
    FinishReason,
    Message,
    Outcome,
    Problem,
    Prompt,
    Response,
    Stop,
    Verdict,
)


def problems(count: int) -> dict[str, Problem]:
    return {str(i): Problem(str(i), f"What is {i} + 1?", str(i + 1)) for i in range(count)}


def prompt_of(problem: Problem) -> Prompt:
    return (Message("user", problem.prompt),)


class GatedGenerator:
    """Answers at once while `gate` is set; `respond` may raise instead of giving a text."""

    model = "test"
    condition = ""

    def __init__(
        self, respond: Callable[[Draw], str] = lambda draw: "right", *, is_open: bool = True
    ) -> None:
        self.gate = asyncio.Event()
        if is_open:
            self.gate.set()
        self.asked: list[Draw] = []
        self.retried: list[Failure] = []
        self.in_flight = 0
        self.peak = 0
        self.busy = asyncio.Event()
        self.busy_at = 1
        self._respond = respond

    def drain_failures(self) -> list[Failure]:
        drained, self.retried = self.retried, []
        return drained

    async def draw(self, draw: Draw, prompt: Prompt) -> Response:
        self.asked.append(draw)
        self.in_flight += 1
        self.peak = max(self.peak, self.in_flight)
        if self.in_flight >= self.busy_at:
            self.busy.set()
        try:
            await asyncio.sleep(0)
            await self.gate.wait()
            return Response(self._respond(draw), FinishReason.STOP, 5, 7, 0.01, "test")
        finally:
            self.in_flight -= 1


class TextJudge:
    """Accepts the text `right`, after `gate` is set."""

    def __init__(self, *, is_open: bool = True) -> None:
        self.gate = asyncio.Event()
        if is_open:
            self.gate.set()
        self.waiting = 0
        self.peak = 0

    async def judge(self, problem: Problem, response: Response) -> Verdict:
        self.waiting += 1
        self.peak = max(self.peak, self.waiting)
        await self.gate.wait()
        self.waiting -= 1
        outcome = Outcome.ACCEPTED if response.text == "right" else Outcome.REJECTED
        return Verdict(outcome, "test", "test", "1")


class MemoryLedger:
    """Keeps groups as they came. `error` is raised instead, when it is set."""

    def __init__(self) -> None:
        self.groups: list[tuple[list[Attempt], list[Failure], list[Stop]]] = []
        self.error: Exception | None = None

    async def record(
        self, attempts: Sequence[Attempt], failures: Sequence[Failure], stops: Sequence[Stop]
    ) -> None:
        await asyncio.sleep(0)
        if self.error is not None:
            raise self.error
        self.groups.append((list(attempts), list(failures), list(stops)))

    @property
    def attempts(self) -> list[Attempt]:
        return [attempt for group in self.groups for attempt in group[0]]

    @property
    def failures(self) -> list[Failure]:
        return [failure for group in self.groups for failure in group[1]]

    @property
    def stops(self) -> list[Stop]:
        return [stop for group in self.groups for stop in group[2]]
