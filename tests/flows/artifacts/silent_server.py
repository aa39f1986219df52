"""A Prefect server that falls silent: connections stand, and from a chosen request on nothing is answered."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit


@asynccontextmanager
async def silent_from(url: str, request: bytes) -> AsyncIterator[str]:
    """The API URL of a proxy to `url`, which is silent from the first data on that hold `request`."""
    proxy = _Proxy(url, request)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/api"
    finally:
        server.close()
        await proxy.close()


class _Proxy:
    """Forwards both ways, until it does not."""

    def __init__(self, url: str, request: bytes) -> None:
        self._address = urlsplit(url)
        self._request = request
        self._silent = False
        self._tasks: list[asyncio.Task[None]] = []
        self._writers: list[asyncio.StreamWriter] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        up_reader, up_writer = await asyncio.open_connection(self._address.hostname, self._address.port)
        self._writers += [writer, up_writer]
        for task in (self._forward(reader, up_writer), self._forward(up_reader, writer)):
            self._tasks.append(asyncio.ensure_future(task))

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for writer in self._writers:
            writer.close()
        await asyncio.gather(*(writer.wait_closed() for writer in self._writers), return_exceptions=True)

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65_536):
            self._silent = self._silent or self._request in data
            if self._silent:
                await asyncio.Event().wait()
            writer.write(data)
            await writer.drain()
