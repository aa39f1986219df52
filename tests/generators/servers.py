"""What the tests of several servers share: a pool on stub servers, and requests held until a test says how
they end.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from gristmill.generators.http.client import open_client
from gristmill.generators.http.endpoint import Endpoint
from gristmill.generators.http.pool import EndpointPool
from gristmill.sampling.errors import UnavailableError
from tests.stub.server import StubServer, serve

BROKEN = UnavailableError("broken", kind="http-500")
_held: set[asyncio.Task[None]] = set()
"""A request that no test asks for again is held all the same: the loop alone would let it be collected."""


@asynccontextmanager
async def pool_on(
    stubs: Sequence[StubServer], *, ceiling: int = 16, outage_seconds: float = 30, key: str = ""
) -> AsyncIterator[EndpointPool]:
    """The stubs are being served. Endpoints go by their order."""
    async with AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(open_client(stub.url, key, ceiling, 5)) for stub in stubs]
        endpoints = [Endpoint(client, ceiling) for client in clients]
        yield await stack.enter_async_context(EndpointPool(endpoints, "stub", outage_seconds))


@asynccontextmanager
async def two_servers() -> AsyncIterator[tuple[StubServer, StubServer]]:
    first, second = StubServer(), StubServer()
    async with serve(first), serve(second):
        yield first, second


@asynccontextmanager
async def one_server(*, ceiling: int = 16) -> AsyncIterator[EndpointPool]:
    async with serve(StubServer()) as stub, pool_on([stub], ceiling=ceiling) as pool:
        yield pool


class Held:
    """A request that takes its slot at once if there is one, and ends as it is told."""

    def __init__(self, pool: EndpointPool, key: str = "") -> None:
        self.url = ""
        self._end: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._began = asyncio.Event()
        self._task = asyncio.create_task(self._hold(pool, key))
        _held.add(self._task)
        self._task.add_done_callback(_held.discard)

    async def _hold(self, pool: EndpointPool, key: str) -> None:
        async with pool.slot(key) as endpoint:
            self.url = endpoint.client.url
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


async def held(pool: EndpointPool, count: int) -> list[Held]:
    """`count` requests, each with a slot."""
    return [await Held(pool).began() for _ in range(count)]


async def fail(pool: EndpointPool, times: int, error: UnavailableError = BROKEN) -> None:
    """So many requests one after the other, all of which fail."""
    for _ in range(times):
        await (await Held(pool).began()).fails(error)
