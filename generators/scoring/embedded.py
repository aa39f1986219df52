"""Scorer on the embedded model: forced decoding, a request a token. For trying things out, not for a corpus.

llama.cpp's server gives no log probabilities for a prompt, but does for what it writes. So it is made to
write the text, a token at a time: a bias leaves it no choice, and the log probability that comes with the
token is the model's own, before any bias. The prompt stays in its cache; a text of a hundred tokens takes a
second or two of both cores.

Limit: a text with characters that the tokenizer splits over several tokens is refused, since llama.cpp
tells nothing of a token that ends within a character. With SmolLM2 these are rare signs and whole scripts,
such as Chinese, but not the accents and quotation marks of English text.
"""

import asyncio
import json
import math
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from gristmill.generators import concurrency_of
from gristmill.generators.embedded import MAX_SLOTS, embedded_server
from gristmill.generators.http.client import ServerClient, open_client
from gristmill.generators.scoring.replies import tokens_of, written_of
from gristmill.generators.scoring.score import Score, frame, readable, shared
from gristmill.generators.settings import GeneratorSettings
from gristmill.sampling.errors import RefusedError
from gristmill.sampling.records import Prompt

TEXT_TOKENS = 1024
"""Room for the text in the context of each slot, beside the prompt."""

_FORCED = 1e6


class EmbeddedScorer:
    """Asks the llama.cpp server at the other end of `client`, which has so many `slots`, one text in each.

    Refuses texts that are `too-long`, or `split`: see the limit above.
    """

    def __init__(self, client: ServerClient, slots: int) -> None:
        self._client = client
        self._slots: asyncio.Queue[int] = asyncio.Queue()
        for slot in range(slots):
            self._slots.put_nowait(slot)

    async def log_probability(self, prompt: Prompt, continuation: str) -> Score:
        opening, text = frame(prompt), readable(continuation)
        if not text:
            return Score(0.0, 0)
        tokens = await self._tokens(opening + text)
        first = shared(tokens, await self._tokens(opening))
        if len(tokens) - first > TEXT_TOKENS:
            message = f"the text has {len(tokens) - first} tokens, and there is room for {TEXT_TOKENS}"
            raise RefusedError(message, kind="too-long")
        slot = await self._slots.get()
        try:
            logprobs = [
                await self._logprob(slot, tokens[:end], tokens[end]) for end in range(first, len(tokens))
            ]
        finally:
            self._slots.put_nowait(slot)
        return Score(math.fsum(logprobs), len(logprobs))

    async def _tokens(self, text: str) -> list[int]:
        return tokens_of(await self._post("/tokenize", content=text, add_special=True, parse_special=False))

    async def _logprob(self, slot: int, before: Sequence[int], token: int) -> float:
        fields = {"prompt": before, "logit_bias": [[token, _FORCED]], "id_slot": slot}
        reply = await self._post("/completion", n_predict=1, n_probs=1, temperature=0, **fields)
        for written, logprob in written_of(reply):
            if written == token:
                return logprob
        raise RefusedError("the text has characters that the model's tokenizer splits", kind="split")

    async def _post(self, path: str, **fields: object) -> bytes:
        return await self._client.post(path, json.dumps(fields).encode("ascii"))


@asynccontextmanager
async def open_embedded_scorer(settings: GeneratorSettings) -> AsyncIterator[EmbeddedScorer]:
    """Loads the model (again, where a generator has it already) while the block runs."""
    slots = min(concurrency_of(settings), MAX_SLOTS)
    async with (
        embedded_server(settings, slots, TEXT_TOKENS) as (address, key),
        open_client(address, key, slots, settings.request_timeout_seconds) as client,
    ):
        yield EmbeddedScorer(client, slots)
