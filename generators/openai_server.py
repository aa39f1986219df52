"""Any OpenAI-compatible server, vLLM's first of all: the backend of real runs.

The SDK carries the request and tells one status from another; retries are ours (its own are off), so that
they are jittered, heed Retry-After and end in a typed error. One draw is one request with the draw's seed.
What it does not do: hold back (the pipeline bounds the draws in flight), or choose among several servers.
"""

import asyncio
import json
import logging
import os
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import httpx2
import openai

from generators.backoff import Backoff
from generators.quoting import Censor
from generators.replies import BusyError, models_of, response_of, status_error
from generators.settings import GeneratorSettings
from generators.transport import BoundedTransport
from sampling.errors import ConfigError, RefusedError, UnavailableError
from sampling.records import Draw, Problem, Prompt, Response

_OPENING_SECONDS = 30.0


class OpenAIServer:
    """Draws from one model of one server. `parameters` are sent with every request."""

    def __init__(
        self,
        client: openai.AsyncOpenAI,
        censor: Censor,
        model: str,
        parameters: Mapping[str, object],
        *,
        tries: int,
        backoff: Backoff,
    ) -> None:
        self.model = model
        self._client = client
        self._censor = censor
        self._parameters = {"model": model, **parameters}
        self._tries = tries
        self._backoff = backoff

    async def draw(self, draw: Draw, prompt: Prompt) -> Response:
        messages = [{"role": message.role, "content": message.content} for message in prompt]
        body = json.dumps({**self._parameters, "messages": messages, "seed": draw.seed}).encode("ascii")
        for tries in range(1, self._tries):
            try:
                return await self._request(body)
            except UnavailableError as exc:
                asked = exc.retry_after_seconds if isinstance(exc, BusyError) else None
            await asyncio.sleep(self._backoff.seconds(tries, asked))
        return await self._request(body)

    async def _request(self, body: bytes) -> Response:
        started = time.perf_counter()
        content = await _content(self._client, self._censor, "POST", "/chat/completions", body)
        return response_of(content, model=self.model, seconds=time.perf_counter() - started)


@asynccontextmanager
async def open_openai_server(
    settings: GeneratorSettings, problems: Mapping[str, Problem], concurrency: int
) -> AsyncIterator[OpenAIServer]:
    """The server that `settings.server` names, once it has said that it serves the model."""
    if settings.server is None:
        raise ConfigError("server: the backend 'openai' needs the base URL of one")
    key = api_key(settings.api_key_env)
    async with connected(settings.server, key, settings, concurrency) as server:
        yield server


@asynccontextmanager
async def connected(
    url: str, key: str, settings: GeneratorSettings, concurrency: int
) -> AsyncIterator[OpenAIServer]:
    """A generator on the server at `url`, "" being no `key`. Entering raises what a server can do wrong."""
    logging.getLogger("httpx2").setLevel(logging.WARNING)  # it logs a line per request otherwise
    transport = BoundedTransport(
        url, connections=concurrency, timeout_seconds=settings.request_timeout_seconds
    )
    censor = Censor(key)
    http_client = httpx2.AsyncClient(transport=transport, follow_redirects=False, timeout=None)
    async with openai.AsyncOpenAI(
        api_key=key or "none", base_url=url, max_retries=0, timeout=None, http_client=http_client
    ) as client:
        model = await _served_model(client, censor, url, settings)
        yield OpenAIServer(
            client,
            censor,
            model,
            _parameters(settings),
            tries=settings.tries,
            backoff=Backoff(settings.backoff_seconds),
        )


def api_key(variable: str) -> str:
    """The key that the environment variable holds, "" where it is unset. Raises ConfigError."""
    key = os.environ.get(variable, "").strip()
    if not (key.isascii() and key.isprintable()):
        raise ConfigError(f"api_key_env: the variable {variable} holds characters that no key has")
    return key


def _parameters(settings: GeneratorSettings) -> dict[str, object]:
    parameters: dict[str, object] = {
        "temperature": settings.temperature,
        "top_p": settings.top_p,
        "max_tokens": settings.max_tokens,
    }
    if settings.stop:
        parameters["stop"] = list(settings.stop)
    return parameters


async def _served_model(
    client: openai.AsyncOpenAI, censor: Censor, url: str, settings: GeneratorSettings
) -> str:
    """The model to ask for, after the server has listed those it serves."""
    try:
        async with asyncio.timeout(_OPENING_SECONDS):
            served = models_of(await _content(client, censor, "GET", "/models"))
    except TimeoutError as exc:
        raise UnavailableError(
            f"server: {url} did not answer in {_OPENING_SECONDS:g} s", kind="timeout"
        ) from exc
    except UnavailableError as exc:
        message = f"server: {url} cannot be used ({exc}); start it, or give the base URL of one that runs"
        raise UnavailableError(message, kind=exc.kind) from exc
    except RefusedError as exc:
        raise _refused_opening(exc, url, settings) from exc
    if settings.model is None and len(served) == 1:
        return served[0]
    known = ", ".join(map(censor.clean, served[:20])) or "none"
    if settings.model is None:
        raise ConfigError(f"model: {url} serves {len(served)} models, say which; known: {known}")
    if settings.model not in served:
        raise ConfigError(f"model: {settings.model!r} is not served by {url}; known: {known}")
    return settings.model


def _refused_opening(exc: RefusedError, url: str, settings: GeneratorSettings) -> RefusedError | ConfigError:
    if exc.kind == "auth":
        advice = f"put a valid key into the environment variable {settings.api_key_env}"
        return RefusedError(f"server: {url} refuses the key ({exc}); {advice}", kind="auth")
    return ConfigError(f"server: {url} does not list its models ({exc}); a base URL mostly ends in /v1")


async def _content(
    client: openai.AsyncOpenAI, censor: Censor, method: str, path: str, body: bytes | None = None
) -> bytes:
    """The bytes of a reply with status 200. Raises UnavailableError or RefusedError."""
    with censor.cleaning():
        try:
            if method == "GET":
                return (await client.get(path, cast_to=httpx2.Response)).content
            return (await client.post(path, cast_to=httpx2.Response, content=body)).content
        except openai.APIStatusError as exc:
            raise status_error(exc) from exc
        except openai.APIConnectionError as exc:
            raise UnavailableError(
                f"the request could not be sent: {exc.__cause__}", kind="connection"
            ) from exc
