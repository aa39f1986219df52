"""Scorer on an OpenAI-compatible server: the prompt is echoed with log probabilities, and nothing generated.

OpenAI's completions API has `echo` with `logprobs` and `max_tokens` 0, and vLLM keeps to it (0.32). Servers
of other kinds leave the echo out, in silence, which is found out when the scorer is opened. Where a reply's
tokens do not join to the text that was sent, since characters of several bytes were split, the prompt is
asked for by itself, and the text begins with the first token in which the two differ.
"""

import asyncio
import json
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from gristmill.generators import concurrency_of
from gristmill.generators.http.api_key import api_key
from gristmill.generators.http.backoff import Backoff
from gristmill.generators.http.client import ServerClient, open_client
from gristmill.generators.http.models import find_models
from gristmill.generators.http.replies import BusyError, ServedModel
from gristmill.generators.scoring.replies import Echo, echo_of
from gristmill.generators.scoring.score import Score, first_of, frame, readable, shared
from gristmill.generators.settings import GeneratorSettings
from gristmill.sampling.errors import ConfigError, RefusedError, UnavailableError, UnreadableError
from gristmill.sampling.records import Prompt

_PROBE = "The sky is blue."
_UNKNOWN_KINDS = frozenset({"http-400", "http-404", "http-405", "http-422", "http-501"})
"""How servers say that they do not know a path or a field."""


class ServerScorer:
    """Asks one server, `concurrency` requests at once; each is tried `tries` times."""

    def __init__(
        self, client: ServerClient, model: str, *, tries: int, backoff: Backoff, concurrency: int
    ) -> None:
        self.model = model
        self._client = client
        self._tries = tries
        self._backoff = backoff
        self._room = asyncio.Semaphore(concurrency)

    async def check(self) -> None:
        """Raises ConfigError where the server gives no log probabilities of a prompt."""
        prompt = frame(()) + _PROBE
        try:
            echo = await self._echo(prompt)
        except (RefusedError, UnavailableError) as error:
            if error.kind not in _UNKNOWN_KINDS:
                raise
            raise self._unable(str(error)) from error
        known = sum(token.logprob is not None for token in echo.tokens)
        if prompt not in echo.text or known < len(_PROBE.split()):
            raise self._unable("it does not echo the prompt with the log probabilities of its tokens")

    async def log_probability(self, prompt: Prompt, continuation: str) -> Score:
        opening, text = frame(prompt), readable(continuation)
        if not text:
            return Score(0.0, 0)
        tokens = (await self._echo(opening + text)).tokens
        first = first_of([token.text for token in tokens], text)
        if first is None:
            before = (await self._echo(opening)).tokens
            first = shared([token.text for token in tokens], [token.text for token in before])
        known = [token.logprob for token in tokens[first:] if token.logprob is not None]
        if not known or len(known) < len(tokens[first:]):
            raise UnreadableError("an echo without the log probabilities of its text")
        return Score(math.fsum(known), len(known))

    async def _echo(self, text: str) -> Echo:
        fields = {"model": self.model, "prompt": text, "echo": True, "logprobs": 1, "max_tokens": 0}
        body = json.dumps(fields).encode("ascii")
        tries = 0
        while True:
            try:
                async with self._room:
                    return echo_of(await self._client.post("/completions", body))
            except UnavailableError as error:
                tries += 1
                if tries >= self._tries or error.kind in _UNKNOWN_KINDS:
                    raise
                asked = error.retry_after_seconds if isinstance(error, BusyError) else None
            await asyncio.sleep(self._backoff.seconds(tries, asked))

    def _unable(self, why: str) -> ConfigError:
        return ConfigError(
            f"server: {self._client.url} gives no log probabilities of a prompt ({why}); vLLM's server does"
        )


@asynccontextmanager
async def open_server_scorer(settings: GeneratorSettings) -> AsyncIterator[ServerScorer]:
    """A scorer on the first server that the settings name, once it has shown that it can."""
    if not settings.server:
        raise ConfigError("server: scoring needs the base URL of one")
    concurrency = concurrency_of(settings)
    seconds = settings.request_timeout_seconds
    async with open_client(settings.server[0], api_key(settings.api_key_env), concurrency, seconds) as client:
        served = (await find_models([client], settings))[client.url]
        if not isinstance(served, ServedModel):
            raise served
        scorer = ServerScorer(
            client,
            served.id,
            tries=settings.tries,
            backoff=Backoff(settings.backoff_seconds),
            concurrency=concurrency,
        )
        await scorer.check()
        yield scorer
