"""The Runner on a real Prefect server that is killed under it and comes back: it goes on, and says so."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from prefect.client.schemas.objects import FlowRun

from gristmill.flows.serve import runner as runner_module
from gristmill.flows.serve.runner import ServeRunner
from tests.flows.prefect.prefect_servers import PrefectServer

pytestmark = pytest.mark.full

MORE_THAN_PREFECT_BEARS = 8
"""Looks without an answer; Prefect's own Runner ends after three."""


class Watched(ServeRunner):
    """Lets a test wait for its looks and for what it says."""

    def __init__(self) -> None:
        super().__init__(1, self._hear)
        self.query_seconds = 0.1
        self.said: list[str] = []
        self.looks = 0
        self._news = asyncio.Condition()

    def _hear(self, line: str) -> None:
        self.said.append(line)

    async def _answer(self, ask: Callable[[], Awaitable[list[FlowRun]]]) -> list[FlowRun]:
        try:
            return await super()._answer(ask)
        finally:
            async with self._news:
                self.looks += 1
                self._news.notify_all()

    async def until(self, reached: Callable[[], bool]) -> None:
        async with self._news:
            await self._news.wait_for(reached)


@asynccontextmanager
async def running(runner: ServeRunner) -> AsyncIterator[asyncio.Task[None]]:
    serving = asyncio.create_task(runner.start())
    try:
        yield serving
    finally:
        serving.cancel()
        await asyncio.wait([serving])


@pytest.mark.prefect
async def test_a_server_that_is_away_for_many_looks_ends_nothing_and_is_spoken_of_twice(
    place: Path, server: PrefectServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner = Watched()
    async with running(runner) as serving:
        await runner.until(lambda: runner.looks >= 1)
        monkeypatch.setattr(runner_module, "_ANSWER_SECONDS", 0.2)
        server.kill()
        await runner.until(lambda: bool(runner.said))
        seen = runner.looks
        await runner.until(lambda: runner.looks >= seen + MORE_THAN_PREFECT_BEARS)
        assert not serving.done()
        assert [line.split(":")[0] for line in runner.said] == ["Prefect's server does not answer"]
        monkeypatch.undo()
        await asyncio.to_thread(server.start)
        await runner.until(lambda: len(runner.said) > 1)
    assert runner.said[1:] == ["Prefect's server is back"]


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_an_error_of_the_server_is_no_answer(status: int) -> None:
    runner = Watched()
    assert await runner._answer(lambda: failing(status)) == []
    assert len(runner.said) == 1


@pytest.mark.parametrize("status", [401, 403, 404])
async def test_a_refusal_is_raised(status: int) -> None:
    runner = Watched()
    with pytest.raises(httpx.HTTPStatusError):
        await runner._answer(lambda: failing(status))
    assert runner.said == []


async def failing(status: int) -> list[FlowRun]:
    httpx.Response(status, request=httpx.Request("POST", "http://127.0.0.1/api")).raise_for_status()
    return []
