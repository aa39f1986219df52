"""SIGINT and SIGTERM for a run in the foreground: the first asks it to stop, the second ends the process
at once.

Drawing looks at the request itself and lands what is in flight. What comes before it, and may have to wait
for a server that does not answer, is dropped: `before`.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from time import monotonic
from types import FrameType
from typing import Any, TypeVar

_ECHO_SECONDS = 0.3
_SIGNALS = (signal.SIGINT, signal.SIGTERM)
Result = TypeVar("Result")


class StopRequest:
    """`event` is set by the first signal; `signal` then says which one it was."""

    def __init__(self) -> None:
        self.event = asyncio.Event()
        self.signal: signal.Signals | None = None
        self._since = 0.0

    def receive(self, received: signal.Signals) -> None:
        """The second of one kind that comes on the heels of the first is the same: `timeout` signals its
        command and then the command's group.
        """
        if self.signal is not None:
            if received is self.signal and monotonic() - self._since < _ECHO_SECONDS:
                return
            os._exit(128 + received)
        self.signal, self._since = received, monotonic()
        print("stopping: what is in flight may land; once more ends it at once", file=sys.stderr, flush=True)  # noqa: T201
        self.event.set()


@contextmanager
def stop_on_signals(request: StopRequest | None = None) -> Iterator[StopRequest]:
    """Must be entered on the main thread, inside the running loop; the former handlers return at the end."""
    request = request or StopRequest()
    loop = asyncio.get_running_loop()
    former = {number: signal.getsignal(number) for number in _SIGNALS}
    for number in _SIGNALS:
        loop.add_signal_handler(number, request.receive, number)
    try:
        yield request
    finally:
        for number, handler in former.items():
            loop.remove_signal_handler(number)
            signal.signal(number, handler)


async def before(stop: asyncio.Event, work: Coroutine[Any, Any, Result]) -> Result | None:
    """What the work gives, or None when `stop` was set first; the work has then been cancelled."""
    working, stopping = asyncio.ensure_future(work), asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait((working, stopping), return_when=asyncio.FIRST_COMPLETED)
        return await working if working.done() else None
    finally:
        stopping.cancel()
        if not working.done():
            working.cancel()
            await asyncio.wait([working])


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
