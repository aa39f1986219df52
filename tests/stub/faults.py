"""Faults that the stub server can play, by name: statuses, resets, slow and garbled replies.

A fault is written `NAME` or `STATUS`, with `@VALUE` for a Retry-After header: `reset`, `503`, `429@2`.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import count

from aiohttp import web

from gristmill.sampling.errors import ConfigError

HUGE_BYTES = 50_000_000
_CHUNK = b" " * 65_536


class FaultKind(StrEnum):
    """`STATUS` answers with a status code; the others are told by their names."""

    STATUS = "status"
    CLOSE = "close"
    RESET = "reset"
    HANG = "hang"
    TRICKLE = "trickle"
    TRUNCATED = "truncated"
    HTML = "html"
    NULL = "null"
    EMPTY = "empty"
    NO_USAGE = "no-usage"
    HUGE = "huge"
    REDIRECT = "redirect"


@dataclass(frozen=True, slots=True)
class Fault:
    kind: FaultKind
    status: int = 200
    retry_after: str | None = None

    def __str__(self) -> str:
        """As `parse_fault` reads it."""
        name = str(self.status) if self.kind is FaultKind.STATUS else self.kind.value
        return name if self.retry_after is None else f"{name}@{self.retry_after}"


Schedule = Callable[[int], Fault | None]
"""From the number of a chat request (0, 1, ...) to the fault it meets."""


def parse_fault(text: str) -> Fault:
    """Raises ConfigError that names the known faults."""
    name, _, retry_after = text.partition("@")
    if name.isdigit() and 400 <= int(name) < 600:
        return Fault(FaultKind.STATUS, int(name), retry_after or None)
    known = [kind.value for kind in FaultKind if kind is not FaultKind.STATUS]
    if name not in known:
        raise ConfigError(f"fault: {text!r} is not known; known: a status of 400 to 599, {', '.join(known)}")
    return Fault(FaultKind(name), retry_after=retry_after or None)


def at_first(faults: Sequence[Fault]) -> Schedule:
    """The first requests meet these faults in order; later ones meet none."""
    return lambda number: faults[number] if number < len(faults) else None


def at_every(step: int, faults: Sequence[Fault]) -> Schedule:
    """Every `step`-th request meets a fault, each of them in turn, for ever."""
    return lambda number: (
        faults[number // step % len(faults)] if faults and number % step == step - 1 else None
    )


def at_numbers(faults: Mapping[int, Fault]) -> Schedule:
    """The requests of these numbers meet these faults. Servers that share the schedule share the numbers."""
    numbers = count()
    return lambda _: faults.get(next(numbers))


async def play(fault: Fault, request: web.Request, body: bytes) -> web.StreamResponse:
    """Answers `request` by the fault; `body` is the reply that it would have got."""
    headers = {} if fault.retry_after is None else {"Retry-After": fault.retry_after}
    match fault.kind:
        case FaultKind.STATUS:
            echo = request.headers.get("Authorization", "")
            error = {"error": {"message": f"status {fault.status} for {echo}", "type": "stub", "code": None}}
            return web.json_response(error, status=fault.status, headers=headers)
        case FaultKind.REDIRECT:
            return web.Response(status=307, headers={"Location": "/elsewhere"})
        case FaultKind.HANG:
            await asyncio.Event().wait()
        case FaultKind.CLOSE | FaultKind.RESET | FaultKind.TRICKLE:
            return await _broken_off(fault.kind, request, body)
        case FaultKind.HUGE:
            return await _huge(request)
    return web.Response(body=_spoilt(fault.kind, body), content_type=_content_type(fault.kind))


def _content_type(kind: FaultKind) -> str:
    return "text/html" if kind is FaultKind.HTML else "application/json"


def _spoilt(kind: FaultKind, body: bytes) -> bytes:
    spoilt = {
        FaultKind.TRUNCATED: body[: len(body) // 2],
        FaultKind.HTML: b"<html><body>Bad gateway, served as if all were well</body></html>",
        FaultKind.NULL: _choices(b'{"message": {"content": null}, "finish_reason": "stop"}'),
        FaultKind.EMPTY: _choices(b""),
        FaultKind.NO_USAGE: b'{"choices": [{"message": {"content": "1"}, "finish_reason": "stop"}]}',
    }
    return spoilt[kind]


def _choices(choice: bytes) -> bytes:
    return b'{"choices": [' + choice + b'], "usage": {"prompt_tokens": 1, "completion_tokens": 1}}'


async def _broken_off(kind: FaultKind, request: web.Request, body: bytes) -> web.StreamResponse:
    """Closes before a byte, after half the body, or sends a byte a tenth of a second and never ends."""
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    response.content_length = len(body)
    if kind is not FaultKind.CLOSE:
        await response.prepare(request)
        await response.write(body[: len(body) // 2] if kind is FaultKind.RESET else body[:1])
    while kind is FaultKind.TRICKLE:
        await response.write(b" ")
        await asyncio.sleep(0.1)
    if request.transport is not None:
        request.transport.abort()
    return response


async def _huge(request: web.Request) -> web.StreamResponse:
    """50 MB without a Content-Length, so that only counting can stop it."""
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    for _ in range(HUGE_BYTES // len(_CHUNK)):
        await response.write(_CHUNK)
    return response
