"""Client of a judge model: bounded concurrency, repeatable seeds, and an end to the run where it only fails.

A judgement that does not come leaves one response undecided. A judge that does nothing but fail ends the run,
as an outage of its server does: the run can go on later, and thousands of undecided responses would have to
be judged again.
"""

import asyncio
import hashlib
import logging

from gristmill.sampling.errors import OutageError, RefusedError, UnavailableError, UnreadableError
from gristmill.sampling.ports import Generator
from gristmill.sampling.records import Draw, Problem, Prompt, Response, draw_seed

FEWEST_FAILURES_IN_A_ROW = 20
LONGEST_PROMPT = 500_000
"""Characters. No model that is asked to judge reads as many."""

_log = logging.getLogger(__name__)


class JudgeModel:
    """A generator as judges ask it, with `concurrency` requests in flight at most."""

    def __init__(self, generator: Generator, concurrency: int) -> None:
        self.name = generator.model
        self._generator = generator
        self._slots = asyncio.Semaphore(concurrency)
        self._most_failures = max(FEWEST_FAILURES_IN_A_ROW, concurrency)
        self._failures_in_a_row = 0
        self._answered = False

    async def ask(self, problem: Problem, text: str, number: int, prompt: Prompt) -> Response:
        """The answer on the response `text`; `number` tells requests on the same response apart.

        Raises OutageError, which is to end the run, and UnavailableError or RefusedError, to be noted.
        """
        size = sum(len(message.content) for message in prompt)
        if size > LONGEST_PROMPT:
            raise RefusedError(f"{size} characters are too many to be judged", kind="too-long")
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        seed = draw_seed(0, f"{problem.id}\x1f{digest}", number)
        async with self._slots:
            try:
                answer = await self._generator.draw(Draw(problem.id, number, seed), prompt)
            finally:
                for failure in self._generator.drain_failures():
                    _log.debug("the judge was asked again after %s: %s", failure.kind, failure.detail)
        self._failures_in_a_row, self._answered = 0, True
        return answer

    def note(self, error: UnavailableError | RefusedError) -> None:
        """Takes down that a request brought nothing. Raises in its place an error that ends the run where
        all those before it brought nothing either: OutageError, or RefusedError.

        A prompt that is too long, or an answer that cannot be read, says nothing of a judge that has answered
        others.
        """
        says_nothing = error.kind == "too-long" or isinstance(error, UnreadableError)
        if says_nothing and self._answered:
            return
        self._failures_in_a_row += 1
        if self._failures_in_a_row < self._most_failures:
            return
        ends = RefusedError if isinstance(error, RefusedError) else OutageError
        message = f"no judgement from {self.name} in the last {self._failures_in_a_row} requests; the last"
        raise ends(f"{message} failure: {error}", kind=error.kind) from error
