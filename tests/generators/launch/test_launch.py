"""Servers that are started, die, and are ended: real processes, with helpers that do not want to go."""

import asyncio
import os
import select
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from gristmill.generators.launch.launch import launched
from gristmill.generators.launch.server import TOLD_LINES, LaunchedServer, LaunchTimeouts, last_lines
from gristmill.sampling.errors import ConfigError, UnavailableError

FAKE = str(Path(__file__).parents[1] / "fake_vllm.py")
ROOT = Path(__file__).parents[3]
WAIT_SECONDS = 180.0
QUICK = LaunchTimeouts(start_seconds=WAIT_SECONDS, grace_seconds=0.2, poll_seconds=0.02)
RUNNER = f"""
import asyncio, sys
from pathlib import Path
from gristmill.generators.launch.launch import launched
from gristmill.generators.launch.server import LaunchTimeouts

async def main():
    log, *arguments = sys.argv[1:]
    timeouts = LaunchTimeouts(grace_seconds=0.2, poll_seconds=0.02)
    async with launched(arguments, log=Path(log), timeouts=timeouts, program=({FAKE!r},)):
        print("up", flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""
"""A program that launches the server and waits for ever."""


class Said(list[str]):
    """What the launcher says, with a way to wait for it."""

    def __init__(self) -> None:
        super().__init__()
        self._news = asyncio.Event()

    def __call__(self, line: str) -> None:
        self.append(line)
        self._news.set()

    async def until(self, words: str) -> None:
        async with asyncio.timeout(WAIT_SECONDS):
            while not any(words in line for line in self):
                self._news.clear()
                await self._news.wait()


class Alive:
    """A FIFO that the server and its helpers hold open."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "alive"
        os.mkfifo(self.path)
        self._reader = os.open(self.path, os.O_RDONLY | os.O_NONBLOCK)
        os.close(os.open(self.path, os.O_WRONLY))  # from now on nobody at the other end is an end of file

    def is_held(self) -> bool:
        """Whether anybody is left."""
        return not select.select([self._reader], [], [], 0)[0]

    def wait_until_all_are_gone(self) -> None:
        assert select.select([self._reader], [], [], WAIT_SECONDS)[0], "something is left of the server"
        assert os.read(self._reader, 1) == b""


@pytest.fixture
def alive(tmp_path: Path) -> Alive:
    return Alive(tmp_path)


@asynccontextmanager
async def fake(
    folder: Path, *arguments: str, timeouts: LaunchTimeouts = QUICK, said: Said | None = None
) -> AsyncIterator[LaunchedServer]:
    say = Said() if said is None else said
    log = folder / "server.log"
    async with launched(arguments, log=log, timeouts=timeouts, say=say, program=(FAKE,)) as server:
        yield server


async def answer(server: LaunchedServer, path: str = "/health") -> str:
    async with (
        aiohttp.ClientSession() as session,
        session.get(server.url.removesuffix("/v1") + path) as reply,
    ):
        return await reply.text()


async def test_a_server_is_waited_for_and_ended_with_all_that_it_started(
    tmp_path: Path, alive: Alive
) -> None:
    async with fake(tmp_path, "--alive", str(alive.path)) as server:
        assert (await answer(server)).isdecimal()
        assert alive.is_held()
    assert not alive.is_held()


@pytest.mark.full
@pytest.mark.parametrize("is_cancelled", [False, True])
async def test_a_server_is_ended_when_the_block_fails_or_is_cancelled(
    tmp_path: Path, alive: Alive, is_cancelled: bool
) -> None:
    up = asyncio.Event()

    async def hold() -> None:
        async with fake(tmp_path, "--alive", str(alive.path)):
            up.set()
            if is_cancelled:
                await asyncio.Event().wait()
            raise ZeroDivisionError

    task = asyncio.create_task(hold())
    await asyncio.wait_for(up.wait(), WAIT_SECONDS)
    if is_cancelled:
        task.cancel()
    await asyncio.wait([task])
    assert task.cancelled() is is_cancelled
    assert is_cancelled or isinstance(task.exception(), ZeroDivisionError)
    assert not alive.is_held()


