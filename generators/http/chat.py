"""Reading a reply to a chat request: whatever is well formed becomes a response, as far as it can be read.

What is odd about a response is for its verdict to say, so that no field but the message itself is needed.
Where others are missing or make no sense, they are not known:

    content        null, or parts without text: an empty text; parts with text: their texts, joined
    finish_reason  `OTHER`
    usage          0 tokens; those of the response are counted by their log probabilities, where there are any
    logprobs       None: where one is NaN, positive or missing

Text is made of whole characters: a surrogate on its own is replaced by U+FFFD. Of a body that was cut for its
length the text is read as far as it goes, and a text of over `LONGEST_TEXT` is cut; both are of `LENGTH`.
UnreadableError is left for a body that is no JSON, that has no message, or that the server broke off.
"""

import math
from typing import Annotated, Any

from pydantic import BeforeValidator, Field
from pydantic_core import from_json

from gristmill.generators.http.replies import OR_NONE, Reply, Word, checked, in_words, value_of
from gristmill.sampling.errors import UnreadableError
from gristmill.sampling.records import FinishReason, Response

LONGEST_TEXT = 2_000_000
"""Characters. A verdict takes in twice as many, with problem and all."""

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

_BROKEN_OFF = "abort"
"""Said by vLLM of a request that it gave up: the response ends anywhere, and would not the next time."""

_THOUGHT = ("think", "reason")
"""In the type of a content part that is no part of the answer, such as Mistral's `thinking`."""

_LEAST_LOGPROB = -1e9
"""The sum of so many as a body holds is finite."""

_MOST_WITHOUT_LOGPROB = 8
"""Tokens that count as the response's though no log probability comes with them: its end, a stop string."""


def _first(value: object) -> object:
    return value[:1] if isinstance(value, list) else value


_Count = Annotated[Annotated[int, Field(ge=0, lt=1 << 31)] | None, OR_NONE]


class _Message(Reply):
    content: Any = None
    refusal: Word = None


class _Choice(Reply):
    message: _Message
    finish_reason: Word = None
    logprobs: Any = None


class _Usage(Reply):
    prompt_tokens: _Count = None
    completion_tokens: _Count = None


class _Chat(Reply):
    choices: Annotated[list[_Choice], BeforeValidator(_first), Field(min_length=1)]
    usage: Annotated[_Usage | None, OR_NONE] = None


def response_of(body: bytes, *, model: str, seconds: float, cut: bool = False) -> Response:
    """`cut`: the body goes on after these bytes. Raises UnreadableError."""
    value = _beginning(body) if cut else value_of(body)
    if isinstance(value, dict) and value.get("error") and not value.get("choices"):
        raise UnreadableError(f"an error in place of a reply: {in_words(value['error'])}")
    chat = checked(_Chat, value)
    choice, usage = chat.choices[0], chat.usage or _Usage()
    reason = (choice.finish_reason or "").strip().lower()
    if reason == _BROKEN_OFF:
        raise UnreadableError("the server broke the response off (abort)")
    text = _whole(_text(choice.message.content) or choice.message.refusal or "")
    if cut and not text:
        raise UnreadableError("a reply that is too long, and has no text at its beginning")
    too_long = cut or len(text) > LONGEST_TEXT
    logprobs = _logprobs(choice.logprobs)
    completion = len(logprobs) if usage.completion_tokens is None else usage.completion_tokens
    return Response(
        text=text[:LONGEST_TEXT],
        finish_reason=FinishReason.LENGTH if too_long else _FINISH.get(reason, FinishReason.OTHER),
        prompt_tokens=usage.prompt_tokens or 0,
        completion_tokens=completion,
        seconds=seconds,
        model=model,
        cumulative_logprob=_cumulative(logprobs, completion),
    )


def _beginning(body: bytes) -> object:
    """What a body that was cut says before it ends, its last string included."""
    try:
        return from_json(body, allow_partial="trailing-strings")
    except ValueError as exc:
        raise UnreadableError("a reply that is too long, and is not JSON") from exc


def _text(content: object) -> str:
    """The text of a message: a string, or parts that have texts. Raises UnreadableError for anything else."""
    if isinstance(content, str):
        return content
    parts = [content] if isinstance(content, dict) else content
    if parts is None or isinstance(parts, list):
        return "".join(_part_text(part) for part in parts or ())
    raise UnreadableError(f"not a reply of the API: the content is a {type(content).__name__}")


def _part_text(part: object) -> str:
    if not isinstance(part, dict):
        return part if isinstance(part, str) else ""
    kind, text = part.get("type"), part.get("text")
    if isinstance(kind, str) and any(word in kind for word in _THOUGHT):
        return ""
    return text if isinstance(text, str) else ""


def _whole(text: str) -> str:
    """Surrogates joined where they are a pair, and replaced where they are not."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _logprobs(told: Any) -> list[float]:
    """Natural, of each token; [] where there are none, or one is none. By hand, since there are thousands."""
    try:
        values = [float(token["logprob"]) for token in told["content"]]
    except (TypeError, KeyError, ValueError):
        return []
    return values if all(_LEAST_LOGPROB <= value <= 0 for value in values) else []


def _cumulative(logprobs: list[float], completion_tokens: int) -> float | None:
    """None where there are none, asked or not, or so few or many that they are not the response's."""
    missing = completion_tokens - len(logprobs)
    if not logprobs or not -1 <= missing <= _MOST_WITHOUT_LOGPROB:
        return None
    return math.fsum(logprobs)
