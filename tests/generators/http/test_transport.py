"""The bytes of replies, whatever they are; secure connections; proxies."""

import asyncio
import gzip
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from gristmill.generators.http.client import open_client
from gristmill.generators.http.transport import environment_proxy
from gristmill.sampling.errors import GristmillError, UnavailableError
from gristmill.sampling.records import FinishReason, Response
from tests.generators.drawing import opened
from tests.stub.replies import chat_body
from tests.stub.server import StubServer, serve
from tests.support.certificates import server_context

MUTATIONS = 120
GOOD = chat_body(Response("It is 4.", FinishReason.STOP, 7, 2, 0.0, "m"), "m")


@asynccontextmanager
async def answering(replies: list[bytes]) -> AsyncIterator[str]:
    """The base URL of a server that gives each of these bytes once, and hangs up."""
    left = list(replies)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(left.pop(0))
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        yield "http://{}:{}/v1".format(*server.sockets[0].getsockname())


def http(body: bytes, status: bytes = b"200 OK", headers: bytes = b"") -> bytes:
    length = b"Content-Length: %d" % len(body)
    return b"HTTP/1.1 %b\r\n%b\r\nConnection: close\r\n%b\r\n%b" % (status, length, headers, body)


def mutated(chance: random.Random) -> bytes:
    """A reply, plain, chunked, compressed or an error's, with some of its bytes changed."""
    packed = gzip.compress(GOOD, mtime=0)
    chunked = b"Transfer-Encoding: chunked\r\n"
    reply = bytearray(
        chance.choice(
            [
                http(GOOD, headers=b"Content-Type: application/json; charset=utf-8\r\n"),
                http(packed, headers=b"Content-Encoding: gzip\r\n"),
                http(packed, headers=b"Content-Encoding: deflate\r\n"),
                http(GOOD, headers=b"Content-Encoding: br\r\n"),
                b"HTTP/1.1 200 OK\r\n%b\r\n%x\r\n%b\r\n0\r\n\r\n" % (chunked, len(GOOD), GOOD),
                http(b'{"error": {"message": "no"}}', b"503 Away", b"Retry-After: 0\r\n"),
                http(b'{"error": {"message": "no"}}', b"429 Busy", b"Retry-After: Wed, 21 Oct 2015\r\n"),
                http(b"no", b"302 Found", b"Location: /x\r\nContent-Type: text/plain; charset=x\r\n"),
            ]
        )
    )
    for _ in range(chance.randint(0, 4)):
        at = chance.randrange(len(reply))
        reply[at : at + chance.randint(0, 3)] = chance.choice(
            [b"", b"\xff", b"\r\n", b"\0", b"9" * 30, b":", b"[" * 2000, b"\xed\xa0\x80", b" ", b"-"]
        )
    return bytes(reply)


async def test_whatever_bytes_come_there_is_a_response_or_an_error_of_ours() -> None:
    chance = random.Random(5)
    replies = [mutated(chance) for _ in range(MUTATIONS)]
    came: list[Response | GristmillError] = []
    async with answering(replies) as url, open_client(url, "", 1, 0.5) as client:
        for _ in replies:
            try:
                came.append(await client.chat(b"{}", "m"))
            except GristmillError as error:
                came.append(error)
    kinds = {error.kind for error in came if isinstance(error, UnavailableError)}
    assert any(isinstance(one, Response) for one in came)
    assert kinds >= {"bad-body", "connection", "http-503", "http-429", "redirect"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Location", b"/\xff\xfe"),
        ("Retry-After", b"\xed\xa0\x80"),
        ("Retry-After", b"9" * 999),
        ("Content-Type", b"text/plain; charset=hex"),
    ],
)
async def test_a_header_that_makes_no_sense_is_no_harm(name: str, value: bytes) -> None:
    reply = http(b"no", b"503 Away", name.encode() + b": " + value + b"\r\n")
    async with answering([reply]) as url, open_client(url, "", 1, 5) as client:
        with pytest.raises(UnavailableError, match="status 503"):
            await client.chat(b"{}", "m")


async def test_a_certificate_that_signs_itself_says_so_in_one_line(tmp_path: Path) -> None:
    tls, _ = server_context(tmp_path / "own")
    async with serve(StubServer(tls=tls)) as stub:
        with pytest.raises(UnavailableError) as caught:
            await opened(server=stub.url)
    assert caught.value.kind == "tls"
    said = str(caught.value)
    assert "its certificate is not trusted (self-signed certificate)" in said
    assert "SSL_CERT_FILE" in said
    assert "start it" not in said
    assert said.isprintable()


async def test_a_server_that_does_not_speak_tls_is_told_so() -> None:
    async with serve(StubServer()) as stub:
        with pytest.raises(UnavailableError, match="does it speak TLS") as caught:
            await opened(server=stub.url.replace("http:", "https:"))
    assert caught.value.kind == "tls"


@pytest.mark.parametrize(
    ("url", "proxy"),
    [
        ("http://models.example/v1", "http://proxy.example:3128"),
        ("https://models.example/v1", None),
        ("http://inside.example/v1", None),
        ("http://127.0.0.1:8000/v1", None),
        ("http://localhost:8000/v1", None),
        ("http://[::1]:8000/v1", None),
    ],
)
def test_the_environment_s_proxy_is_taken_but_for_this_machine(
    url: str, proxy: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("no_proxy", "inside.example")
    assert environment_proxy(url) == proxy
