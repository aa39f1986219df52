"""Bodies with status 200 whose content is odd, or that hold no response: each by name, made of a good one.

`READABLE` are those of which a response can be made; `UNREADABLE` the others.
"""

import gzip
import json
from collections.abc import Callable
from typing import Any

LONG_CHARACTERS = 1_500_000
HUGE_TEXT_BYTES = 20 << 20
"""More than a client reads."""

Spoil = Callable[[bytes], bytes]


def nested(depth: int) -> object:
    """A list in a list in a list, so many of them."""
    value: object = "x"
    for _ in range(depth):
        value = [value]
    return value


def _with(change: Callable[[dict[str, Any]], object]) -> Spoil:
    def spoilt(body: bytes) -> bytes:
        reply = json.loads(body)
        change(reply)
        return json.dumps(reply).encode()

    return spoilt


def _reply(**fields: object) -> Spoil:
    return _with(lambda reply: reply.update(fields))


def _choice(**fields: object) -> Spoil:
    return _with(lambda reply: reply["choices"][0].update(fields))


def _message(**fields: object) -> Spoil:
    return _with(lambda reply: reply["choices"][0]["message"].update(fields))


def _usage(**fields: object) -> Spoil:
    return _with(lambda reply: reply["usage"].update(fields))


def _logprobs(*values: object) -> Spoil:
    return _choice(logprobs={"content": [{"token": "x", "logprob": value} for value in values]})


def _content(change: Callable[[str], object]) -> Spoil:
    def changed(reply: dict[str, Any]) -> None:
        message = reply["choices"][0]["message"]
        message["content"] = change(message["content"])

    return _with(changed)


def _parts(text: str) -> list[object]:
    half = len(text) // 2
    thought = {"type": "thinking", "text": r"Perhaps \boxed{0}."}
    return [thought, {"type": "text", "text": text[:half]}, {"type": "text", "text": text[half:]}]


def _before(body: bytes, field: bytes) -> bytes:
    return b"{" + field + b", " + body.lstrip()[1:]


READABLE: dict[str, Spoil] = {
    "null": _message(content=None),
    "blank": _message(content=" \n"),
    "parts": _content(_parts),
    "nested-part": _content(lambda text: {"type": nested(900), "text": text}),
    "one-part": _content(lambda text: {"type": "text", "text": text}),
    "no-parts": _message(content=[]),
    "images": _message(content=[{"type": "image_url", "image_url": {"url": "data:,"}}, None, 7]),
    "refusal": _message(content=None, refusal="I'm sorry, but I can't help with that."),
    "tool-calls": _with(
        lambda reply: reply["choices"][0].update(
            message={"role": "assistant", "content": None, "tool_calls": [{"id": "1"}]},
            finish_reason="tool_calls",
        )
    ),
    "reasoning": _message(content=None, reasoning_content="Let me see."),
    "surrogates": _content(lambda text: f"\ud800 {text} \udfff\ud83d"),
    "nul": _content(lambda text: f"\0 {text}"),
    "escaped": _message(content="\u4e2d" * LONG_CHARACTERS),
    "long": _message(content="All is well. " * 650_000),
    "huge-text": lambda body: body.replace(
        b'"content": "', b'"content": "' + b"So " * (HUGE_TEXT_BYTES // 3)
    ),
    "no-usage": _with(lambda reply: reply.pop("usage")),
    "null-usage": _reply(usage=None),
    "odd-usage": _usage(prompt_tokens=12.5, completion_tokens=-3),
    "vast-usage": _usage(prompt_tokens=10**40, completion_tokens="many"),
    "usage-list": _reply(usage=[1, 2]),
    "nan": _logprobs(-0.5, float("nan")),
    "infinite": _logprobs(-0.5, float("-inf")),
    "positive": _logprobs(-0.5, 0.25),
    "few-logprobs": _logprobs(-0.5),
    "no-logprobs": _logprobs(),
    "odd-logprobs": _choice(logprobs=[["x", None]]),
    "no-finish": _with(lambda reply: reply["choices"][0].pop("finish_reason")),
    "null-finish": _choice(finish_reason=None),
    "new-finish": _choice(finish_reason="tired"),
    "odd-finish": _choice(finish_reason={"reason": 7}),
    "extra": _with(
        lambda reply: reply.update({"x" * 100: {"choices": None}, "": [], "usage2": {"a": 1e400}})
    ),
    "more-choices": _with(lambda reply: reply["choices"].extend([None, 7, {"message": 3}])),
    "key-twice": lambda body: _before(body, b'"choices": [], "usage": 7'),
    "digits": lambda body: _before(body, b'"created": ' + b"9" * 10_000),
    "nested": lambda body: _before(body, b'"tree": ' + b"[" * 300 + b"]" * 300),
    "bom": lambda body: b"\xef\xbb\xbf" + body,
    "utf-16": lambda body: body.decode().encode("utf-16"),
    "not-utf-8": lambda body: body.replace(b'"content": "', b'"content": "\xff\xfe\xe2\x28 '),
    "as-text": lambda body: body,
    "gzip": gzip.compress,
}

UNREADABLE: dict[str, Spoil] = {
    "truncated": lambda body: body[: len(body) // 2],
    "html": lambda body: b"<html><body>Bad gateway, served as if all were well</body></html>",
    "nothing": lambda body: b"",
    "empty": _reply(choices=[]),
    "no-choices": _with(lambda reply: reply.pop("choices")),
    "odd-choices": _reply(choices={"0": "4"}),
    "choice-null": _reply(choices=[None]),
    "no-message": _with(lambda reply: reply["choices"][0].pop("message")),
    "message-text": _choice(message="4"),
    "number": _message(content=4),
    "true": _message(content=True),
    "abort": _choice(finish_reason="abort"),
    "nested-error": lambda body: b'{"error": ' + b"[" * 940 + b"7" + b"]" * 940 + b"}",
    "error": lambda body: b'{"error": {"message": "the model is overloaded", "code": 529}}',
    "list": lambda body: b"[" + body + b"]",
    "word": lambda body: b"null",
    "stream": lambda body: b"data: " + body + b"\n\ndata: [DONE]\n\n",
    "two": lambda body: body + body,
    "deep": lambda body: _before(body, b'"tree": ' + b"[" * 100_000),
    "mojibake": lambda body: body.decode().encode("utf-16-le") + b"\xff",
    "not-gzip": lambda body: body,
    "half-gzip": lambda body: gzip.compress(body)[:-20],
    "bomb": lambda body: gzip.compress(b" " * (50 << 20), 1),
}

HEADERS: dict[str, dict[str, str]] = {
    "html": {"Content-Type": "text/html"},
    "as-text": {"Content-Type": "text/plain; charset=iso-8859-1"},
    "stream": {"Content-Type": "text/event-stream"},
    **{name: {"Content-Encoding": "gzip"} for name in ("gzip", "not-gzip", "half-gzip", "bomb")},
}
"""What is said of a body; of any other that it is JSON."""

SPOILT = READABLE | UNREADABLE
