"""A fleet on one stub server, and two servers for a fleet."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from gristmill.generators.http.pool import Fleet
from tests.generators.servers import fleet_on
from tests.stub.server import StubServer, serve


@asynccontextmanager
async def two_servers() -> AsyncIterator[tuple[StubServer, StubServer]]:
    first, second = StubServer(), StubServer()
    async with serve(first), serve(second):
        yield first, second


@asynccontextmanager
async def one_server(*, ceiling: int = 16) -> AsyncIterator[Fleet]:
    async with serve(StubServer()) as stub, fleet_on([stub], ceiling=ceiling) as fleet:
        yield fleet
