"""Log probabilities from the embedded model: llama.cpp's server gives none for a prompt, but does for what it
writes.

So it is made to write the text: its grammar allows the text's own tokens, one after the other, and nothing
else. The log probabilities that come with them are those of the model before the grammar had its say. That is
one request a text, and takes as long as it takes to write so many tokens.

Limit: a text with characters that the model's tokenizer splits over several tokens is refused, since the
grammar of llama.cpp fails over halves of characters. With SmolLM2 these are rare signs and whole scripts,
such as Chinese, but not the accents, dashes and quotation marks of English text.
"""

import asyncio
import json
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from generators import concurrency_of
from generators.embedded import MAX_SLOTS, embedded_server
from generators.scored_replies import Piece, pieces_of, written_of
from generators.scoring import Score, frame, readable
from generators.settings import GeneratorSettings
from generators.wire import Wire, open_wire
from sampling.errors import RefusedError
from sampling.records import Prompt

TEXT_TOKENS = 1024
"""Room for the text in the context of each slot, beside the prompt."""


class EmbeddedScorer:
    """Asks the llama.cpp server at the other end of `wire`, `slots` texts at once."""

    def __init__(self, wire: Wire, slots: int) -> None:
        self._wire = wire
        self._room = asyncio.Semaphore(slots)

    async def log_probability(self, prompt: Prompt, continuation: str) -> Score:
        opening, text = frame(prompt), readable(continuation)
        if not text:
            return Score(0.0, 0)
        async with self._room:
            before, tokens = await self._pieces(opening), await self._pieces(opening + text)
            first = _shared(before, tokens)
            return await self._written(tokens[:first], tokens[first:])

    async def _pieces(self, text: str) -> list[Piece]:
        return pieces_of(await self._post("/tokenize", content=text, add_special=True, with_pieces=True))

    async def _written(self, before: list[Piece], own: list[Piece]) -> Score:
        if not all(piece.is_whole for piece in own):
            raise RefusedError("the text has characters that the model's tokenizer splits", kind="split")
        if len(own) > TEXT_TOKENS:
            message = f"the text has {len(own)} tokens, and there is room for {TEXT_TOKENS}"
            raise RefusedError(message, kind="too-long")
        reply = await self._post(
            "/completion",
            prompt=[piece.token for piece in before],
            grammar=f"root ::= {' '.join(f'<[{piece.token}]>' for piece in own)}",
            n_predict=len(own),
            n_probs=1,
            temperature=0,
        )
        written = written_of(reply)
        if [token for token, _ in written] != [piece.token for piece in own]:
            raise RefusedError(
                "llama.cpp cannot write the text in the tokens it reads it in", kind="other-tokens"
            )
        return Score(math.fsum(logprob for _, logprob in written), len(written))

    async def _post(self, path: str, **fields: object) -> bytes:
        return await self._wire.post(path, json.dumps(fields).encode("ascii"))


def _shared(some: list[Piece], others: list[Piece]) -> int:
    """How many tokens the two begin with in common."""
    pairs = enumerate(zip(some, others, strict=False))
    return next((index for index, (one, other) in pairs if one != other), min(len(some), len(others)))


@asynccontextmanager
async def open_embedded_scorer(settings: GeneratorSettings) -> AsyncIterator[EmbeddedScorer]:
    """Loads the model (again, where a generator has it already) while the block runs."""
    slots = min(concurrency_of(settings), MAX_SLOTS)
    async with (
        embedded_server(settings, slots, TEXT_TOKENS) as (address, key),
        open_wire(address, key, slots, settings.request_timeout_seconds) as wire,
    ):
        yield EmbeddedScorer(wire, slots)
