"""Scoring: the log probability of a text after a prompt under a model, and the ratio of perplexities.

What the filter of "David vs Goliath" (arXiv 2308.12711) asks: does an instruction make its fragment likelier?
The answer is a ratio of perplexities, of the fragment after the instruction and of the fragment alone; under
1 it does. The paper's own threshold is not known, and a ratio says something beside others of the same model
alone.

The prompt is put in a plain frame ("Instruction: ... Response: ...", on lines of their own) and not in a chat
template, so that any model can be asked, and a text alone is asked for after "Response:". That way the
text's first token has a log probability in both, and its tokens are mostly the same ones. A token that begins
before the text and ends in it counts as the text's.

Which backends can: `openai`, where the server gives the log probabilities of a prompt, as vLLM does;
`embedded`, slowly; `scripted`, by the rule of `scoring/scripted.py`.
"""

import math
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol, cast

from gristmill.generators.scoring.scripted import scripted_tokens
from gristmill.generators.settings import BackendName, GeneratorSettings
from gristmill.sampling.errors import ConfigError
from gristmill.sampling.records import Message, Prompt

_LABELS = {"system": "System", "user": "Instruction", "assistant": "Response"}
_LARGEST_EXPONENT = 700.0
"""e to the power of more is no float."""


@dataclass(frozen=True, slots=True)
class Score:
    """`log_probability` is the natural logarithm, summed over so many `tokens`."""

    log_probability: float
    tokens: int

    @property
    def mean(self) -> float:
        """Per token; 0 where there is none."""
        return self.log_probability / self.tokens if self.tokens else 0.0


class PromptScorer(Protocol):
    """Gives the score of a text after a prompt, or after no prompt: ().

    Raises UnavailableError, or RefusedError for a text that the model cannot take (too long: kind
    `too-long`).
    """

    async def log_probability(self, prompt: Prompt, continuation: str) -> Score: ...


class Opener(Protocol):
    def __call__(self, settings: GeneratorSettings, /) -> AbstractAsyncContextManager[PromptScorer]: ...


async def perplexity_ratio(scorer: PromptScorer, instruction: str, fragment: str) -> float:
    """Perplexity of the fragment after the instruction over that of the fragment alone: under 1 where the
    instruction makes it likelier. 1 for a fragment without tokens, and never over e to the 700.
    """
    given = await scorer.log_probability((Message("user", instruction),), fragment)
    alone = await scorer.log_probability((), fragment)
    return math.exp(min(_LARGEST_EXPONENT, alone.mean - given.mean))


def frame(prompt: Prompt) -> str:
    """What is read before the text. It ends with a line end, behind which most tokenizers begin a token."""
    turns = "".join(f"{_LABELS.get(turn.role, turn.role)}:\n{turn.content}\n\n" for turn in prompt)
    return readable(f"{turns}Response:\n")


def readable(text: str) -> str:
    """The text with a question mark for what UTF-8 cannot hold: a surrogate on its own."""
    return text.encode("utf-8", "replace").decode("utf-8")


def first_of(tokens: Sequence[str], text: str) -> int | None:
    """The index of the first of `tokens` that is of `text`, with which they end when they are joined; None
    where they do not. Tokens of no characters at the border are the first bytes of the text's first one.
    """
    joined = "".join(tokens)
    if not joined.endswith(text):
        return None
    border, end = len(joined) - len(text), 0
    for index, token in enumerate(tokens):
        end += len(token)
        if end > border or (end == border and not token):
            return index
    return len(tokens)


def shared(some: Sequence[object], others: Sequence[object]) -> int:
    """How many tokens the two begin with in common: those of a prompt, with and without a text behind it."""
    pairs = enumerate(zip(some, others, strict=False))
    return next((index for index, (one, other) in pairs if one != other), min(len(some), len(others)))


class ScriptedScorer:
    """By the rule of `scripted_tokens`."""

    async def log_probability(self, prompt: Prompt, continuation: str) -> Score:
        text = readable(continuation)
        tokens = scripted_tokens(frame(prompt) + text)
        first = first_of([token for token, _ in tokens], text) or 0
        own = tokens[first:] if text else []
        return Score(math.fsum(logprob for _, logprob in own), len(own))


@asynccontextmanager
async def open_scripted_scorer(settings: GeneratorSettings) -> AsyncIterator[ScriptedScorer]:
    yield ScriptedScorer()


_OPENERS: dict[BackendName, tuple[str, str]] = {
    "openai": ("gristmill.generators.scoring.server", "open_server_scorer"),
    "embedded": ("gristmill.generators.scoring.embedded", "open_embedded_scorer"),
    "scripted": ("gristmill.generators.scoring.score", "open_scripted_scorer"),
}
"""Module, imported when a scorer of it is opened and not before, and the function in it."""


def open_scorer(settings: GeneratorSettings) -> AbstractAsyncContextManager[PromptScorer]:
    """A scorer on the model that the settings name; of several servers the first one is asked.

    Raises ConfigError, on entering at the latest, for a backend or a server that gives no log probabilities
    of a prompt; entering raises RefusedError and UnavailableError as well.
    """
    if settings.backend not in _OPENERS:
        raise ConfigError(
            f"backend: {settings.backend!r} cannot score texts, which would need a second engine beside the "
            "one that draws; use a vLLM server: `gristmill vllm` starts one, --server names it"
        )
    module, opener = _OPENERS[settings.backend]
    return cast(Opener, getattr(import_module(module), opener))(settings)
