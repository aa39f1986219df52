"""What can be wrong with a server before the first draw, and how it is told."""

import socket

import pytest

from gristmill.sampling.errors import ConfigError, UnavailableError
from tests.generators.drawing import opened
from tests.stub.server import StubServer, serve


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
