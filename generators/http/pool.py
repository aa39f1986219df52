"""Least-loaded choice among the servers of a run, with one FIFO queue while none has room.

A server that fails is taken down, probed, and comes back by itself; while all are down the run waits, up to
`outage_seconds`.
"""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import monotonic
from zlib import crc32

from gristmill.generators.http.concurrency import RAMP_UP_SECONDS
from gristmill.generators.http.endpoint import Endpoint
from gristmill.sampling.errors import OutageError, RefusedError, UnavailableError, UnreadableError

_LOAD_STEPS = 16
_REFUSED_BY_ONE = frozenset({"auth", "http-404"})
"""A key that one server does not know, a model that it no longer has."""

_SAYS_NOTHING = frozenset({"redirect", "http-409", "http-425"})
"""Of a server's health, though another try may do better."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class _Waiter:
    """A request in the queue; `place` is resolved with the endpoint that it gets."""

    prompt_key: str
    avoided: Collection[Endpoint]
    place: asyncio.Future[Endpoint]


class EndpointPool:
    """Use it as an async context manager, in the loop that draws. `model` is what a server must list."""

    def __init__(self, endpoints: Sequence[Endpoint], model: str, outage_seconds: float) -> None:
        self._endpoints = list(endpoints)
        self._model = model
        self._outage_seconds = outage_seconds
        self._waiting: deque[_Waiter] = deque()
        self._reported_down: set[Endpoint] = set()
        self._probes: dict[Endpoint, asyncio.Task[None]] = {}
        self._maintenance: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "EndpointPool":
        self._maintenance = asyncio.create_task(self._maintain())
        for endpoint in self._endpoints:
            if not endpoint.up:
                self._probe(endpoint)
        return self

    async def __aexit__(self, *_: object) -> None:
        tasks = [*self._probes.values(), *([self._maintenance] if self._maintenance else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """In the order of the settings; to be looked at, from any thread, and not to be changed."""
        return tuple(self._endpoints)

    @property
    def condition(self) -> str:
        """What is wrong with the servers, in a few words; "" while nothing is."""
        silent = min(endpoint.away_seconds for endpoint in self._endpoints)
        out = [endpoint for endpoint in self._endpoints if not endpoint.up]
        if silent > 0:
            return (
                f"no server answers, waiting {silent:.0f} of {self._outage_seconds:.0f} s ({self._named()})"
            )
        return f"{len(out)} of {len(self._endpoints)} servers out ({self._named()})" if out else ""

    def is_servers_fault(self, error: UnavailableError | RefusedError) -> bool:
        """Whether an error speaks of the server: no connection, a time-out, 5xx, 429; a refusal where another
        server may answer. What cannot be read is the reply's fault, and other refusals are the request's.
        """
        if isinstance(error, RefusedError):
            return len(self._endpoints) > 1 and error.kind in _REFUSED_BY_ONE
        return not isinstance(error, UnreadableError) and error.kind not in _SAYS_NOTHING

    @asynccontextmanager
    async def slot(self, prompt_key: str, avoided: Collection[Endpoint] = ()) -> AsyncIterator[Endpoint]:
        """Room at a server. What the block raises or not tells how the server does.

        Of servers with about the same load, requests of one key go to the same: it has read their prompt.
        One of `avoided` is taken when no other has room.
        Raises OutageError, of the last failure's kind, when no server has answered for too long.
        """
        endpoint = await self._acquire(
            _Waiter(prompt_key, avoided, asyncio.get_running_loop().create_future())
        )
        sent = monotonic()
        try:
            yield endpoint
        except (UnavailableError, RefusedError) as error:
            if self.is_servers_fault(error):
                self._failed(endpoint, error, sent)
            else:
                self._succeeded(endpoint)  # it is there
            raise
        else:
            self._succeeded(endpoint)
        finally:
            self._release(endpoint, sent)

    async def _acquire(self, turn: _Waiter) -> Endpoint:
        self._waiting.append(turn)
        self._hand_out()
        try:
            return await turn.place
        except asyncio.CancelledError:
            if turn.place.done() and not turn.place.cancelled() and turn.place.exception() is None:
                self._release(turn.place.result(), monotonic())
            raise

    def _release(self, endpoint: Endpoint, sent: float) -> None:
        endpoint.release(sent)
        self._hand_out()

    def _least_loaded(self, turn: _Waiter) -> Endpoint | None:
        """Loads are compared in steps, and equals told apart by a hash of key and server."""

        def rank(endpoint: Endpoint) -> tuple[bool, int, int]:
            chance = crc32(f"{turn.prompt_key} {endpoint.name}".encode())
            return endpoint in turn.avoided, int(endpoint.load * _LOAD_STEPS), chance

        return min((endpoint for endpoint in self._endpoints if endpoint.has_room), key=rank, default=None)

    def _hand_out(self) -> None:
        """Gives free slots to the requests in the queue."""
        while self._waiting:
            turn = self._waiting[0]
            if not turn.place.done():
                endpoint = self._least_loaded(turn)
                if endpoint is None:
                    return
                endpoint.in_flight += 1
                turn.place.set_result(endpoint)
            self._waiting.popleft()

    def _succeeded(self, endpoint: Endpoint) -> None:
        endpoint.succeeded()
        if endpoint.up and endpoint in self._reported_down:
            self._reported_down.remove(endpoint)
            _log.warning("server %s answers again", endpoint.name)

    def _failed(self, endpoint: Endpoint, error: UnavailableError | RefusedError, sent: float) -> None:
        was_up = endpoint.up
        endpoint.failed(error, sent)
        if was_up and not endpoint.up:
            if endpoint not in self._reported_down:
                self._reported_down.add(endpoint)
                _log.warning("server %s is out: %s", endpoint.name, error)
            self._probe(endpoint)

    def _probe(self, endpoint: Endpoint) -> None:
        async def probe() -> None:
            await endpoint.probe(self._model)
            self._hand_out()

        self._probes[endpoint] = asyncio.create_task(probe())

    async def _maintain(self) -> None:
        """Several times a second: ramps limits up, ends pauses, and fails the queue after a long outage."""
        while True:
            await asyncio.sleep(RAMP_UP_SECONDS)
            for endpoint in self._endpoints:
                if endpoint.up and (endpoint.in_flight or not endpoint.limit.trial):
                    endpoint.limit.ramp_up()
            self._hand_out()
            if min(endpoint.away_seconds for endpoint in self._endpoints) > self._outage_seconds:
                self._give_up()

    def _give_up(self) -> None:
        last = min(self._endpoints, key=lambda endpoint: endpoint.away_seconds)
        message = (
            f"no server has answered for {self._outage_seconds:g} s ({self._named()}); "
            f"what {last.name} said last: {last.last_message}"
        )
        while self._waiting:
            turn = self._waiting.popleft().place
            if not turn.done():
                turn.set_exception(OutageError(message, kind=last.last_kind))

    def _named(self) -> str:
        """The servers that are away, with what was wrong last."""
        away = [endpoint for endpoint in self._endpoints if endpoint.away_seconds > 0]
        return ", ".join(f"{endpoint.name}: {endpoint.last_kind}" for endpoint in away)
