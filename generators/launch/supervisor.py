"""Supervisor process between Gristmill and a server that it launched: no process of it outlives Gristmill.

A program of its own, run by its path under `python -I -S`: it takes the server's command as arguments and
holds the reading end of a pipe as its standard input. When the pipe closes, which the kernel does even for a
Gristmill that was killed with SIGKILL, when a SIGTERM comes, or when the server's main process ends, it ends
all of the server's processes: SIGTERM, a grace period, SIGKILL. It leaves with the server's exit code once
all are gone.

Covered on Linux: children in process groups and sessions of their own, and those whose parents are gone
(they become the supervisor's own children). Elsewhere only the server's own process group is ended. Not
covered anywhere: a SIGKILL to the supervisor itself, of which only the server's main process dies.
Source: prctl(2), PR_SET_CHILD_SUBREAPER and PR_SET_PDEATHSIG.
"""

import ctypes
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_ON_LINUX = sys.platform == "linux"
_KILL_SECONDS = 0.2
"""How often SIGKILL is repeated for processes that were being born while the others were killed."""


def main(arguments: Sequence[str]) -> int:
    """`arguments` are the seconds of grace and the command."""
    grace_seconds, *command = arguments
    prctl = ctypes.CDLL(None).prctl if _ON_LINUX else None
    if prctl is not None:
        prctl(_PR_SET_CHILD_SUBREAPER, 1)
    news = _news_of_signals()
    server = subprocess.Popen(  # noqa: S603
        command,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=None if prctl is None else lambda: prctl(_PR_SET_PDEATHSIG, signal.SIGKILL),
    )
    ended = _wait_for_an_end(server.pid, news)
    server.returncode = 0  # it is reaped here, and not by the object
    return _end_all(server.pid, float(grace_seconds), news, ended)


def _news_of_signals() -> int:
    """A descriptor to be read: a byte for each signal, which is its number."""
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: None)
    return reading


def _wait_for_an_end(server: int, news: int) -> int | None:
    """The server's exit code when it ended by itself, None when the pipe or a signal asks for the end."""
    pipe = sys.stdin.fileno()
    while True:
        readable, _, _ = select.select([pipe, news], [], [])
        if pipe in readable and not os.read(pipe, 4096):
            return None
        told = _drained(news) if news in readable else b""
        ended = dict(_reaped())
        if server in ended:
            return ended[server]
        if any(number != signal.SIGCHLD for number in told):
            return None


def _drained(news: int) -> bytes:
    with suppress(BlockingIOError):
        return os.read(news, 4096)
    return b""


def _end_all(server: int, grace_seconds: float, news: int, ended: int | None) -> int:
    """Ends whatever is left. Returns the server's exit code, by the custom of shells for a signal."""
    _signal_all(server, signal.SIGTERM)
    kill_at = time.monotonic() + grace_seconds
    while _has_children():
        left = kill_at - time.monotonic()
        if left <= 0:
            _signal_all(server, signal.SIGKILL)
        select.select([news], [], [], left if left > 0 else _KILL_SECONDS)
        _drained(news)
        ended = dict(_reaped()).get(server, ended)
    if not _ON_LINUX:
        _signal_all(server, signal.SIGKILL)
    return 128 + signal.SIGTERM if ended is None else ended


def _has_children() -> bool:
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True


def _reaped() -> Iterator[tuple[int, int]]:
    """Process id and exit code of each child that has ended, our own and those that fell to us."""
    with suppress(ChildProcessError):
        while (found := os.waitpid(-1, os.WNOHANG)) != (0, 0):
            code = os.waitstatus_to_exitcode(found[1])
            yield found[0], code if code >= 0 else 128 - code


def _signal_all(server: int, number: signal.Signals) -> None:
    if not _ON_LINUX:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(server, number)
        return
    for process in _descendants():
        with suppress(ProcessLookupError, PermissionError):
            os.kill(process, number)


def _descendants() -> list[int]:
    """All processes below this one, parents before children."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            with suppress(OSError):  # it has ended meanwhile
                parent = (folder / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()[1]
                children.setdefault(int(parent), []).append(int(folder.name))
    found = [os.getpid()]
    for process in found:
        found += children.get(process, ())
    return found[1:]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
