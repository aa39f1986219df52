"""Counters of the stub server: requests, the (problem, seed) pairs asked, requests in flight over time."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class Asked:
    """One chat request; `answered` becomes true when a whole reply is handed over to a client still there.

    `fault` is the fault that it met, as it is written, "" for none.
    """

    problem: str
    seed: int
    answered: bool = False
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Stats:
    """Times are seconds of the server's monotonic clock; `mean_in_flight` is from first to last."""

    requests: int
    distinct: int
    answered: int
    in_flight: int
    max_in_flight: int
    mean_in_flight: float
    first_request_seconds: float | None
    last_request_seconds: float | None
    last_reply_seconds: float | None


@dataclass(slots=True)
class Gauge:
    """Counts while requests come and go; `played` counts faults. `stats()` is a snapshot at any moment."""

    asked: list[Asked] = field(default_factory=list)
    played: Counter[str] = field(default_factory=Counter)
    requests: int = 0
    in_flight: int = 0
    max_in_flight: int = 0
    _area: float = 0.0
    _changed: float = 0.0
    _first: float | None = None
    _last: float | None = None
    _last_reply: float | None = None
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    @contextmanager
    def request(self) -> Iterator[int]:
        """Counts one chat request in and out; gives its number (0, 1, ...)."""
        number = self.requests
        self.requests += 1
        self._last = self._change(1)
        if self._first is None:
            self._first = self._last
        try:
            yield number
        finally:
            self._last_reply = self._change(-1)

    async def until(self, reached: Callable[["Gauge"], bool]) -> None:
        """Waits until `reached` holds; it is asked again whenever a request comes or goes."""
        while not reached(self):
            self._news.clear()
            await self._news.wait()

    def stats(self) -> Stats:
        end = time.monotonic() if self.in_flight else (self._last_reply or 0.0)
        span = end - (self._first or 0.0)
        area = self._area + self.in_flight * (end - self._changed)
        return Stats(
            requests=self.requests,
            distinct=len({(asked.problem, asked.seed) for asked in self.asked}),
            answered=sum(asked.answered for asked in self.asked),
            in_flight=self.in_flight,
            max_in_flight=self.max_in_flight,
            mean_in_flight=area / span if span > 0 else 0.0,
            first_request_seconds=self._first,
            last_request_seconds=self._last,
            last_reply_seconds=self._last_reply,
        )

    def _change(self, step: int) -> float:
        now = time.monotonic()
        self._area += self.in_flight * (now - self._changed)
        self._changed = now
        self.in_flight += step
        self.max_in_flight = max(self.max_in_flight, self.in_flight)
        self._news.set()
        return now
