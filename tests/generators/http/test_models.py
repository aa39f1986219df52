import asyncio
from contextlib import AsyncExitStack

import pytest

from gristmill.generators.http.openai_server import open_openai_server
from gristmill.generators.settings import GeneratorSettings
from gristmill.sampling.errors import ConfigError, UnavailableError
from tests.generators.drawing import PROMPT, draw_number, opened
from tests.stub.faults import at_every, parse_fault
from tests.stub.server import StubServer, serve


async def test_two_servers_that_serve_one_model_need_not_be_told_which() -> None:
    async with serve(StubServer(models=["m"])) as one, serve(StubServer(models=["m"])) as two:
        assert await opened(server=[one.url, two.url]) == "m"


async def test_two_servers_that_serve_different_models_are_refused_with_both() -> None:
    async with serve(StubServer(models=["m"])) as one, serve(StubServer(models=["n"])) as two:
        with pytest.raises(ConfigError) as caught:
            await opened(server=[one.url, two.url])
    assert str(caught.value) == (
        f"model: the servers serve different ones ('m' at {one.url}, 'n' at {two.url}); "
        "name the one to draw from"
    )


async def test_a_model_that_one_of_two_servers_lacks_is_refused_with_what_that_one_serves() -> None:
    async with serve(StubServer(models=["m", "n"])) as one, serve(StubServer(models=["n"])) as two:
        assert await opened(server=[one.url, two.url], model="n") == "n"
        with pytest.raises(ConfigError, match=f"'m' is not served by {two.url}; known: n"):
            await opened(server=[one.url, two.url], model="m")


async def test_a_server_that_is_not_there_at_the_start_joins_the_run_later() -> None:
    busy, late = StubServer(schedule=at_every(1, [parse_fault("hang")])), StubServer()
    async with serve(busy), serve(late), AsyncExitStack() as stack:
        away = await stack.enter_async_context(AsyncExitStack())
        await away.enter_async_context(late.listener.away())
        settings = GeneratorSettings.model_validate({"server": [busy.url, late.url]})
        generator = await stack.enter_async_context(open_openai_server(settings, {}, 1, None))
        address = late.listener.address.removeprefix("http://")
        assert generator.condition == f"1 of 2 servers out ({address}: connection)"
        hangs = asyncio.create_task(generator.draw(draw_number(0), PROMPT))
        await busy.gauge.until(lambda gauge: gauge.in_flight == 1)
        await away.aclose()
        assert (await generator.draw(draw_number(1), PROMPT)).model == "stub"
        assert generator.condition == ""
        assert (busy.gauge.requests, late.gauge.requests) == (1, 1)
        hangs.cancel()


async def test_when_no_server_is_there_the_first_is_named() -> None:
    async with serve(StubServer()) as one, serve(StubServer()) as two, AsyncExitStack() as stack:
        for stub in (one, two):
            await stack.enter_async_context(stub.listener.away())
        with pytest.raises(UnavailableError, match=f"^server: {one.url} cannot be used") as caught:
            await opened(server=[one.url, two.url])
    assert caught.value.kind == "connection"


async def test_a_wrong_server_is_told_though_another_is_not_there() -> None:
    async with serve(StubServer()) as one, serve(StubServer(models=["n"])) as two, one.listener.away():
        with pytest.raises(ConfigError, match=r"'m' is not served by .*; known: n"):
            await opened(server=[one.url, two.url], model="m")


@pytest.mark.parametrize(("max_tokens", "fits"), [(1023, True), (1024, False), (4096, False)])
async def test_responses_must_leave_room_for_a_prompt_in_the_context(max_tokens: int, fits: bool) -> None:
    async with serve(StubServer(max_model_len=1024)) as stub:
        if fits:
            assert await opened(server=stub.url, max_tokens=max_tokens) == "stub"
        else:
            with pytest.raises(ConfigError, match=f"max_tokens: {max_tokens} leaves no room .* 1024 tokens"):
                await opened(server=stub.url, max_tokens=max_tokens)