@pytest.mark.full
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
async def test_nothing_of_the_server_outlives_gristmill(
    number: signal.Signals, tmp_path: Path, alive: Alive
) -> None:
    arguments = (str(tmp_path / "server.log"), "--alive", str(alive.path))
    parent = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", RUNNER, *arguments),
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert parent.stdout is not None
    assert await asyncio.wait_for(parent.stdout.readline(), WAIT_SECONDS) == b"up\n"
    assert alive.is_held()
    parent.send_signal(number)
    await asyncio.to_thread(alive.wait_until_all_are_gone)
    await parent.wait()


async def test_a_start_that_fails_shows_the_end_of_its_log_without_keys(tmp_path: Path) -> None:
    said = Said()
    words = "".join(f"line {number}\\n" for number in range(50)) + "bad \\x1b[31mkey abcd-efgh\\n"
    with pytest.raises(UnavailableError) as failed:
        async with fake(tmp_path, "--fail", words, "--api-key", "abcd-efgh", said=said):
            pass
    assert failed.value.kind == "launch"
    assert "ended with code 7 before it answered" in str(failed.value)
    assert str(tmp_path / "server.log") in str(failed.value)
    shown = [line.removeprefix("  | ") for line in said if line.startswith("  | ")]
    assert len(shown) == TOLD_LINES
    assert shown[-2:] == ["line 49", "bad \\x1b[31mkey [key]"]
    assert not any("abcd-efgh" in line for line in [*said, str(failed.value)])


@pytest.mark.full
async def test_a_failed_start_does_not_show_the_log_of_an_earlier_one(tmp_path: Path) -> None:
    for words in ("the first", "the second"):
        said = Said()
        with pytest.raises(UnavailableError):
            async with fake(tmp_path, "--fail", words, said=said):
                pass
        assert [line for line in said if line.startswith("  | ")] == [f"  | {words}"]


def test_a_log_that_was_removed_has_no_last_lines(tmp_path: Path) -> None:
    assert last_lines(tmp_path / "gone.log", 0, []) == []


@pytest.mark.full
async def test_a_server_that_never_answers_is_ended(tmp_path: Path, alive: Alive) -> None:
    timeouts = LaunchTimeouts(start_seconds=1.0, grace_seconds=0.1, poll_seconds=0.02)
    with pytest.raises(UnavailableError, match="did not answer within 1 s"):
        async with fake(tmp_path, "--slow", "1000000", "--alive", str(alive.path), timeouts=timeouts):
            pass
    assert not alive.is_held()


async def test_a_server_that_dies_is_started_again_on_its_port(tmp_path: Path, alive: Alive) -> None:
    said = Said()
    async with fake(tmp_path, "--alive", str(alive.path), said=said) as server:
        before = await answer(server)
        with pytest.raises(aiohttp.ClientError):
            await answer(server, "/die")
        await said.until(f"answers again at {server.url}")
        assert await answer(server) != before
    assert not alive.is_held()


@pytest.mark.full
async def test_a_server_that_dies_again_and_again_is_given_up(tmp_path: Path) -> None:
    async with fake(tmp_path, "--short-lived") as server:
        with pytest.raises(UnavailableError, match="given up after 3 new starts"):
            await asyncio.wait_for(server.lost(), WAIT_SECONDS)
    assert (tmp_path / "server.log").read_text().count("life of") == 4


@pytest.mark.full
async def test_a_server_that_had_settled_is_started_again_any_number_of_times(tmp_path: Path) -> None:
    said = Said()
    timeouts = LaunchTimeouts(grace_seconds=0.1, settled_seconds=0, restarts=1, poll_seconds=0.02)
    async with fake(tmp_path, timeouts=timeouts, said=said) as server:
        for _ in range(3):
            with pytest.raises(aiohttp.ClientError):
                await answer(server, "/die")
            await said.until("answers again")
            said.clear()


async def test_a_port_that_is_taken_is_not_taken_for_the_server(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with pytest.raises(ConfigError, match=f"--port: 127.0.0.1:{port} cannot be had"):
            async with fake(tmp_path, "--port", port):
                pass


async def test_an_interpreter_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="launch_python: there is no interpreter no-such-python"):
        async with launched([], log=tmp_path / "log", python="no-such-python"):
            pass


async def test_a_log_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "server.log").mkdir()
    with pytest.raises(ConfigError, match=r"server\.log cannot be written"):
        async with fake(tmp_path):
            pass
