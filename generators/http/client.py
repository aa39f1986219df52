"""HTTP client of one OpenAI-compatible server, over the OpenAI SDK: requests in, records or typed errors out.

The API key is removed here from whatever the server says, and nowhere later.
"""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import perf_counter

import httpx2
import openai

from gristmill.generators.http.chat import response_of
from gristmill.generators.http.redact import Redactor
from gristmill.generators.http.replies import ServedModel, models_of, status_error
from gristmill.generators.http.transport import CUT, MAX_BODY_BYTES, BoundedTransport
from gristmill.sampling.errors import UnavailableError, UnreadableError
from gristmill.sampling.records import Response


@dataclass(frozen=True, slots=True)
class ServerClient:
    """`sdk` sends requests to `url`; `redactor` takes the key out of what it says."""

    url: str
    sdk: openai.AsyncOpenAI
    redactor: Redactor

    async def models(self) -> list[ServedModel]:
        return models_of(await self._whole("GET", "/models"))

    async def chat(self, body: bytes, model: str) -> Response:
        """Raises UnavailableError, UnreadableError for a reply without a response, or RefusedError."""
        started = perf_counter()
        reply = await self._reply("POST", "/chat/completions", body)
        seconds = perf_counter() - started
        with self.redactor.redacting():
            read = response_of(reply.content, model=model, seconds=seconds, cut=CUT in reply.extensions)
            return self.redactor.without_key(read)

    async def post(self, path: str, body: bytes) -> bytes:
        """The body of the reply to any other request; `path` follows the base URL. Raises as `chat` does."""
        return await self._whole("POST", path, body)

    async def _whole(self, method: str, path: str, body: bytes | None = None) -> bytes:
        reply = await self._reply(method, path, body)
        if CUT in reply.extensions:
            raise UnreadableError(f"a body of over {MAX_BODY_BYTES >> 20} MB")
        return reply.content

    async def _reply(self, method: str, path: str, body: bytes | None = None) -> httpx2.Response:
        """A reply with status 200."""
        with self.redactor.redacting():
            try:
                if method == "GET":
                    return await self.sdk.get(path, cast_to=httpx2.Response)
                return await self.sdk.post(path, cast_to=httpx2.Response, content=body)
            except openai.APIStatusError as exc:
                raise status_error(exc) from exc
            except openai.APIConnectionError as exc:
                raise UnavailableError(
                    f"the request could not be sent: {exc.__cause__}", kind="connection"
                ) from exc


@asynccontextmanager
async def open_client(
    url: str, key: str, concurrency: int, request_timeout_seconds: float
) -> AsyncIterator[ServerClient]:
    """A client for `concurrency` requests at once, and one connection more, so that probes never wait."""
    logging.getLogger("httpx2").setLevel(logging.WARNING)  # it logs a line per request otherwise
    transport = BoundedTransport(url, connections=concurrency + 1, timeout_seconds=request_timeout_seconds)
    http_client = httpx2.AsyncClient(transport=transport, follow_redirects=False, timeout=None)
    async with openai.AsyncOpenAI(
        api_key=key or "none", base_url=url, max_retries=0, timeout=None, http_client=http_client
    ) as sdk:
        yield ServerClient(url, sdk, Redactor(key))
