"""Whose fault a refusal is: the request's, one server's, or that of a prompt that is always too much."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from gristmill.generators.http.openai_server import OpenAIServer, open_openai_server
from gristmill.generators.settings import GeneratorSettings
from gristmill.sampling.errors import ConfigError, RefusedError, UnavailableError
from tests.generators.drawing import PROMPT, draw_number, generator_on, opened
from tests.stub.faults import Fault, at_every, parse_fault
from tests.stub.server import StubServer, serve


@asynccontextmanager
async def generator_on_two(first: StubServer, second: StubServer) -> AsyncIterator[OpenAIServer]:
    async with serve(first), serve(second):
        settings = GeneratorSettings.model_validate(
            {"server": [first.url, second.url], "backoff_seconds": 0.001, "outage_seconds": 30}
        )
        async with open_openai_server(settings, {}, 4, None) as generator:
            yield generator


@pytest.mark.parametrize("status", ["404", "401"])
async def test_what_one_server_refuses_everybody_is_answered_by_another(status: str) -> None:
    broken = StubServer(schedule=at_every(1, [parse_fault(status)]))
    sound = StubServer()
    async with generator_on_two(broken, sound) as generator:
        draws = [generator.draw(draw_number(number, f"problem {number}"), PROMPT) for number in range(60)]
        responses = await asyncio.gather(*draws)
        kinds = {failure.kind for failure in generator.drain_failures()}
    assert len(responses) == 60
    assert sound.gauge.requests == 60
    assert kinds == {"auth" if status == "401" else "http-404"}


async def test_a_request_that_is_at_fault_itself_is_asked_once() -> None:
    servers = [StubServer(schedule=at_every(1, [parse_fault("400")])) for _ in range(2)]
    async with generator_on_two(*servers) as generator:
        with pytest.raises(RefusedError):
            await generator.draw(draw_number(0), PROMPT)
    assert sum(stub.gauge.requests for stub in servers) == 1


async def test_a_prompt_that_is_always_too_much_fails_in_the_end_while_others_are_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("gristmill.generators.http.endpoint._FIRST_PAUSE_SECONDS", 0.001)
    stub = StubServer()
    poisoned = draw_number(0)
    busy: Fault = parse_fault("429")

    def schedule(_: int) -> Fault | None:
        return busy if stub.gauge.asked[-1].seed == poisoned.seed else None

    stub.schedule = schedule

    async def others(generator: OpenAIServer) -> None:
        for number in range(1, 1000):
            await generator.draw(draw_number(number), PROMPT)

    async with generator_on(stub, tries=2) as generator:
        beside = asyncio.create_task(others(generator))
        with pytest.raises(UnavailableError) as caught:
            await generator.draw(poisoned, PROMPT)
        beside.cancel()
    assert caught.value.kind == "http-429"
    assert sum(asked.seed == poisoned.seed for asked in stub.gauge.asked) == 22


async def test_a_server_that_is_still_loading_at_the_start_is_waited_for(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("gristmill.generators.http.models._AGAIN_SECONDS", 0.01)
    stub = StubServer()
    stub.loading = 3
    async with generator_on(stub) as generator:
        assert generator.model == "stub"
    assert caplog.text.count("no server is ready yet") == 3


async def test_a_server_that_never_comes_up_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gristmill.generators.http.models._AGAIN_SECONDS", 0.01)
    stub = StubServer()
    stub.loading = 1_000_000
    with pytest.raises(UnavailableError, match="loading"):
        async with generator_on(stub, outage_seconds=0.1):
            pass


async def test_a_key_is_no_name_of_a_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-0123456789")
    async with serve(StubServer(models=["my sk-0123456789"])) as stub:
        with pytest.raises(ConfigError, match="holds the key") as caught:
            await opened(server=stub.url)
    assert "0123456789" not in str(caught.value)


async def test_tool_use_needs_a_server_that_continues() -> None:
    async with serve(StubServer()) as stub:
        with pytest.raises(ConfigError, match="tool_rounds"):
            await opened(server=stub.url, tool_rounds=2)
    async with serve(StubServer(owned_by="vllm")) as stub:
        assert await opened(server=stub.url, tool_rounds=2) == "stub"
