"""Strict parsing of a server's replies: a body becomes a Response, a status becomes a typed error.

A reply that is not what the API promises (HTML with status 200, half a JSON, no choices, no usage) is an
UnavailableError of kind `bad-body`: the server or a proxy before it is at fault, and asking again may help.
So is one that the server broke off (`abort`) or that does not say how it ended: whether it is whole cannot
be told. Empty content is taken as it is where the finish reason explains it (cut off while still reasoning, a
tool called, filtered).
"""

import math
from typing import Any, TypeVar

import openai
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gristmill.generators.http.backoff import retry_after_seconds
from gristmill.sampling.errors import GristmillError, RefusedError, UnavailableError
from gristmill.sampling.records import FinishReason, Response

_FINISH = {
    "stop": FinishReason.STOP,
    "eos": FinishReason.STOP,
    "eos_token": FinishReason.STOP,
    "end_turn": FinishReason.STOP,
    "stop_sequence": FinishReason.STOP,
    "length": FinishReason.LENGTH,
    "max_tokens": FinishReason.LENGTH,
    "model_length": FinishReason.LENGTH,
}
"""By the words of OpenAI, vLLM and llama.cpp, TGI, Anthropic and Mistral; any other is `OTHER`."""

_BROKEN_OFF = frozenset({"", "abort"})

STATUS_ERRORS: dict[int, tuple[type[UnavailableError] | type[RefusedError], str]] = {
    400: (RefusedError, "http-400"),
    401: (RefusedError, "auth"),
    403: (RefusedError, "auth"),
    404: (RefusedError, "http-404"),
    408: (UnavailableError, "http-408"),
    409: (UnavailableError, "http-409"),
    413: (RefusedError, "too-long"),
    422: (RefusedError, "http-422"),
    425: (UnavailableError, "http-425"),
    429: (UnavailableError, "http-429"),
}
"""Status to error and kind. Others: 4xx is refused, 5xx unavailable (both `http-STATUS`), 3xx a `redirect`.
"""

TOO_LONG = frozenset({"context_length_exceeded", "exceed_context_size_error", "input_tokens"})
"""The code, type or parameter by which OpenAI, llama.cpp and vLLM tell a prompt that does not fit."""


class BusyError(UnavailableError):
    """An UnavailableError that says when to come back, in seconds from now (None: it does not say)."""

    def __init__(self, message: str, *, kind: str, retry_after_seconds: float | None = None) -> None:
        super().__init__(message, kind=kind)
        self.retry_after_seconds = retry_after_seconds


class Reply(BaseModel):
    """Servers add fields of their own, so what is not read is ignored; errors do not quote what was sent."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)


_Kind = TypeVar("_Kind", bound=Reply)


class _Message(Reply):
    content: str | None = None
    refusal: str | None = None


class _Token(Reply):
    logprob: float = Field(le=0)


class _Logprobs(Reply):
    content: list[_Token] | None = None


class _Choice(Reply):
    message: _Message
    finish_reason: str | None = None
    logprobs: _Logprobs | None = None


class _Usage(Reply):
    prompt_tokens: int = Field(ge=0, lt=1 << 31)
    completion_tokens: int = Field(ge=0, lt=1 << 31)


class _Chat(Reply):
    choices: list[_Choice] = Field(min_length=1)
    usage: _Usage


class ServedModel(Reply):
    """A model as a server lists it. vLLM and others add the context's length in tokens."""

    id: str
    owned_by: str | None = None
    max_model_len: int | None = None


class _Models(Reply):
    data: list[ServedModel]


def response_of(body: bytes, *, model: str, seconds: float) -> Response:
    """Raises UnavailableError `bad-body` where `body` is no reply to a chat request."""
    chat = read(_Chat, body)
    message, reason = chat.choices[0].message, (chat.choices[0].finish_reason or "").lower()
    if reason in _BROKEN_OFF:
        raise UnavailableError(f"a reply that ended by {reason or 'no given reason'}", kind="bad-body")
    finish = _FINISH.get(reason, FinishReason.OTHER)
    text = message.content if message.content is not None else message.refusal
    if text is None and finish is FinishReason.STOP:
        raise UnavailableError("a reply without content", kind="bad-body")
    return Response(
        text=text or "",
        finish_reason=finish,
        prompt_tokens=chat.usage.prompt_tokens,
        completion_tokens=chat.usage.completion_tokens,
        seconds=seconds,
        model=model,
        cumulative_logprob=_cumulative(chat.choices[0].logprobs),
    )


def _cumulative(logprobs: _Logprobs | None) -> float | None:
    """None where a server sends none, asked or not."""
    if logprobs is None or logprobs.content is None:
        return None
    return math.fsum(token.logprob for token in logprobs.content)


def models_of(body: bytes) -> list[ServedModel]:
    """The models in a reply to /models. Raises UnavailableError `bad-body`."""
    return read(_Models, body).data


def status_error(exc: openai.APIStatusError) -> GristmillError:
    """The error that a status stands for, with all that the server says of it, as it says it."""
    status = exc.status_code
    error, kind = STATUS_ERRORS.get(status) or _by_class(status)
    if status == 400 and TOO_LONG & {exc.code, exc.type, exc.param}:
        kind = "too-long"
    message = f"status {status}: {_said(exc)}"
    if error is UnavailableError:
        return BusyError(message, kind=kind, retry_after_seconds=retry_after_seconds(exc.response.headers))
    return error(message, kind=kind)


def _by_class(status: int) -> tuple[type[UnavailableError] | type[RefusedError], str]:
    if status < 400:
        return UnavailableError, "redirect"
    return (RefusedError if status < 500 else UnavailableError), f"http-{status}"


def _said(exc: openai.APIStatusError) -> str:
    body: Any = exc.body
    words = body.get("message", body) if isinstance(body, dict) else body
    return str(words or exc.response.headers.get("location", "no more is said"))


def read(kind: type[_Kind], body: bytes) -> _Kind:
    """Raises UnavailableError `bad-body`, with the first field that is wrong."""
    try:
        return kind.model_validate_json(body)
    except ValidationError as exc:
        first = exc.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "body"
        raise UnavailableError(f"not a reply of the API: {where}: {first['msg']}", kind="bad-body") from exc
