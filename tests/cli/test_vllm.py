"""`gristmill vllm` as a child process, with a fake package `vllm` in the place of the real one."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from click.testing import CliRunner

from gristmill.cli.main import command_line, main
from tests.generators.launch.test_launch import FAKE, Alive
from tests.progress import progressing
from tests.support.children import ROOT, cpu_ticks
from tests.support.commands import Workplace

_SCRIPT = "import sys; from gristmill.cli.main import command_line, main; main(sys.argv[1:])"


@pytest.fixture
def interpreter(tmp_path: Path) -> Path:
    """An interpreter for which `-m vllm...` is the fake server."""
    path = tmp_path / "python-with-vllm"
    path.write_text(f'#!/bin/sh\nshift 2\nexec {sys.executable} {FAKE} "$@"\n', "utf-8")
    path.chmod(0o755)
    return path


@asynccontextmanager
async def serving(folder: Path, *arguments: str) -> AsyncIterator[Process]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", _SCRIPT, "vllm", *arguments),
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=PIPE,
        stderr=PIPE,
        start_new_session=True,
    )
    try:
        async with progressing(lambda: cpu_ticks(process.pid)):
            yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def line(process: Process) -> str:
    assert process.stdout is not None
    return (await process.stdout.readline()).decode().strip()


@pytest.mark.parametrize("number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.full)])
async def test_the_server_is_told_where_it_answers_and_kept_until_a_signal(
    number: signal.Signals, tmp_path: Path, interpreter: Path
) -> None:
    alive = Alive(tmp_path)
    own = ("--python", str(interpreter), "--log", "the.log")
    async with serving(tmp_path, *own, "--", "--alive", str(alive.path), "--gentle") as process:
        said = await line(process)
        url = said.removeprefix("The server answers at ")
        assert await line(process) == f"gristmill run dart-uniform --dataset FILE --server {url}"
        health = url.removesuffix("/v1") + "/health"
        async with aiohttp.ClientSession() as session, session.get(health) as reply:
            assert reply.status == 200
        assert alive.is_held()
        process.send_signal(number)
        _, told = await process.communicate()
    assert process.returncode == 128 + number
    assert b"stopping the server" in told
    assert f"its log is {tmp_path / 'the.log'}".encode() in told
    assert "life of" in (tmp_path / "the.log").read_text()
    assert not alive.is_held()


def test_a_server_that_does_not_come_up_shows_its_log_and_ends_the_command_in_one_line(
    workplace: Workplace, interpreter: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main(["vllm", "--python", str(interpreter), "--", "--fail", "no such model\\n"])
    out, err = capsys.readouterr()
    assert left.value.code == 1
    assert out == ""
    *_, shown, last = err.splitlines()
    assert shown == "  | no such model"
    assert last.startswith("gristmill: launch: the server ended with code 7 before it answered")


def test_a_missing_vllm_is_said_before_anything_is_started(
    workplace: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gristmill.generators.launch.launch.find_spec", lambda name: None)
    assert workplace.refuses("vllm", "--", "--model", "m").startswith("launch_python: vLLM is not installed")


def test_the_command_says_how_vllm_arguments_are_given() -> None:
    shown = CliRunner().invoke(command_line(), ["vllm", "--help"]).output
    assert "gristmill vllm -- --model NAME" in " ".join(shown.split())
