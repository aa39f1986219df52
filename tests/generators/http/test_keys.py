"""The key: where it is read, and that neither it nor a proxy's password comes back in what a server says."""

import asyncio
import json
import re
import traceback
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import pytest

from gristmill.generators.http.api_key import api_key
from gristmill.generators.http.openai_server import open_openai_server
from gristmill.generators.settings import GeneratorSettings
from gristmill.runs.judges.rubric import open_rubric_judge
from gristmill.runs.settings.judge import JudgeSettings
from gristmill.sampling.errors import ConfigError, RefusedError, UnavailableError
from tests.generators.drawing import PROMPT, draw_number, opened
from tests.stub.server import StubServer, serve
from tests.support.judging import OWN, PROBLEM, RUBRIC, Gates, response

KEY = "sk-0123456789abcdef"
HOSTILE_KEY = "sk-0123/456789"
MODELS = b'{"data": [{"id": "m"}]}'


async def test_the_key_is_read_from_the_variable_that_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MILL_KEY", f" {KEY}\n")
    async with serve(StubServer(api_key=KEY)) as stub:
        assert await opened(server=stub.url, api_key_env="MILL_KEY") == "stub"


async def test_a_refused_key_names_its_variable_and_is_never_shown(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with caplog.at_level("DEBUG"):
        async with serve(StubServer(api_key="another")) as stub:
            with pytest.raises(RefusedError, match="OPENAI_API_KEY") as caught:
                await opened(server=stub.url)
    assert caught.value.kind == "auth"
    assert "Incorrect API key provided: Bearer [key]" in str(caught.value)
    assert KEY not in "".join(traceback.format_exception(caught.value))
    assert KEY not in caplog.text


@pytest.mark.parametrize("value", ["two\nlines", "schlüssel"])
def test_what_cannot_be_a_key_is_refused_unseen(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", value)
    with pytest.raises(ConfigError, match="OPENAI_API_KEY") as caught:
        api_key("OPENAI_API_KEY")
    assert value not in str(caught.value)


def http(body: bytes, status: str = "200 OK", headers: str = "") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n{headers}\r\n"
    return head.encode() + body


@asynccontextmanager
async def answering(replies: Iterable[bytes]) -> AsyncIterator[str]:
    """Host and port of a server that gives these replies, then the last one for ever."""
    left = list(replies)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head.lower())
        await reader.readexactly(int(length[1]) if length else 0)
        writer.write(left.pop(0) if len(left) > 1 else left[0])
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        yield "{}:{}".format(*server.sockets[0].getsockname())


@pytest.mark.parametrize(
    ("reply", "kind", "said"),
    [
        (http(b'{"error": {"message": "bad key sk-0123\\/456789"}}', "400 Bad"), "http-400", "[key]"),
        (http(b'{"error": {"message": "\\u0073k-0123/456789"}}', "500 Bad"), "http-500", "[key]"),
        (http(b"key=sk-0123%2F456789", "503 Bad"), "http-503", "[key]"),
        (http(b"", "307 Away", "Location: /in?key=sk-0123%2f456789\r\n"), "redirect", "/in?key=[key]"),
        (b"HTTP/9.9 sk-0123/456789\r\n\r\n", "connection", "[key]"),
        (
            http(b'{"error": "no key like sk-0123/456789"}'),
            "bad-body",
            "an error in place of a reply: no key",
        ),
        (http(b'{"error": {"message": "\\u001b[31mout\\nof memory"}}', "500 Bad"), "http-500", "31mout of"),
        (http(b'"see http://me:sk-1@host/"', "502 Bad"), "http-502", "http://[user]@host/"),
    ],
)
async def test_what_a_server_says_is_quoted_on_one_line_without_secrets(
    reply: bytes, kind: str, said: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", HOSTILE_KEY)
    async with answering([http(MODELS), reply]) as address:
        settings = GeneratorSettings.model_validate({"server": f"http://{address}/v1", "tries": 1})
        with caplog.at_level("DEBUG"):
            async with open_openai_server(settings, {}, 1, None) as generator:
                with pytest.raises((UnavailableError, RefusedError)) as caught:
                    await generator.draw(draw_number(0), PROMPT)
    assert isinstance(caught.value, UnavailableError | RefusedError)
    assert caught.value.kind == kind
    assert said in str(caught.value)
    assert str(caught.value).isprintable()
    shown = "".join(traceback.format_exception(caught.value)) + caplog.text
    assert not re.search(r"sk-0123|456789|sk-1@", shown)


async def test_a_proxy_that_refuses_is_told_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    async with answering([http(b"", "407 Proxy Authentication Required")]) as address:
        monkeypatch.setenv("https_proxy", f"http://user:s3cret@{address}")
        with pytest.raises(UnavailableError, match="status 407: Proxy Authentication Required") as caught:
            await opened(server="https://models.example/v1")
    assert caught.value.kind == "proxy"
    assert "s3cret" not in "".join(traceback.format_exception(caught.value))


async def test_the_models_a_server_lists_are_quoted_without_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", HOSTILE_KEY)
    models = b'{"data": [{"id": "m\\u001b"}, {"id": "sk-0123\\/456789"}]}'
    async with answering([http(models)]) as address:
        with pytest.raises(ConfigError) as caught:
            await opened(server=f"http://{address}/v1")
    assert str(caught.value).endswith("known: m\\x1b, [key]")


def chat(message: dict[str, str], finish_reason: str = "stop") -> bytes:
    usage = {"prompt_tokens": 1, "completion_tokens": 1}
    choice = {"message": message, "finish_reason": finish_reason}
    return http(json.dumps({"choices": [choice], "usage": usage}).encode())


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ({"content": f"You sent {KEY}, and the answer is 4."}, "You sent [key], and the answer is 4."),
        ({"content": f"Authorization: Bearer {KEY}\n{KEY}"}, "Authorization: Bearer [key]\n[key]"),
        ({"refusal": f"{KEY} may not ask that"}, "[key] may not ask that"),
        ({"content": "No key is\nhere:\t\\frac{1}{2}, sk-0123."}, "No key is\nhere:\t\\frac{1}{2}, sk-0123."),
    ],
)
async def test_a_response_that_holds_the_key_is_taken_without_it(
    message: dict[str, str], text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    async with answering([http(MODELS), chat(message)]) as address:
        settings = GeneratorSettings.model_validate({"server": f"http://{address}/v1", "tries": 1})
        async with open_openai_server(settings, {}, 1, None) as generator:
            assert (await generator.draw(draw_number(0), PROMPT)).text == text


async def test_what_a_judge_model_says_is_kept_without_its_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUDGE_KEY", KEY)
    spelled = "".join(f"\\u{ord(character):04x}" for character in KEY)
    said = f'{{"explanation": "Bearer {KEY}, {spelled}: good", "score": 5}}'
    async with answering([http(MODELS), chat({"content": said}), chat({"content": f"{KEY}?"})]) as address:
        judge = JudgeSettings(
            judge_server=f"http://{address}/v1", judge_api_key_env="JUDGE_KEY", rubric=RUBRIC, judge_tries=1
        )
        async with open_rubric_judge(judge, OWN, Gates()) as judging:
            read, unread = [await judging.judge(PROBLEM, response(f"quality {n}")) for n in range(2)]
    assert json.loads(read.detail)["explanation"] == "Bearer [key], [key]: good"
    assert json.loads(unread.detail)["text"] == "[key]?"
