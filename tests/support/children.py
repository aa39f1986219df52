"""The command as a child process against a stub server in the test's own loop: started, signalled, killed.

The stub counts what it is asked, so that a test waits for a number of requests and never for a time. A child
and whatever it starts are a process group of their own, which is killed at the end, whatever fails.
"""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from gristmill.generators.scripted.script import sum_problems
from gristmill.sampling.records import Problem
from tests.progress import progressing
from tests.stub.server import StubServer
from tests.stub.stats import Gauge

ROOT = Path(__file__).parents[2]
RUN = "the-run"
SEED = 7
_SCRIPT = "import sys; from gristmill.cli.main import main; main(sys.argv[1:])"
"""As the installed command does. From a string, the verification processes need not import it again."""


@dataclass(frozen=True, slots=True)
class Job:
    """A run that is the same each time it is started: the folder it works in, its store and its server."""

    folder: Path
    store_url: str
    problems: list[Problem]
    stub: StubServer
    flags: Mapping[str, str] = field(default_factory=dict)

    def arguments(self, *more: str) -> list[str]:
        flags = {
            "run-id": RUN,
            "seed": str(SEED),
            "server": self.stub.url,
            "dataset": str(self.folder / "sums.jsonl"),
            "prompt-field": "prompt",
            "reference-field": "reference",
            **self.flags,
        }
        pairs = [part for name, value in flags.items() for part in (f"--{name}", value)]
        return ["run", "dart-uniform", *pairs, *more]


def a_job(folder: Path, store_url: str, stub: StubServer, *, problems: int, **flags: object) -> Job:
    """Writes its data set of sums. Flags are the command's own, with underscores."""
    sums = sum_problems(problems)
    lines = [json.dumps({"prompt": problem.prompt, "reference": problem.reference}) for problem in sums]
    (folder / "sums.jsonl").write_text("\n".join(lines), "utf-8")
    named = {name.replace("_", "-"): str(value) for name, value in flags.items()}
    return Job(folder, store_url, sums, stub, named)


@asynccontextmanager
async def child(job: Job, *more: str) -> AsyncIterator[Process]:
    """Runs the job's command while the block runs; its standard error is a pipe."""
    async with command(job.folder, job.store_url, *job.arguments(*more)) as process:
        yield process


@asynccontextmanager
async def command(folder: Path, store_url: str, *arguments: str, **variables: str) -> AsyncIterator[Process]:
    """Runs `gristmill` in `folder` while the block runs; `variables` are its environment's."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        _SCRIPT,
        *arguments,
        cwd=folder,
        env=environment(folder, store_url) | variables,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        async with progressing(lambda: cpu_ticks(process.pid)):
            yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.communicate()


def cpu_ticks(group: int) -> int:
    """Processor time that the processes of a group have used; 0 where /proc does not tell (proc(5))."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = stat.read_text("utf-8", "replace").rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12]) if int(fields[2]) == group else 0
    return ticks


def environment(folder: Path, store_url: str) -> dict[str, str]:
    """This one's, without what would lead a child elsewhere."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("GRISTMILL_", "PREFECT_"))
    }
    return kept | {
        "GRISTMILL_DATABASE_URL": store_url,
        "PREFECT_HOME": str(folder / "prefect"),
        "PYTHONPATH": str(ROOT),
        "NO_COLOR": "1",
    }


async def asked(process: Process, gauge: Gauge, reached: Callable[[Gauge], bool]) -> None:
    """Waits until the stub's counts say so. Fails with what the child had to say when it ends before."""
    waits = asyncio.ensure_future(gauge.until(reached)), asyncio.ensure_future(process.wait())
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        if not waits[0].done():
            raise AssertionError(f"the child ended with {process.returncode}: {await said(process)}")
    finally:
        for wait in waits:
            wait.cancel()
        await asyncio.wait(waits)


async def said(process: Process) -> str:
    """The rest of standard error, once the child has ended."""
    _, text = await process.communicate()
    return text.decode("utf-8", "replace")


async def ended(process: Process) -> str:
    """Waits for a child that is to end by itself with 0; gives its standard error."""
    text = await said(process)
    assert process.returncode == 0, text
    return text


async def killed(process: Process, stub: StubServer) -> None:
    """SIGKILL, and the end of it: what was on its way to the stub has been counted when this returns."""
    process.kill()
    assert await process.wait() == -signal.SIGKILL
    # A request of our own is read after all that the child had sent before.
    async with aiohttp.ClientSession() as session, session.get(stub.url.replace("/v1", "/stats")) as reply:
        assert reply.status == 200
    await stub.gauge.until(lambda gauge: gauge.in_flight == 0)
