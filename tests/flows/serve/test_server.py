"""The server of `gristmill serve`: what it logs is told of, and it is given up when it cannot live.

In place of Prefect's server a script is started, which does at once what that would do once in a month.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from gristmill.flows.serve import server as server_module
from gristmill.flows.serve.server import SupervisedServer
from gristmill.sampling.errors import UnavailableError
from tests.flows.prefect.processes import until

pytestmark = pytest.mark.full


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], SupervisedServer]:
    def of(script: str) -> SupervisedServer:
        (tmp_path / "uvicorn.py").write_text(script, "utf-8")
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))
        return SupervisedServer(1, tmp_path / "server.log")

    monkeypatch.setattr(server_module, "_LOOK_SECONDS", 0.05)
    return of


async def test_one_that_dies_each_time_is_given_up_with_the_end_of_its_log(
    server: Callable[[str], SupervisedServer],
) -> None:
    dying = server("raise SystemExit('no space left')")
    dying.start()
    said: list[str] = []
    with pytest.raises(UnavailableError, match=r"dies as soon as it is started: .*no space left"):
        await dying.keep_up(said.append)
    assert said == ["Prefect's server has died and is started again; runs go on"] * 2


async def test_that_it_logs_errors_is_said_once(server: Callable[[str], SupervisedServer]) -> None:
    script = "import sys, time\nwhile True: print('12:00 | ERROR | scheduler', flush=True); time.sleep(0.02)"
    failing = server(script)
    failing.start()
    async with heard(failing) as said:
        first = await said.get()
        size = failing.log.stat().st_size
        await until(lambda: failing.log.stat().st_size > 2 * size)  # it goes on to log
    assert first == f"Prefect's server has logged errors: {failing.log}"
    assert said.empty()


def test_a_log_that_is_moved_or_cut_down_is_read_from_its_beginning(
    server: Callable[[str], SupervisedServer],
) -> None:
    running = server("import time; time.sleep(3600)")
    running.start()
    try:
        running.log.write_text("12:00 | INFO | all is well\n" * 10, "utf-8")
        assert not running._has_logged_errors()
        running.log.rename(running.log.with_name("server.log.old"))
        assert not running._has_logged_errors()
        running.log.write_text("12:00 | INFO | all is well\n" * 20, "utf-8")
        assert not running._has_logged_errors()
        running.log.write_text("12:00 | ERROR | scheduler\n", "utf-8")
        assert running._has_logged_errors()
    finally:
        running.stop()


@asynccontextmanager
async def heard(server: SupervisedServer) -> AsyncIterator[asyncio.Queue[str]]:
    said: asyncio.Queue[str] = asyncio.Queue()
    keeping = asyncio.create_task(server.keep_up(said.put_nowait))
    try:
        yield said
    finally:
        keeping.cancel()
        server.stop()
