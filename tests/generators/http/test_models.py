"""What is checked of servers before the first draw, and how it is told what is wrong."""

import asyncio
import socket
from contextlib import AsyncExitStack

import pytest

from gristmill.generators.http.openai_server import open_openai_server
from gristmill.generators.settings import GeneratorSettings
from gristmill.sampling.errors import ConfigError, UnavailableError
from tests.generators.drawing import PROMPT, draw_number, opened
from tests.stub.faults import at_every, parse_fault
from tests.stub.server import StubServer, serve


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


@pytest.mark.parametrize(
    ("models", "model", "asked"),
    [(["one"], None, "one"), (["one"], "one", "one"), (["one", "two"], "two", "two")],
)
async def test_the_model_is_the_one_named_or_the_only_one(
    models: list[str], model: str | None, asked: str
) -> None:
    async with serve(StubServer(models=models)) as stub:
        assert await opened(server=stub.url, model=model) == asked


@pytest.mark.parametrize(
    ("models", "model", "words"),
    [
        (["one", "two"], None, "serves 2 models, say which; known: one, two"),
        (["one", "two"], "three", "'three' is not served by .*; known: one, two"),
        ([], None, "known: none"),
    ],
)
async def test_a_model_that_is_not_clear_is_refused_with_those_served(
    models: list[str], model: str | None, words: str
) -> None:
    async with serve(StubServer(models=models)) as stub:
        with pytest.raises(ConfigError, match=words):
            await opened(server=stub.url, model=model)


async def test_a_server_that_is_not_there_is_named_in_one_line() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
        with pytest.raises(UnavailableError) as caught:
            await opened(server=url)
    assert str(caught.value).startswith(f"server: {url} cannot be used (")
    assert "refused" in str(caught.value).lower()
    assert "\n" not in str(caught.value)
    assert caught.value.kind == "connection"


async def test_a_host_that_does_not_exist_is_told() -> None:
    with pytest.raises(UnavailableError) as caught:
        await opened(server="http://gristmill.invalid/v1")
    assert caught.value.kind == "connection"
    assert "gristmill.invalid" in str(caught.value)


async def test_a_plain_server_behind_https_is_a_tls_error() -> None:
    async with serve(StubServer()) as stub:
        with pytest.raises(UnavailableError) as caught:
            await opened(server=stub.url.replace("http:", "https:"))
    assert caught.value.kind == "tls"


async def test_a_wrong_path_is_told_from_a_dead_server() -> None:
    async with serve(StubServer()) as stub:
        with pytest.raises(ConfigError, match="mostly ends in /v1"):
            await opened(server=stub.url.removesuffix("/v1"))
