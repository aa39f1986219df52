"""Backend `openai`: draws from one or several OpenAI-compatible servers, such as vLLM's.

The SDK sends a request and tells one status from another; retries are ours (its own are off), so that they
are jittered, go to the least loaded server, and end in a typed error. One draw is one request with the
draw's seed. A server that is busy costs a draw none of its tries: the draw waits for its turn. A reply that
cannot be read is asked for again, but not often: the same seed may well bring the same bytes. A prompt that
ends in the assistant's own words is continued, where the server is vLLM or llama.cpp.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from time import perf_counter

from gristmill.generators.http.api_key import api_key
from gristmill.generators.http.backoff import Backoff
from gristmill.generators.http.client import ServerClient, open_client
from gristmill.generators.http.endpoint import BUSY, Endpoint
from gristmill.generators.http.models import find_models
from gristmill.generators.http.parameters import LLAMA_CPP, VLLM, parameters_of
from gristmill.generators.http.pool import EndpointPool
from gristmill.generators.http.replies import ServedModel
from gristmill.generators.settings import GeneratorSettings
from gristmill.sampling.errors import (
    ConfigError,
    OutageError,
    RefusedError,
    UnavailableError,
    UnreadableError,
)
from gristmill.sampling.records import Draw, Failure, Problem, Prompt, Response, Structure

_MOST_BUSY = 20
"""Refusals for being busy that cost a draw no try. There are prompts that are always too much."""


_MOST_UNREADABLE = 3
"""Replies to one draw that cannot be read, after which the draw is given up."""


class OpenAIServer:
    """Draws from one model that the servers of `pool` serve. `parameters` go out with every request."""

    def __init__(
        self,
        pool: EndpointPool,
        model: str,
        parameters: Mapping[str, object],
        *,
        echoes: bool,
        tries: int,
        backoff: Backoff,
    ) -> None:
        """`echoes`: what is continued comes back in front of the continuation, as from llama.cpp."""
        self.model = model
        self._echoes = echoes
        self._pool = pool
        self._parameters = {"model": model, **parameters}
        self._tries = tries
        self._backoff = backoff
        self._failures: list[Failure] = []

    @property
    def condition(self) -> str:
        return self._pool.condition

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        return self._pool.endpoints

    def drain_failures(self) -> list[Failure]:
        drained, self._failures = self._failures, []
        return drained

    async def draw(self, draw: Draw, prompt: Prompt) -> Response:
        body = json.dumps({**self._parameters, **own_fields(draw, prompt)}).encode("ascii")
        tries, avoided = _Tries(self._tries), set[Endpoint]()
        while True:
            try:
                async with self._pool.slot(draw.problem_id, avoided) as endpoint:
                    started = perf_counter()
                    response = await endpoint.client.chat(body, self.model)
                return self._without_echo(response, prompt)
            except OutageError:
                raise
            except (UnavailableError, RefusedError) as error:
                is_refused = isinstance(error, RefusedError)
                if (is_refused and not self._pool.is_servers_fault(error)) or tries.end_with(error):
                    raise
                if is_refused or isinstance(error, UnreadableError):
                    avoided.add(endpoint)  # another one may do better
                self._failures.append(Failure(draw, error.kind, str(error), perf_counter() - started))
                busy = error.kind == BUSY
            if not busy:
                await asyncio.sleep(self._backoff.seconds(tries.failed + tries.unreadable))

    def _without_echo(self, response: Response, prompt: Prompt) -> Response:
        if not self._echoes or prompt[-1].role != "assistant":
            return response
        return replace(response, text=response.text.removeprefix(prompt[-1].content))


@dataclass(slots=True)
class _Tries:
    """Tries of one draw that brought nothing, of `most` that may fail."""

    most: int
    failed: int = 0
    busy: int = 0
    unreadable: int = 0

    def end_with(self, error: UnavailableError | RefusedError) -> bool:
        """Counts a try that ended so, and says whether there is to be no other."""
        if isinstance(error, UnreadableError):
            self.unreadable += 1
            return self.unreadable >= min(self.most, _MOST_UNREADABLE)
        self.busy += error.kind == BUSY
        self.failed += error.kind != BUSY or self.busy > _MOST_BUSY
        return self.failed >= self.most


def own_fields(draw: Draw, prompt: Prompt) -> dict[str, object]:
    """The fields of one draw's request. An assistant's message at the end is continued and not answered."""
    fields: dict[str, object] = {
        "messages": [{"role": message.role, "content": message.content} for message in prompt],
        "seed": draw.seed,
    }
    if prompt[-1].role == "assistant":
        fields.update(add_generation_prompt=False, continue_final_message=True)
    return fields


@asynccontextmanager
async def open_openai_server(
    settings: GeneratorSettings,
    problems: Mapping[str, Problem],
    concurrency: int,
    structure: Structure | None,
) -> AsyncIterator[OpenAIServer]:
    """The servers that the settings name, once they have said that they serve the model."""
    if not settings.server:
        raise ConfigError("server: the backend 'openai' needs the base URL of one")
    key = api_key(settings.api_key_env)
    async with connected(settings.server, key, settings, concurrency, structure) as generator:
        yield generator


@asynccontextmanager
async def connected(
    urls: Sequence[str],
    key: str,
    settings: GeneratorSettings,
    concurrency: int,
    structure: Structure | None,
) -> AsyncIterator[OpenAIServer]:
    """A generator on the servers at `urls`, "" being no `key`. Entering raises what a server can do wrong."""
    async with AsyncExitStack() as stack:
        seconds = settings.request_timeout_seconds
        clients = [
            await stack.enter_async_context(open_client(url, key, concurrency, seconds)) for url in urls
        ]
        served = await find_models(clients, settings)
        endpoints = [_endpoint(client, served[client.url], concurrency) for client in clients]
        model = next(found for found in served.values() if isinstance(found, ServedModel))
        if settings.tool_rounds and model.owned_by not in (VLLM, LLAMA_CPP):
            raise ConfigError(
                "tool_rounds: the server must continue what an assistant began, as vLLM and llama.cpp do; "
                f"{urls[0]} does not say that it is one of them"
            )
        pool = await stack.enter_async_context(EndpointPool(endpoints, model.id, settings.outage_seconds))
        parameters = parameters_of(settings, structure, model.owned_by)
        yield OpenAIServer(
            pool,
            model.id,
            parameters,
            echoes=model.owned_by == LLAMA_CPP,
            tries=settings.tries,
            backoff=Backoff(settings.backoff_seconds),
        )


def _endpoint(client: ServerClient, found: ServedModel | UnavailableError, concurrency: int) -> Endpoint:
    """A server that is not there yet begins as one that is out."""
    endpoint = Endpoint(client, concurrency)
    if isinstance(found, UnavailableError):
        endpoint.mark_down(found)
    return endpoint
