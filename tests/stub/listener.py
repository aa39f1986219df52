"""The listening socket of a stub server, closed as by a kill and opened again on the same port."""

import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

_HOST = "127.0.0.1"


class Listener:
    """Listens for `runner` once it has been started. `address` is known before."""

    def __init__(self, runner: web.AppRunner, held: socket.socket, tls: ssl.SSLContext | None) -> None:
        self._runner = runner
        self._tls = tls
        self._port = held.getsockname()[1]
        self.address = f"{'https' if tls else 'http'}://{_HOST}:{self._port}"

    async def start(self) -> None:
        site = web.TCPSite(
            self._runner, _HOST, self._port, backlog=4096, ssl_context=self._tls, reuse_address=True
        )
        await site.start()

    @asynccontextmanager
    async def away(self) -> AsyncIterator[None]:
        """While the block runs connections are refused; those that there were have been cut off."""
        for site in list(self._runner.sites):
            await site.stop()
        if self._runner.server is not None:
            for connection in self._runner.server.connections:
                if connection.transport is not None:
                    connection.transport.abort()
        yield
        await self.start()


@asynccontextmanager
async def listening(
    application: web.Application, port: int, tls: ssl.SSLContext | None
) -> AsyncIterator[Listener]:
    """Serves `application` on 127.0.0.1 while the block runs, on any free port where `port` is 0.

    A socket that does not listen holds the port all the while, so that nobody takes it from one that is away.
    """
    runner = web.AppRunner(
        application, access_log=None, handler_cancellation=True, shutdown_timeout=0.1, keepalive_timeout=300
    )
    await runner.setup()
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind((_HOST, port))
        listener = Listener(runner, held, tls)
        try:
            await listener.start()
            yield listener
        finally:
            await runner.cleanup()
