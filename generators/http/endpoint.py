"""Health and load of one server: a circuit breaker and an adaptive concurrency limit.

An endpoint is up, or down and probed. Five failures in a row take it down; a probe that finds its model
listed brings it back, on trial, since a server whose engine died may still list it.
"""

import asyncio
from random import SystemRandom
from time import monotonic
from urllib.parse import urlsplit

from gristmill.generators.http.client import ServerClient
from gristmill.generators.http.concurrency import ConcurrencyLimit
from gristmill.generators.http.replies import BusyError
from gristmill.sampling.errors import RefusedError, UnavailableError

_FAILURES_IN_A_ROW = 5
BUSY = "http-429"
_BUSY_KINDS = frozenset({BUSY, "timeout"})
_FIRST_PROBE_SECONDS = 0.5
_LAST_PROBE_SECONDS = 5.0
_PROBE_TIMEOUT_SECONDS = 15.0
_FIRST_PAUSE_SECONDS = 0.05
_LONGEST_PAUSE_SECONDS = 60.0
_CHANCE = SystemRandom()


class Endpoint:
    """Counts and health of one server; `last_kind` and `last_message` are those of its last failure."""

    def __init__(self, client: ServerClient, ceiling: int) -> None:
        self.client = client
        self.limit = ConcurrencyLimit(ceiling)
        self.in_flight = 0
        self.up = True
        self.last_kind = self.last_message = ""
        self._failures = 0
        self._pauses = 0
        self._paused_at = 0.0
        self._paused_until = 0.0
        self._silent_since: float | None = None
        self._back_since = 0.0
        self._probe_seconds = _FIRST_PROBE_SECONDS

    @property
    def name(self) -> str:
        """Host and port, for people."""
        return urlsplit(self.client.url).netloc

    @property
    def load(self) -> float:
        """The share of its limit that is taken."""
        return self.in_flight / self.limit.size

    @property
    def has_room(self) -> bool:
        return self.up and self.in_flight < self.limit.size and monotonic() >= self._paused_until

    @property
    def away_seconds(self) -> float:
        """For how long a server that is out, or asked to be left alone, has answered nothing; else 0."""
        if self._silent_since is None or (self.up and monotonic() >= self._paused_until):
            return 0.0
        return monotonic() - self._silent_since

    def release(self, sent: float) -> None:
        """A request is over; one from before an outage holds no room since."""
        if sent >= self._back_since:
            self.in_flight -= 1

    def succeeded(self) -> None:
        self._failures = self._pauses = 0
        self._silent_since = None if self.up else monotonic()  # it is out all the same, until it is probed
        self._probe_seconds = _FIRST_PROBE_SECONDS
        self.limit.succeeded()

    def failed(self, error: UnavailableError | RefusedError, sent: float) -> None:
        """Counts the failure of a request that was sent at `sent` (monotonic)."""
        if sent < self._back_since:
            return  # it says how the server was before it went away
        self._note(error)
        asked = error.retry_after_seconds if isinstance(error, BusyError) else None
        if error.kind in _BUSY_KINDS or asked is not None:
            self.limit.congested(sent, self.in_flight)
        if error.kind == BUSY or asked is not None:
            self._pause(asked or 0.0, sent)
        else:
            self._failures += 1
        if self.up and (self.limit.trial or self._failures >= _FAILURES_IN_A_ROW):
            self.up = False

    def mark_down(self, error: UnavailableError) -> None:
        """For a server that does not answer when the run begins."""
        self.up = False
        self._note(error)

    async def probe(self, model: str) -> None:
        """Waits, longer each time, until the server lists `model` again; then it is up, on trial."""
        while not self.up:
            await asyncio.sleep(self._probe_seconds * _CHANCE.uniform(0.75, 1.25))
            self._probe_seconds = min(2 * self._probe_seconds, _LAST_PROBE_SECONDS)
            try:
                async with asyncio.timeout(_PROBE_TIMEOUT_SECONDS):
                    served = await self.client.models()
            except TimeoutError:
                message = f"no list of its models within {_PROBE_TIMEOUT_SECONDS:g} s"
                self._note(UnavailableError(message, kind="timeout"))
            except (UnavailableError, RefusedError) as error:
                self._note(error)
            else:
                if model not in {entry.id for entry in served}:
                    self._note(UnavailableError(f"it no longer serves {model}", kind="other-model"))
                    continue
                self.up, self._failures, self.in_flight = True, 0, 0
                self._back_since = monotonic()
                self.limit.start_over()

    def _note(self, error: UnavailableError | RefusedError) -> None:
        self.last_kind, self.last_message = error.kind, str(error)
        if self._silent_since is None:
            self._silent_since = monotonic()

    def _pause(self, asked_seconds: float, sent: float) -> None:
        """What the server asks for, and no less than a wait that doubles when a pause did not help."""
        if sent >= self._paused_at:
            self._pauses += 1
            self._paused_at = monotonic()
        own = _FIRST_PAUSE_SECONDS * 2.0 ** min(self._pauses - 1, 12) * _CHANCE.uniform(0.5, 1)
        seconds = min(_LONGEST_PAUSE_SECONDS, max(own, asked_seconds))
        self._paused_until = max(self._paused_until, self._paused_at + seconds)
