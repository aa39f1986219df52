"""Tool use: what the model is asked again with, what is kept, and when it ends."""

from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

import pytest

from gristmill.generators.settings import GeneratorSettings
from gristmill.runs.open_generators import Generators
from gristmill.runs.tool_use import ToolUse
from gristmill.sampling.errors import RefusedError
from gristmill.sampling.records import Draw, Failure, FinishReason, Message, Prompt, Response
from gristmill.verifiers.sandbox.execution import Isolation, Limits
from gristmill.verifiers.sandbox.run import available_isolation
from gristmill.verifiers.settings import VerifierSettings
from tests.generators.drawing import PROMPT, draw_number

CALL = "I compute.\n```python\nx = 6 * 7\nprint(x)\n```\n"
AGAIN = "Once more.\n```python\nprint(x + 1)\n```"
ANSWER = "The answer is \\boxed{43}."


class Writer:
    """Writes these texts in turn, whatever it is asked, 10 tokens each for a prompt of 100."""

    model = "writer"
    condition = ""

    def __init__(self, texts: Sequence[str], finish: FinishReason = FinishReason.STOP) -> None:
        self.texts = list(texts)
        self.finish = finish
        self.asked: list[tuple[Draw, Prompt]] = []

    def drain_failures(self) -> list[Failure]:
        return []

    async def draw(self, draw: Draw, prompt: Prompt) -> Response:
        self.asked.append((draw, prompt))
        if not self.texts:
            raise RefusedError("no more fits", kind="too-long")
        return Response(self.texts.pop(0), self.finish, 100, 10, 0.5, self.model, -1.5)


@asynccontextmanager
async def tool_use(
    writer: Writer, rounds: int = 4, max_tokens: int = 1000, isolation: Isolation | None = None
) -> AsyncIterator[ToolUse]:
    limits = Limits(wall_seconds=20)
    with ThreadPoolExecutor(1) as threads:
        yield ToolUse(writer, rounds, max_tokens, limits, isolation or available_isolation(), threads)


async def test_a_response_runs_its_cells_and_is_kept_whole() -> None:
    writer = Writer([CALL, AGAIN, ANSWER])
    async with tool_use(writer) as generator:
        response = await generator.draw(draw_number(0), PROMPT)
    assert response.text == (f"{CALL.rstrip()}\n```output\n42\n```\n{AGAIN}\n```output\n43\n```\n{ANSWER}")
    assert (response.prompt_tokens, response.completion_tokens) == (300, 30)
    assert response.seconds == 1.5
    assert response.cumulative_logprob == -4.5
    assert response.finish_reason is FinishReason.STOP


async def test_the_model_is_asked_to_go_on_from_what_it_wrote_and_saw() -> None:
    writer = Writer([CALL, ANSWER])
    async with tool_use(writer) as generator:
        await generator.draw(draw_number(0), PROMPT)
    (first, asked), (second, further) = writer.asked
    assert asked == PROMPT
    assert further == (*PROMPT, Message("assistant", f"{CALL.rstrip()}\n```output\n42\n```\n"))
    assert first == draw_number(0)
    assert (second.problem_id, second.number) == (first.problem_id, first.number)
    assert second.seed != first.seed


async def test_the_same_draw_asks_the_same_again() -> None:
    writers = [Writer([CALL, AGAIN, ANSWER]) for _ in range(2)]
    for writer in writers:
        async with tool_use(writer) as generator:
            await generator.draw(draw_number(0), PROMPT)
    assert writers[0].asked == writers[1].asked


@pytest.mark.parametrize(("rounds", "max_tokens", "requests"), [(1, 1000, 2), (9, 20, 2), (9, 10, 1)])
async def test_a_response_that_goes_on_past_its_rounds_or_tokens_is_cut_off(
    rounds: int, max_tokens: int, requests: int
) -> None:
    writer = Writer([CALL, AGAIN, ANSWER])
    async with tool_use(writer, rounds, max_tokens) as generator:
        response = await generator.draw(draw_number(0), PROMPT)
    assert response.finish_reason is FinishReason.LENGTH
    assert len(writer.asked) == requests


async def test_a_response_that_no_longer_fits_the_context_is_kept_as_cut_off() -> None:
    writer = Writer([CALL])
    async with tool_use(writer) as generator:
        response = await generator.draw(draw_number(0), PROMPT)
        assert response.finish_reason is FinishReason.LENGTH
        assert response.text.endswith("```output\n42\n```\n")
        with pytest.raises(RefusedError):
            await generator.draw(draw_number(1), PROMPT)


async def test_a_response_over_its_tokens_is_cut_off_even_when_it_has_come_to_an_end() -> None:
    async with tool_use(Writer([CALL, ANSWER]), max_tokens=15) as generator:
        response = await generator.draw(draw_number(0), PROMPT)
    assert response.text.endswith(ANSWER)
    assert response.finish_reason is FinishReason.LENGTH


async def test_a_response_that_was_cut_off_by_the_server_runs_nothing() -> None:
    writer = Writer([CALL], FinishReason.LENGTH)
    async with tool_use(writer) as generator:
        response = await generator.draw(draw_number(0), PROMPT)
    assert response.text == CALL
    assert len(writer.asked) == 1


async def test_an_error_is_shown_to_the_model() -> None:
    writer = Writer(["```python\n1 / 0\n```", ANSWER])
    async with tool_use(writer) as generator:
        response = await generator.draw(draw_number(0), PROMPT)
    assert "```output\nZeroDivisionError: division by zero\n```" in response.text


@pytest.mark.parametrize("rounds", [0, 2])
async def test_a_run_uses_tools_where_it_has_rounds(rounds: int) -> None:
    settings = GeneratorSettings(backend="scripted", tool_rounds=rounds)
    async with Generators() as generators:
        generator = await generators.generator(settings, {}, VerifierSettings())
        assert isinstance(generator, ToolUse) == (rounds > 0)
        assert generator.model == "scripted"
        assert generators.servers() == ()
