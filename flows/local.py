"""Running a flow here, for a command: with a temporary Prefect server where none is configured.

Prefect can start such a server by itself, but that one gets the terminal's Ctrl-C with us and is gone before
the run's last state reaches it. This one is a child in a session of its own on a free port, says nothing, and
dies with us even when we are killed (on Linux). Its database is that of PREFECT_HOME, and lasts. The server
of `gristmill serve` (`gristmill.flows.serve.server`) is started by the same functions.
"""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from gristmill.flows import prefect_app
from gristmill.sampling.errors import ConfigError, UnavailableError
from gristmill.text.private_files import open_private

if TYPE_CHECKING:
    from prefect.client.schemas.objects import State

    from gristmill.runs.settings.run import RunConfig

_START_SECONDS = 300.0
"""Some 15 s on an idle machine; one that dies is noticed at once."""

_ANSWER_SECONDS = 10.0
_STOP_SECONDS = 5.0
_DRAIN_SECONDS = 10.0
_PR_SET_PDEATHSIG = 1
QUIET = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_INTERNAL_LEVEL": "CRITICAL",  # a line for each heartbeat while a server is away
}
"""Set before Prefect is imported: no telemetry, and no log on the console beside our display. What ends a run
is raised through the flow and said by the command, once and in one line; the log with the server has it all.
"""


def set_quiet() -> None:
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)


async def run_flow(config: "RunConfig", run_id: str) -> int | None:
    """Runs a run's flow in this process to its end; returns the signal that interrupted it, if any.

    What made it fail is raised as it is.
    """
    from gristmill.flows.artifacts.publish import GONE
    from gristmill.flows.lifecycle import foreground
    from gristmill.flows.synthesize_instructions import synthesize_instructions
    from gristmill.flows.synthesize_math import synthesize_math
    from gristmill.reports.console import console, plain
    from gristmill.runs.cancellation import StopRequest

    stop = StopRequest()
    flow = synthesize_instructions if config.makes_instructions else synthesize_math
    foreground.set(stop)
    try:
        state: State[Any] = await flow(config, run_id, return_state=True)
        if state.is_failed() or state.is_crashed():
            await state.aresult()
    except GONE as error:
        console(stderr=True).print(plain(f"Prefect went away ({error!r}); the store has what was drawn"))
    return stop.signal


@contextmanager
def prefect_server() -> Iterator[str]:
    """Yields the API URL. Raises UnavailableError, with the end of its log, when it does not come up."""
    port = _free_port()
    url = f"http://127.0.0.1:{port}/api"
    with tempfile.TemporaryDirectory(prefix="gristmill-prefect-") as folder:
        log = Path(folder) / "server.log"
        server = start_server(port, log, os.environ)
        try:
            wait_until_healthy(server, url, log, "use --direct, or set PREFECT_API_URL to one")
            yield url
        finally:
            stop_server(server)


def require_free(port: int, flag: str) -> None:
    """Raises ConfigError when something listens on that port of 127.0.0.1 already."""
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError as error:
        raise ConfigError(
            f"cannot listen on 127.0.0.1, port {port} ({error.strerror or error}): another `gristmill serve` "
            f"or Prefect server may be up; end it, name another port by {flag}, or set PREFECT_API_URL to it"
        ) from error


def without_user(url: str) -> str:
    """The URL without user and password, to be shown."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def require_prefect(url: str, otherwise: str = "use --direct") -> None:
    """Raises UnavailableError when nobody answers at an API URL. What the answer is does not matter here."""
    try:
        with urllib.request.urlopen(f"{url.rstrip('/')}/health", timeout=_ANSWER_SECONDS):  # noqa: S310
            return
    except urllib.error.HTTPError:
        return
    except (OSError, ValueError) as error:
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        raise UnavailableError(
            f"Prefect at {without_user(url)} does not answer ({reason}): start it with `prefect server "
            f"start`, unset PREFECT_API_URL, or {otherwise}"
        ) from error


def drain_prefect() -> None:
    """Sends what Prefect still has to send while its server is there; it would go on trying for minutes."""
    from prefect.events.worker import EventsWorker
    from prefect.logging.handlers import APILogWorker

    for worker in (EventsWorker, APILogWorker):
        worker.drain_all(timeout=_DRAIN_SECONDS, at_exit=False)


def start_server(port: int, log: Path, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Returns at once. What it says is appended to `log`; it dies with the thread that calls this."""
    command = [sys.executable, "-m", "uvicorn", "--factory", prefect_app.FACTORY]
    command += ["--host", "127.0.0.1", "--port", str(port), "--log-level", "warning"]
    with open_private(log, "ab") as sink:
        return subprocess.Popen(  # noqa: S603
            command,
            env={**environment, **prefect_app.settings(port)},
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_parent if sys.platform == "linux" else None,
        )


def die_with_parent() -> None:
    """For `preexec_fn`, on Linux: SIGTERM as soon as the thread that started this process is gone."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def wait_until_healthy(server: subprocess.Popen[bytes], url: str, log: Path, way_out: str) -> None:
    """Raises UnavailableError, with the way out and the end of the log, when it does not come up."""
    until = time.monotonic() + _START_SECONDS
    while server.poll() is None and time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{url}/health", timeout=1.0):  # noqa: S310
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise UnavailableError(f"the Prefect server did not come up; {way_out}. {end_of(log)}")


def end_of(log: Path) -> str:
    """Its last lines, as one."""
    return " | ".join(log.read_text("utf-8", "replace").strip().splitlines()[-5:])


def stop_server(server: subprocess.Popen[bytes]) -> None:
    """SIGTERM, and SIGKILL for one that does not heed it."""
    server.terminate()
    try:
        server.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
