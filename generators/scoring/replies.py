"""Strict parsing of log probabilities: echoed prompts, and llama.cpp's `completion_probabilities`.

One that does not hold together is an UnreadableError.
"""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from gristmill.generators.http.replies import Reply, read
from gristmill.sampling.errors import UnreadableError

_Logprob = Annotated[float, Field(allow_inf_nan=False)]


@dataclass(frozen=True, slots=True)
class EchoToken:
    """`logprob` is natural; None for the first token of a text, which nothing precedes."""

    text: str
    logprob: float | None


@dataclass(frozen=True, slots=True)
class Echo:
    """A prompt as it comes back with its tokens; none where the server gives none."""

    text: str
    tokens: tuple[EchoToken, ...]


class _EchoLogprobs(Reply):
    tokens: list[str] = Field(default_factory=list)
    token_logprobs: list[_Logprob | None] = Field(default_factory=list)


class _EchoChoice(Reply):
    text: str = ""
    logprobs: _EchoLogprobs | None = None


class _Completion(Reply):
    choices: list[_EchoChoice] = Field(min_length=1)


class _Tokens(Reply):
    tokens: list[int]


class _Written(Reply):
    id: int
    logprob: _Logprob


class _Completed(Reply):
    completion_probabilities: list[_Written] = Field(default_factory=list)


def echo_of(body: bytes) -> Echo:
    """Raises UnreadableError where `body` is no reply to a completion request."""
    choice = read(_Completion, body).choices[0]
    found = choice.logprobs or _EchoLogprobs()
    if len(found.tokens) != len(found.token_logprobs):
        raise UnreadableError("a reply with more tokens than log probabilities, or fewer")
    tokens = zip(found.tokens, found.token_logprobs, strict=True)
    return Echo(choice.text, tuple(EchoToken(token, logprob) for token, logprob in tokens))


def tokens_of(body: bytes) -> list[int]:
    """The tokens in llama.cpp's reply to /tokenize. Raises UnreadableError."""
    return read(_Tokens, body).tokens


def written_of(body: bytes) -> list[tuple[int, float]]:
    """Tokens and their log probabilities in llama.cpp's reply to /completion with `n_probs`.

    Raises UnreadableError.
    """
    return [(token.id, token.logprob) for token in read(_Completed, body).completion_probabilities]
