"""A server as a child process: started, waited for, restarted when it dies, ended with all its processes.

What it prints goes to a log file; when a start fails, the end of it is shown. A server that dies is started
again on its port, so that a run which waits for it goes on; one that dies again and again is given up.
"""

import asyncio
import os
import sys
import time
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from gristmill.generators.http.redact import Redactor
from gristmill.generators.launch.arguments import ServerArguments
from gristmill.sampling.errors import UnavailableError

TOLD_LINES = 30
QUIET = {"VLLM_NO_USAGE_STATS": "1", "DO_NOT_TRACK": "1", "PYTHONSAFEPATH": "1"}
"""No telemetry; and the working directory holds no modules for the server."""

_SUPERVISOR = Path(__file__).with_name("supervisor.py")
_TAIL_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class LaunchTimeouts:
    """`grace_seconds` are those between SIGTERM and SIGKILL. A server that has answered for `settled_seconds`
    has all of its `restarts` before it again.
    """

    start_seconds: float = 1800.0
    grace_seconds: float = 15.0
    settled_seconds: float = 60.0
    restarts: int = 3
    poll_seconds: float = 0.2


class LaunchedServer:
    """A server that answers, at the base URL `url`, while `launched` runs."""

    def __init__(
        self,
        command: Sequence[str],
        address: ServerArguments,
        log: Path,
        timeouts: LaunchTimeouts,
        say: Callable[[str], None],
    ) -> None:
        self.url = f"{address.origin}/v1"
        self.log = log
        self._command = command
        self._address = address
        self._timeouts = timeouts
        self._say = say
        self._process: Process | None = None
        self._answered_at: float | None = None
        self._log_start = 0
        self._keeper: asyncio.Task[None] | None = None

    async def lost(self) -> None:
        """Waits for ever, and raises UnavailableError when the server is given up."""
        if self._keeper is None:
            raise RuntimeError("the server has not been started")
        await asyncio.shield(self._keeper)

    async def start(self) -> None:
        """Returns when the server answers. Raises UnavailableError, with nothing of the server left."""
        self._answered_at = None
        process = self._process = await self._begun()
        try:
            await self._until_it_answers(process)
        except UnavailableError:
            await self._end(process)
            raise
        self._answered_at = time.monotonic()
        self._keeper = self._keeper or asyncio.create_task(self._keep(process))

    async def stop(self) -> None:
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.wait([self._keeper])
            if not self._keeper.cancelled():
                self._keeper.exception()  # said when it came
        if self._process is not None:
            await self._end(self._process)

    async def _begun(self) -> Process:
        with self.log.open("ab") as sink:
            self._log_start = sink.tell()
            grace = str(self._timeouts.grace_seconds)
            return await asyncio.create_subprocess_exec(
                *(sys.executable, "-I", "-S", str(_SUPERVISOR), grace, *self._command),
                stdin=PIPE,
                stdout=sink,
                stderr=STDOUT,
                env={**QUIET, **os.environ},
                start_new_session=True,
            )

    async def _until_it_answers(self, process: Process) -> None:
        ended = asyncio.ensure_future(process.wait())
        timeout = aiohttp.ClientTimeout(total=max(2.0, self._timeouts.poll_seconds))
        try:
            async with (
                asyncio.timeout(self._timeouts.start_seconds),
                aiohttp.ClientSession(timeout=timeout) as session,
            ):
                while not await _is_healthy(session, f"{self._address.origin}/health"):
                    await asyncio.wait([ended], timeout=self._timeouts.poll_seconds)
                    if ended.done():
                        raise self._failure(f"ended with code {ended.result()} before it answered")
        except TimeoutError as exc:
            raise self._failure(f"did not answer within {self._timeouts.start_seconds:g} s") from exc
        finally:
            ended.cancel()

    async def _keep(self, process: Process) -> None:
        deaths = 0
        while True:
            code = await process.wait()
            began = self._answered_at
            settled = began is not None and time.monotonic() - began >= self._timeouts.settled_seconds
            deaths = 1 if settled else deaths + 1
            if deaths > self._timeouts.restarts:
                error = self._failure(f"ended with code {code} and is given up after {deaths - 1} new starts")
                self._say(str(error))
                raise error
            self._say(f"the server ended with code {code}; new start {deaths} of {self._timeouts.restarts}")
            try:
                await self.start()
                self._say(f"the server answers again at {self.url}")
            except UnavailableError as exc:
                self._say(str(exc))
            process = self._process or process

    def _failure(self, what: str) -> UnavailableError:
        """Shows the end of the log; the error itself is one line."""
        lines = last_lines(self.log, self._log_start, self._address.secrets)
        for line in lines:
            self._say(f"  | {line}")
        last = f"; its last line: {lines[-1]}" if lines else ""
        return UnavailableError(f"launch: the server {what}; its log is {self.log}{last}", kind="launch")

    async def _end(self, process: Process) -> None:
        """Closes the supervisor's pipe and waits until nothing of the server is left."""
        if process.stdin is not None:
            process.stdin.close()
        try:
            async with asyncio.timeout(2 * self._timeouts.grace_seconds + 10):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()


def last_lines(log: Path, start: int, secrets: Sequence[str]) -> list[str]:
    """The last lines after the byte `start`, without secrets and control characters; none of a lost log."""
    try:
        with log.open("rb") as source:
            end = source.seek(0, os.SEEK_END)
            source.seek(max(start, end - _TAIL_BYTES))
            text = source.read().decode("utf-8", "replace")
    except OSError:
        return []
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, "[key]")
    lines = (line.rstrip() for line in text.splitlines())
    redactor = Redactor()
    return [redactor.redact(line) for line in [line for line in lines if line][-TOLD_LINES:]]


async def _is_healthy(session: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with session.get(url, ssl=False) as reply:
            return reply.status == 200
    except (aiohttp.ClientError, OSError):  # TimeoutError is an OSError
        return False
