"""Tool-integrated reasoning: a generator whose responses may run Python on their way.

One draw becomes several requests: the model writes up to a closed cell of Python, the cell runs in the
sandbox, what it shows is added to the response, and the model goes on from there. What is kept is the whole
text, cells and outputs; tokens and seconds are those of all its requests. It lives here, above both, because
a generator knows no sandbox and a verifier no generator.
"""

import asyncio
import math
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gristmill.generators import open_generator
from gristmill.generators.settings import GeneratorSettings
from gristmill.sampling.errors import RefusedError
from gristmill.sampling.ports import Generator
from gristmill.sampling.records import (
    SEED_BITS,
    Draw,
    Failure,
    FinishReason,
    Message,
    Problem,
    Prompt,
    Response,
)
from gristmill.verifiers.code.cells import OUTPUT_FENCE, called_cells, run_cells
from gristmill.verifiers.sandbox.execution import Isolation, Limits
from gristmill.verifiers.sandbox.run import available_isolation
from gristmill.verifiers.settings import VerifierSettings

if TYPE_CHECKING:
    from gristmill.generators.http.endpoint import Endpoint

_SEED_STEP = 0x2545F491  # odd: the requests of one draw never share a seed
_LEAST_SANDBOXES = 4


@dataclass(frozen=True, slots=True)
class ToolUse:
    """A `Generator` around another one. `rounds` cells at most run in one response."""

    generator: Generator
    rounds: int
    max_tokens: int
    limits: Limits
    isolation: Isolation
    threads: ThreadPoolExecutor

    @property
    def model(self) -> str:
        return self.generator.model

    @property
    def condition(self) -> str:
        return self.generator.condition

    @property
    def endpoints(self) -> "Sequence[Endpoint]":
        servers: Sequence[Endpoint] = getattr(self.generator, "endpoints", ())
        return servers

    def drain_failures(self) -> list[Failure]:
        return self.generator.drain_failures()

    async def draw(self, draw: Draw, prompt: Prompt) -> Response:
        """A response that has spent its rounds, its tokens or its context without coming to an end counts as
        cut off. Each of its requests may use the tokens of a whole response.
        """
        whole = await self.generator.draw(draw, prompt)
        for number in range(1, self.rounds + 1):
            cells = _called(whole)
            if not cells or whole.completion_tokens >= self.max_tokens:
                break
            loop = asyncio.get_running_loop()
            output = await loop.run_in_executor(self.threads, run_cells, cells, self.limits, self.isolation)
            told = f"{whole.text.rstrip()}\n{OUTPUT_FENCE}\n{output}\n```\n"
            again = replace(draw, seed=(draw.seed + number * _SEED_STEP) % (1 << SEED_BITS))
            try:
                further = await self.generator.draw(again, (*prompt, Message("assistant", told)))
            except RefusedError as error:
                if error.kind != "too-long":
                    raise
                return replace(whole, text=told, finish_reason=FinishReason.LENGTH)
            whole = _joined(whole, told, further)
        ended = not _called(whole) and whole.completion_tokens <= self.max_tokens
        return whole if ended else replace(whole, finish_reason=FinishReason.LENGTH)


@asynccontextmanager
async def open_with_tools(
    settings: GeneratorSettings, problems: Mapping[str, Problem], verifier: VerifierSettings
) -> AsyncIterator[Generator]:
    """The generator of the settings within tool use, of whose rounds they ask for one at least.

    Entering raises what `open_generator` raises, and ConfigError where tool use has no sandbox.
    """
    isolation = available_isolation(unsafe_no_isolation=verifier.unsafe_no_isolation)
    limits = Limits(wall_seconds=verifier.sandbox_seconds, memory_mb=verifier.sandbox_memory_mb)
    # It stops where the machine's output is to come: a model that knows the form would make it up.
    stopping = settings.model_copy(update={"stop": (*settings.stop, OUTPUT_FENCE)})
    threads = ThreadPoolExecutor(max(_LEAST_SANDBOXES, os.cpu_count() or 1), thread_name_prefix="sandbox")
    try:
        async with open_generator(stopping, problems, verifier.structure()) as generator:
            yield ToolUse(generator, settings.tool_rounds, settings.max_tokens, limits, isolation, threads)
    finally:
        await asyncio.to_thread(threads.shutdown, cancel_futures=True)


def _called(response: Response) -> tuple[str, ...]:
    """The cells to be run; a response that does not end in one has come to its end."""
    return called_cells(response.text) if response.finish_reason is FinishReason.STOP else ()


def _joined(before: Response, told: str, after: Response) -> Response:
    logprobs = before.cumulative_logprob, after.cumulative_logprob
    return replace(
        after,
        text=told + after.text,
        prompt_tokens=before.prompt_tokens + after.prompt_tokens,
        completion_tokens=before.completion_tokens + after.completion_tokens,
        seconds=before.seconds + after.seconds,
        cumulative_logprob=None if None in logprobs else math.fsum(filter(None, logprobs)),
    )
