"""Processes that start processes: all of them are ended together, whatever fails."""

import asyncio
import os
import signal
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from gristmill.flows.local import die_with_parent

_LOOK_SECONDS = 0.2


@asynccontextmanager
async def process_group(
    command: Sequence[str], folder: Path, environment: Mapping[str, str]
) -> AsyncIterator[Process]:
    """Runs a command in `folder` while the block runs. What it says is appended to `said.log` there, for a
    pipe that nobody reads would hold it up, and is shown when the block fails.
    """
    with (folder / "said.log").open("ab") as sink:
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=folder,
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=sink,
            stderr=sink,
            start_new_session=True,
            preexec_fn=die_with_parent,
        )
    try:
        yield process
    except BaseException as error:
        error.add_note((folder / "said.log").read_text("utf-8", "replace")[-6000:])
        raise
    finally:
        for one in (process.pid, *_descendants(process.pid)):
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        await process.wait()


async def until(reached: Callable[[], bool]) -> None:
    """For what gives no news of itself: a store, a file. The test around it has the time limit."""
    while True:
        if reached():
            return
        await asyncio.sleep(_LOOK_SECONDS)


def flow_run_process(serving: int) -> int:
    """The process of the only flow run under way."""
    found = [process for process in _descendants(serving) if "prefect.engine" in _command_line(process)]
    assert len(found) == 1, [_command_line(process) for process in _descendants(serving)]
    return found[0]


def _descendants(process: int) -> list[int]:
    """All that a process started and what those started, in whatever session, as long as they live."""
    found = []
    for thread in Path(f"/proc/{process}/task").glob("*"):
        with suppress(OSError):
            for child in map(int, (thread / "children").read_text("ascii").split()):
                found += [child, *_descendants(child)]
    return found


def _command_line(process: int) -> str:
    return Path(f"/proc/{process}/cmdline").read_text("utf-8", "replace").replace("\0", " ")
