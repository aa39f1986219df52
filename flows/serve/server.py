"""Supervised Prefect server of `gristmill serve`: restarted when it dies, its log watched for errors.

It holds the schedules, so that it is restarted on its port and with its home, and nightly runs take place.
One that dies three times within a minute of its start will do so again: then `serve` ends. Errors in its log
are said once for each start: a scheduler that fails would otherwise make no runs and say nothing.
"""

import asyncio
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from gristmill.flows.local import end_of, require_free, start_server, stop_server, wait_until_healthy
from gristmill.sampling.errors import UnavailableError

_LOOK_SECONDS = 1.0
_YOUNG_SECONDS = 60.0
_MOST_YOUNG_DEATHS = 3
_ERRORS = (b"ERROR", b"CRITICAL", b"Traceback")
_SETTINGS = {
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
    "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(90 * 24 * 3600),
}
"""What is older than 90 days is deleted, runs too, which Prefect keeps. Variables of the environment win."""
_WAY_OUT = "set PREFECT_API_URL to one"


class SupervisedServer:
    """A Prefect server as a child process. `log` has its errors; the log of the start before ends in `.1`."""

    def __init__(self, port: int, log: Path) -> None:
        self.url = f"http://127.0.0.1:{port}/api"
        self.log = log
        self._port = port
        self._environment = _SETTINGS | os.environ | {"PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "ERROR"}
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._read = 0
        self._young_deaths = 0

    def start(self) -> None:
        """Returns before it answers. Must be called on the main thread, with which it dies."""
        self._started = time.monotonic()
        self._read = self.log.stat().st_size if self.log.exists() else 0
        self._process = start_server(self._port, self.log, self._environment)

    def wait(self) -> None:
        """Until it answers. Raises UnavailableError when it does not."""
        assert self._process is not None  # noqa: S101
        wait_until_healthy(self._process, self.url, self.log, _WAY_OUT)

    def stop(self) -> None:
        if self._process is not None:
            stop_server(self._process)

    async def keep_up(self, say: Callable[[str], None]) -> None:
        """Until it is cancelled. Raises UnavailableError, with the end of the log, when that is no use."""
        told = False
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            if not told and self._has_logged_errors():
                told = True
                say(f"Prefect's server has logged errors: {self.log}")
            if self._process is not None and self._process.poll() is not None:
                self._count_death()
                say("Prefect's server has died and is started again; runs go on")
                self.start()
                told = False

    def _count_death(self) -> None:
        young = time.monotonic() - self._started < _YOUNG_SECONDS
        self._young_deaths = self._young_deaths + 1 if young else 0
        if self._young_deaths >= _MOST_YOUNG_DEATHS:
            raise UnavailableError(
                f"Prefect's server dies as soon as it is started: {self.log}: {end_of(self.log)}"
            )

    def _has_logged_errors(self) -> bool:
        """Reads what is new. A log that was moved away or truncated is read from its beginning."""
        try:
            with self.log.open("rb") as log:
                is_shorter = os.fstat(log.fileno()).st_size < self._read
                log.seek(0 if is_shorter else self._read)
                new = log.read(1_000_000)
                self._read = log.tell()
        except FileNotFoundError:
            self._read = 0
            return False
        return any(word in new for word in _ERRORS)


@contextmanager
def supervised_server(port: int, log: Path) -> Iterator[SupervisedServer]:
    """Yields it once it answers. Raises ConfigError when the port is taken, UnavailableError when it does not
    come up.
    """
    require_free(port, "--port")
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists():
        log.replace(log.with_name(f"{log.name}.1"))
    server = SupervisedServer(port, log)
    try:
        server.start()
        server.wait()
        yield server
    finally:
        server.stop()
