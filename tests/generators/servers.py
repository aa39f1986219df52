"""What the tests of several servers share: a fleet on stub servers, and requests held until a test says how
they end.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from gristmill.generators.http.client import open_wire
from gristmill.generators.http.endpoint import Endpoint
from gristmill.generators.http.pool import Fleet
from gristmill.sampling.errors import UnavailableError
from tests.stub.server import StubServer

BROKEN = UnavailableError("broken", kind="http-500")
_held: set[asyncio.Task[None]] = set()
"""A request that no test asks for again is held all the same: the loop alone would let it be collected."""


@asynccontextmanager
async def fleet_on(
    stubs: Sequence[StubServer], *, ceiling: int = 16, outage_seconds: float = 30, key: str = ""
) -> AsyncIterator[Fleet]:
    """The stubs are being served. Endpoints go by their order."""
    async with AsyncExitStack() as stack:
        wires = [await stack.enter_async_context(open_wire(stub.url, key, ceiling, 5)) for stub in stubs]
        endpoints = [Endpoint(wire, ceiling) for wire in wires]
        yield await stack.enter_async_context(Fleet(endpoints, "stub", outage_seconds))


class Held:
    """A request that takes its slot at once if there is one, and ends as it is told."""

    def __init__(self, fleet: Fleet, key: str = "") -> None:
        self.url = ""
        self._end: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._began = asyncio.Event()
        self._task = asyncio.create_task(self._hold(fleet, key))
        _held.add(self._task)
        self._task.add_done_callback(_held.discard)

    async def _hold(self, fleet: Fleet, key: str) -> None:
        async with fleet.slot(key) as endpoint:
            self.url = endpoint.wire.url
            self._began.set()
            await self._end

    async def began(self) -> "Held":
        async with asyncio.timeout(20):
            await self._began.wait()
        return self

    async def succeeds(self) -> None:
        self._end.set_result(None)
        await self._task

    async def fails(self, error: UnavailableError = BROKEN) -> None:
        self._end.set_exception(error)
        await asyncio.wait([self._task])
        assert self._task.exception() is error

    async def cancelled(self) -> None:
        self._task.cancel()
        await asyncio.wait([self._task])
        assert self._task.cancelled()


async def held(fleet: Fleet, count: int) -> list[Held]:
    """`count` requests, each with a slot."""
    return [await Held(fleet).began() for _ in range(count)]


async def fail(fleet: Fleet, times: int, error: UnavailableError = BROKEN) -> None:
    """So many requests one after the other, all of which fail."""
    for _ in range(times):
        await (await Held(fleet).began()).fails(error)
