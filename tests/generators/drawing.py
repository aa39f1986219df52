"""What the tests of generators share: a problem, its draws and prompt, a generator on a stub server."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from gristmill.generators.http.openai_server import OpenAIServer, open_openai_server
from gristmill.generators.prompts import render
from gristmill.generators.scripted.script import sum_problems
from gristmill.generators.settings import GeneratorSettings
from gristmill.sampling.records import Draw, Prompt, draw_seed
from tests.stub.server import StubServer, serve

PROBLEM = sum_problems(1)[0]
PROMPT: Prompt = render("boxed", PROBLEM)


def draw_number(number: int, problem: str = PROBLEM.id) -> Draw:
    return Draw(problem, number, draw_seed(0, problem, number))


@asynccontextmanager
async def generator_on(stub: StubServer, **settings: object) -> AsyncIterator[OpenAIServer]:
    """Serves `stub` and opens a generator on it that waits for next to nothing between tries."""
    async with serve(stub):
        values = {"server": stub.url, "backoff_seconds": 0.001, "request_timeout_seconds": 5}
        values |= {"outage_seconds": 30, **settings}
        async with open_openai_server(GeneratorSettings.model_validate(values), {}, 64, None) as generator:
            yield generator


async def opened(**values: object) -> str:
    """The model that a generator of these settings asks for, once it is open."""
    async with open_openai_server(GeneratorSettings.model_validate(values), {}, 4, None) as generator:
        return generator.model
