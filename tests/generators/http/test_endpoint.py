from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic

import pytest

from gristmill.generators.http.client import open_client
from gristmill.generators.http.endpoint import Endpoint
from gristmill.generators.http.replies import BusyError
from gristmill.sampling.errors import UnavailableError


@asynccontextmanager
async def endpoint(ceiling: int = 32) -> AsyncIterator[Endpoint]:
    """Of a server that nobody asks."""
    async with open_client("http://host.example:8000/v1", "", ceiling, 1) as client:
        yield Endpoint(client, ceiling)


def failure(kind: str) -> UnavailableError:
    return UnavailableError(f"it failed by {kind}", kind=kind)


@pytest.mark.parametrize(("kind", "narrows"), [("timeout", True), ("http-429", True), ("http-500", False)])
async def test_what_tells_of_load_narrows_its_window(kind: str, narrows: bool) -> None:
    async with endpoint() as server:
        server.in_flight = 32
        server.failed(failure(kind), monotonic())
        assert (server.limit.size < 32) is narrows


@pytest.mark.parametrize("kind", ["http-429", "http-503"])
async def test_asked_for_a_pause_it_takes_no_request_and_counts_as_away(kind: str) -> None:
    async with endpoint() as server:
        server.failed(BusyError("later", kind=kind, retry_after_seconds=60), monotonic())
        assert server.up
        assert not server.has_room
        assert server.away_seconds > 0
        server.succeeded()
        assert server.away_seconds == 0


async def test_it_is_away_since_the_first_failure_after_its_last_answer() -> None:
    async with endpoint() as server:
        for _ in range(4):
            server.failed(failure("http-500"), monotonic())
        assert (server.up, server.away_seconds) == (True, 0)
        first = monotonic()
        server.succeeded()
        for _ in range(5):
            server.failed(failure("http-500"), monotonic())
        assert not server.up
        assert 0 < server.away_seconds <= monotonic() - first
