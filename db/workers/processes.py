"""Identity of a process, so that another one on the same machine can see whether it still runs.

A process that was killed cannot say so, and another one of the same machine need not wait for its silence: it
looks. A number alone would not do, since the system gives it out again: the moment that the process started
at is part of it. The machine is told by its name and, on Linux, by boot and by space of process numbers, so
that containers of one host are several machines. Elsewhere than on Linux nobody is ever seen to be gone.
"""

import os
import socket
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_START_TIME = 19
"""Its place after the command's name in /proc/PID/stat: the 22nd field (proc(5)), in ticks since the boot."""

_HIDDEN = ""


@dataclass(frozen=True, slots=True)
class ProcessIdentity:
    """`host` is the same for processes that can see each other; `process` is of one process alone."""

    host: str
    process: str


def this_process() -> ProcessIdentity:
    """Not to be kept over a fork."""
    pid = os.getpid()
    return ProcessIdentity(_host(), f"{pid} {_started(pid)}".strip())


def is_gone(other: ProcessIdentity) -> bool:
    """Whether it is known that the process has ended: False where it cannot be seen from here."""
    pid, _, started = other.process.partition(" ")
    if other.host != _host() or not started or not pid.isdecimal():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False  # another user's, of whom nothing more may be known
    return _started(int(pid)) not in (started, _HIDDEN)


def _host() -> str:
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text("ascii").strip()
        space = (_PROC / "self/ns/pid").readlink().name
    except OSError:
        return socket.gethostname()
    return f"{socket.gethostname()} {boot} {space}"


def _started(pid: int) -> str:
    """In ticks since the boot; `_HIDDEN` where there is no way to know."""
    try:
        stat = (_PROC / str(pid) / "stat").read_text("utf-8", "replace")
    except OSError:
        return _HIDDEN
    fields = stat.rpartition(")")[2].split()
    dead = fields[0] in ("Z", "X")  # killed, and not yet taken notice of by its parent
    return "dead" if dead else fields[_START_TIME]
