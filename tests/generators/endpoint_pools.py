"""A pool on one stub server, and two servers for a pool."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from gristmill.generators.http.pool import EndpointPool
from tests.generators.servers import pool_on
from tests.stub.server import StubServer, serve


@asynccontextmanager
async def two_servers() -> AsyncIterator[tuple[StubServer, StubServer]]:
    first, second = StubServer(), StubServer()
    async with serve(first), serve(second):
        yield first, second


@asynccontextmanager
async def one_server(*, ceiling: int = 16) -> AsyncIterator[EndpointPool]:
    async with serve(StubServer()) as stub, pool_on([stub], ceiling=ceiling) as pool:
        yield pool
