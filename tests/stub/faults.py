"""Faults that the stub server can play, by name: statuses, resets, slow and garbled replies.

A fault is written `NAME` or `STATUS`, with `@VALUE` for a Retry-After header: `reset`, `503`, `429@2`. The
names of garbled replies are those of `spoilt`.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import count
from zlib import crc32

from aiohttp import web

from gristmill.sampling.errors import ConfigError
from tests.stub.spoilt import HEADERS, SPOILT

HUGE_BYTES = 50_000_000
_CHUNK = b" " * 65_536


class FaultKind(StrEnum):
    """`STATUS` answers with a status code, `SPOILT` with a garbled reply; the others as they are named."""

    STATUS = "status"
    SPOILT = "spoilt"
    CLOSE = "close"
    RESET = "reset"
    HANG = "hang"
    TRICKLE = "trickle"
    HUGE = "huge"
    REDIRECT = "redirect"


@dataclass(frozen=True, slots=True)
class Fault:
    """`name` says how a reply is spoilt."""

    kind: FaultKind
    status: int = 200
    retry_after: str | None = None
    name: str = ""

    def __str__(self) -> str:
        """As `parse_fault` reads it."""
        name = str(self.status) if self.kind is FaultKind.STATUS else self.name or self.kind.value
        return name if self.retry_after is None else f"{name}@{self.retry_after}"


Schedule = Callable[[int], Fault | None]
"""From the number of a chat request (0, 1, ...), or from its seed, to the fault it meets."""


def parse_fault(text: str) -> Fault:
    """Raises ConfigError that names the known faults."""
    name, _, retry_after = text.partition("@")
    if name.isdigit() and 400 <= int(name) < 600:
        return Fault(FaultKind.STATUS, int(name), retry_after or None)
    if name in SPOILT:
        return Fault(FaultKind.SPOILT, retry_after=retry_after or None, name=name)
    known = [kind.value for kind in FaultKind if kind not in (FaultKind.STATUS, FaultKind.SPOILT)]
    if name not in known:
        names = ", ".join([*known, *SPOILT])
        raise ConfigError(f"fault: {text!r} is not known; known: a status of 400 to 599, {names}")
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


def by_seed(share: float, faults: Sequence[Fault]) -> Schedule:
    """Of all seeds this share meets one of the faults, the same one whenever it is asked."""

    def fault(seed: int) -> Fault | None:
        place, number = divmod(crc32(b"%d" % seed), len(faults) or 1)
        return faults[number] if faults and crc32(b"%d" % place) < share * 2**32 else None

    return fault


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
    spoilt = await asyncio.to_thread(SPOILT[fault.name], body)
    return web.Response(
        body=spoilt, headers={"Content-Type": "application/json"} | HEADERS.get(fault.name, {})
    )


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
