"""Reading a server's replies: a body becomes a record, a status becomes a typed error.

JSON is read as leniently as it can be without guessing: a byte order mark, NaN, lone surrogates, bytes that
are not UTF-8 and numbers of any length are taken. A reply that is not what the API promises (HTML with
status 200, half a JSON) is an UnreadableError. What a reply to a chat request may lack is told in `chat`.
"""

import json
import math
from typing import Annotated, TypeVar

import openai
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from gristmill.generators.http.backoff import retry_after_seconds
from gristmill.sampling.errors import GristmillError, RefusedError, UnavailableError, UnreadableError

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


def _none_where_wrong(value: object, read_value: ValidatorFunctionWrapHandler) -> object:
    try:
        return read_value(value)
    except ValidationError:
        return None


OR_NONE = WrapValidator(_none_where_wrong)
"""Of a field that can be done without: None where its value makes no sense."""

Word = Annotated[str | None, OR_NONE]


class ServedModel(Reply):
    """A model as a server lists it. vLLM and others add the context's length in tokens."""

    id: str
    owned_by: Word = None
    max_model_len: Annotated[Annotated[int, Field(gt=0)] | None, OR_NONE] = None


class _Models(Reply):
    data: list[ServedModel]


def models_of(body: bytes) -> list[ServedModel]:
    """The models in a reply to /models. Raises UnreadableError."""
    return read(_Models, body).data


def status_error(exc: openai.APIStatusError) -> GristmillError:
    """The error that a status stands for, with all that the server says of it, as it says it."""
    status = exc.status_code
    error, kind = STATUS_ERRORS.get(status) or _by_class(status)
    told = (word for word in (exc.code, exc.type, exc.param) if isinstance(word, str))
    if status == 400 and not TOO_LONG.isdisjoint(told):
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
    return in_words(exc.body) or exc.response.headers.get("location", "no more is said")


def in_words(error: object) -> str:
    """The message of an error that came as JSON, or all that it holds; "" for nothing."""
    words = error.get("message", error) if isinstance(error, dict) else error
    try:
        return str(words or "")
    except RecursionError:
        return "an error that is nested too deeply to be shown"


def read(kind: type[_Kind], body: bytes) -> _Kind:
    """Raises UnreadableError, with the first field that is wrong."""
    return checked(kind, value_of(body))


def checked(kind: type[_Kind], value: object) -> _Kind:
    """As `read`, of what `value_of` gave."""
    try:
        return kind.model_validate(value)
    except ValidationError as exc:
        first = exc.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "body"
        raise UnreadableError(f"not a reply of the API: {where}: {first['msg']}") from exc


def value_of(body: bytes) -> object:
    """The JSON in a body. Raises UnreadableError. Pydantic's own parser takes no lone surrogate."""
    try:
        return _JSON.decode(body.decode(json.detect_encoding(body), "replace"))
    except (ValueError, RecursionError) as exc:
        why = "nested too deeply" if isinstance(exc, RecursionError) else "not JSON"
        raise UnreadableError(f"not a reply of the API: body: {why}") from exc


def _integer(digits: str) -> float:
    """Python refuses to read an integer of thousands of digits; none that is used has as many as twenty."""
    return int(digits) if len(digits) < 20 else math.inf


_JSON = json.JSONDecoder(parse_int=_integer)
