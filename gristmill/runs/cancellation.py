"""Work that blocks, in a thread that is waited for, also by who is cancelled.

A thread cannot be ended from outside. `asyncio.to_thread` leaves it alone when its caller is cancelled, with
a transaction or a draft of a file in its hands that the end of the process may then cut short. Here the
caller waits for the thread, which is told to stop where it can be.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import Any, TypeVar

Result = TypeVar("Result")

_END_SECONDS = 8.0
"""Within which a cancelled flow is left, whatever its thread does: Prefect kills it after 30."""


def _nothing() -> None:
    """No way to stop it."""


async def in_thread(
    work: Callable[[], Result], stop: Callable[[], None] = _nothing, *, end_seconds: float = _END_SECONDS
) -> Result:
    """What the work gives. Cancelled, it calls `stop` and waits for the thread, not longer than
    `end_seconds`, however often it is cancelled.
    """
    working = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(working)
    except asyncio.CancelledError:
        stop()
        await _end_of(working, end_seconds)
        if working.done() and not working.cancelled():
            working.exception()  # it was read: asyncio would log one that nobody asked for
        raise


async def _end_of(working: asyncio.Future[Any], seconds: float) -> None:
    until = monotonic() + seconds
    while not working.done() and (left := until - monotonic()) > 0:
        with suppress(asyncio.CancelledError):
            await asyncio.wait([working], timeout=left)
