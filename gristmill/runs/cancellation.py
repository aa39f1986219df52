"""How work is stopped: requests by SIGINT and SIGTERM, work that is dropped, threads that are waited for.

In the foreground a second signal ends the process at once; in a flow of a deployment, which Prefect kills
when it takes too long, more of them change nothing. Sampling looks at the request itself and lands what is in
flight; what comes before it, and may wait for a server that does not answer, is dropped (`before`).

A thread cannot be cancelled. `asyncio.to_thread` alone leaves one running when its caller is cancelled, with
a transaction or a draft of a file open that the end of the process may then cut short; `in_thread` waits.
"""

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from time import monotonic
from types import FrameType
from typing import Any, TypeVar

_ECHO_SECONDS = 0.3
_END_SECONDS = 8.0
"""Within which a cancelled flow is left, whatever its thread does: Prefect kills it after 30."""

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
Result = TypeVar("Result")

_stop: ContextVar[asyncio.Event | None] = ContextVar("stop", default=None)


class StopRequest:
    """`event` is set by the first signal; `signal` then says which one it was."""

    def __init__(self, *, second_ends: bool = True) -> None:
        self.event = asyncio.Event()
        self.second_ends = second_ends
        self.signal: signal.Signals | None = None
        self._since = 0.0

    def receive(self, received: signal.Signals) -> None:
        """The second of one kind that comes on the heels of the first is the same: `timeout` signals its
        command and then the command's group.
        """
        if self.signal is not None:
            is_echo = received is self.signal and monotonic() - self._since < _ECHO_SECONDS
            if is_echo or not self.second_ends:
                return
            os._exit(128 + received)
        self.signal, self._since = received, monotonic()
        more = "; once more ends it at once" if self.second_ends else ""
        self.event.set()
        with suppress(OSError):  # nobody reads it any more
            print(f"stopping: what is in flight may land{more}", file=sys.stderr, flush=True)  # noqa: T201


@contextmanager
def stop_on_signals(request: StopRequest | None = None) -> Iterator[StopRequest]:
    """Inside the running loop. `asked_to_stop` is the request's event in the block. Off the main thread no
    signal is heard.

    The former handlers return at the end. Where a second signal ends nothing, and one has come, they do not:
    what is left to do then is to tell how it ended, and more signals are ignored until the loop is closed.
    """
    request = request or StopRequest()
    heard = _SIGNALS if threading.current_thread() is threading.main_thread() else ()
    loop, token = asyncio.get_running_loop(), _stop.set(request.event)
    former = {number: signal.getsignal(number) for number in heard}
    for number in heard:
        loop.add_signal_handler(number, request.receive, number)
    try:
        yield request
    finally:
        _stop.reset(token)
        if request.second_ends or request.signal is None:
            for number, handler in former.items():
                loop.remove_signal_handler(number)
                signal.signal(number, handler)


def asked_to_stop() -> asyncio.Event:
    """Set by the first signal to the `stop_on_signals` around; never set outside of one."""
    return _stop.get() or asyncio.Event()


async def unless_stopped(
    stop: asyncio.Event, work: Coroutine[Any, Any, Result], *, end_seconds: float = 0.0
) -> Result | None:
    """What the work gives, or None when `stop` was set first; the work has then been cancelled.

    `end_seconds`: work that looks at `stop` itself has so long to come to its own end.
    """
    working, stopping = asyncio.ensure_future(work), asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait((working, stopping), return_when=asyncio.FIRST_COMPLETED)
        if end_seconds and not working.done():
            await asyncio.wait([working], timeout=end_seconds)
        return await working if working.done() else None
    finally:
        stopping.cancel()
        if not working.done():
            working.cancel()
            await asyncio.wait([working])
            if not working.cancelled():
                working.exception()  # it was read: asyncio would log one that nobody asked for


async def in_thread(
    work: Callable[[], Result], stop: Callable[[], None] | None = None, *, end_seconds: float = _END_SECONDS
) -> Result:
    """What the work gives, done in a thread. Cancelled, it calls `stop` and waits for the thread, not longer
    than `end_seconds`, however often it is cancelled.
    """
    working = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(working)
    except asyncio.CancelledError:
        if stop is not None:
            stop()
        until = monotonic() + end_seconds
        while not working.done() and (left := until - monotonic()) > 0:
            with suppress(asyncio.CancelledError):
                await asyncio.wait([working], timeout=left)
        if working.done() and not working.cancelled():
            working.exception()  # it was read: asyncio would log one that nobody asked for
        raise


@contextmanager
def ended_by_sigterm() -> Iterator[None]:
    """SIGTERM ends the block as Ctrl-C does, so that no draft is left behind."""

    def end(number: int, _: FrameType | None) -> None:
        raise SystemExit(128 + number)

    former = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, former)
