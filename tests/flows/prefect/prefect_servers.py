"""A Prefect server that a test may kill and start again: a process with a home, a database and a port that
outlive it. It is guarded as that of `gristmill serve` is.

Whoever is connected sees what a server that crashes on its machine shows: the connections break, and then
nobody answers at the address until it is back with all it had committed.
"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from gristmill.flows.local import QUIET
from gristmill.flows.prefect_app import FACTORY, settings
from tests.progress import Patience, cpu_ticks

_STOP_SECONDS = 10.0
_SCRIPT = f"""
import os, sys, threading, uvicorn
threading.Thread(target=lambda: (sys.stdin.buffer.read(), os._exit(1)), daemon=True).start()
application = ["--factory", "{FACTORY}", "--host", "127.0.0.1"]
uvicorn.main([*application, "--log-level", "warning", *sys.argv[1:]])
"""
"""The server, and its end when the test's process is gone; whichever thread started it may go before."""


class PrefectServer:
    """`url` is where its UI is. It listens on 127.0.0.1 alone."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.url = f"http://127.0.0.1:{free_port()}"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def api(self) -> str:
        return f"{self.url}/api"

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def log(self) -> Path:
        return self.home / "server.log"

    def start(self) -> None:
        """Returns when the API answers. Nothing happens when the server runs already."""
        if self.running:
            return
        command = [sys.executable, "-c", _SCRIPT, "--port", self.url.rpartition(":")[2]]
        self.home.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as sink:
            self._process = subprocess.Popen(
                command,
                env=self._environment(),
                stdin=subprocess.PIPE,
                stdout=sink,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._wait_until_healthy(self._process)

    def kill(self) -> None:
        """SIGKILL, and the end of it."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGKILL)
        _closed(self._process)

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """It takes connections in the block, and answers nobody."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(self._process.pid, signal.SIGCONT)

    def stop(self) -> None:
        """SIGTERM, and SIGKILL for one that does not heed it."""
        if self._process is None or not self.running:
            return
        self._process.terminate()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
        _closed(self._process)

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
        own = {
            "PREFECT_HOME": str(self.home),
            # By default the UI's files are written into the package, where two servers would meet.
            "PREFECT_UI_STATIC_DIRECTORY": str(self.home / "ui"),
            # A schedule that is added is otherwise looked at within a minute.
            "PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "2",
            # Events are otherwise written down every 5 s.
            "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_FLUSH_INTERVAL": "0.1",
        }
        return kept | QUIET | settings(int(self.url.rpartition(":")[2])) | own

    def _wait_until_healthy(self, process: subprocess.Popen[bytes]) -> None:
        patience = Patience(lambda: cpu_ticks(process.pid))
        while process.poll() is None:
            with suppress(OSError), urllib.request.urlopen(f"{self.api}/health", timeout=5.0):
                return
            patience.check()
            time.sleep(0.1)
        tail = self.log.read_text("utf-8", "replace").strip().splitlines()[-10:]
        raise AssertionError("the Prefect server did not come up: " + " | ".join(tail))


def _closed(process: subprocess.Popen[bytes]) -> None:
    process.wait()
    if process.stdin is not None:
        process.stdin.close()


def free_port() -> int:
    """One that nobody has now, and that stays this server's over its restarts."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
