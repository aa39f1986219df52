"""Launcher and init of the sandbox: the processes that make it, start the program in it, and end it.

Three processes, each the parent of the next. The *launcher* makes the namespaces and the file system; it
stays outside the sandbox's process namespace, and ends everything when its life line (a pipe whose other end
the caller holds) closes or the caller is gone (a child that the caller forked may hold the life line, too).
*Init* is process 1 inside: it has no privilege left, waits for the program, reports how it ended, and takes
with it whatever is left there, because the kernel kills a namespace whose process 1 is gone. The *program* is
a new Python that gets three descriptors and its limits.

The launcher is started as `python -I -S` and imports this file and `mounts.py` alone: the standard
library and nothing else, and costs a few milliseconds. Sources: namespaces(7), pivot_root(2),
mount_setattr(2), seccomp(2).
"""

# ruff: noqa: PTH102, PTH108, PTH123 - pathlib would slow the start

import contextlib
import ctypes
import marshal
import os
import resource
import select
import signal
import sys
from typing import Any, NoReturn

from gristmill.verifiers.sandbox.mounts import LIBC, MOUNT_POINT, NOBODY, check, isolate, seal

STARTED, FAILED = "started", "failed"
_PDEATHSIG, _DUMPABLE, _SECCOMP, _CAPBSET_DROP, _NO_NEW_PRIVS = 1, 4, 22, 24, 38
_CAPABILITY_VERSION = 0x20080522


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]


def main() -> NoReturn:
    """Arguments: this folder, the life line, the pipe for the report, the caller. The job comes marshalled on
    stdin.
    """
    life, status, caller = (int(argument) for argument in sys.argv[2:5])
    os.umask(0o022)  # another user than ours is to read the files
    os.set_inheritable(life, False)
    os.set_inheritable(status, False)
    job = marshal.load(sys.stdin.buffer)  # noqa: S302 - it comes from our own parent
    ready, tell_ready = os.pipe()
    go, tell_go = os.pipe()
    lines = [life, *_handles(caller)]
    try:
        privileged = isolate(job) if job["isolated"] else False
        job["input"] = _write_files(job)
        if job["isolated"]:
            seal(job)
        init = os.fork()
        if init == 0:
            for end in (*lines, ready, tell_go):
                os.close(end)
            _init(job, privileged, status, tell_ready, go)
    except OSError as exc:
        _say(status, FAILED, f"{exc.strerror} ({exc.filename})")
        os._exit(1)
    for end in (status, tell_ready, go):
        os.close(end)
    _watch(init, lines, ready, tell_go)
    os.waitpid(init, 0)
    if job["base"]:  # the caller may be gone, and then nobody else removes it
        import shutil  # takes longer than all the rest

        shutil.rmtree(job["base"], ignore_errors=True)
    os._exit(0)


def _handles(caller: int) -> list[int]:
    """A descriptor that tells when the caller is gone; none where the kernel or a filter has none."""
    handles = []
    with contextlib.suppress(OSError, AttributeError):
        handles.append(os.pidfd_open(caller))
    if os.getppid() != caller:
        os._exit(1)
    return handles


def _say(status: int, *words: object) -> None:
    os.write(status, (" ".join(map(str, words)) + "\n").encode())


def _watch(init: int, lines: list[int], ready: int, tell_go: int) -> None:
    """Until init is gone, or a line to the caller closed: then the whole sandbox goes."""
    if os.read(ready, 1):  # init asked to be killed when this process dies, and may go on
        os.write(tell_go, b".")
        poll = select.poll()
        for end in (*lines, ready):
            poll.register(end, select.POLLIN)
        while not (ends := {end for end, _ in poll.poll()}):
            continue
        if not ends.isdisjoint(lines):
            os.killpg(init, signal.SIGKILL)


def _write_files(job: dict[str, Any]) -> int:
    """The program, beside the folder where it runs, and its input, which loses its name: who has not the
    descriptor that is returned cannot read it.
    """
    base = MOUNT_POINT if job["isolated"] else job["base"]
    os.mkdir(f"{MOUNT_POINT}{job['home']}" if job["isolated"] else job["home"], 0o700)
    for name in ("code", "stdin"):
        with open(f"{base}/{'main.py' if name == 'code' else name}", "wb") as file:
            file.write(job[name])
    stdin = os.open(f"{base}/stdin", os.O_RDONLY)
    os.unlink(f"{base}/stdin")
    return stdin


def _init(job: dict[str, Any], privileged: bool, status: int, tell_ready: int, go: int) -> NoReturn:
    """Process 1: drops everything, starts the program, reports `code cpu-seconds`, and ends all the rest."""
    try:
        os.setsid()
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Python's own handler is one that the program may call
        if job["isolated"]:
            _drop(privileged)
            check(LIBC.prctl(_PDEATHSIG, signal.SIGKILL, 0, 0, 0), "prctl")
        os.write(tell_ready, b".")
        if not os.read(go, 1):  # the launcher is gone
            os._exit(1)
        _say(status, STARTED)
        program = os.fork()
        if program == 0:
            _become_program(job, status)
        while True:
            pid, code, usage = os.wait3(0)
            if pid == program:
                break
        _say(status, os.waitstatus_to_exitcode(code), usage.ru_utime + usage.ru_stime)
    except OSError as exc:
        _say(status, FAILED, f"{exc.strerror} ({exc.filename})")
    if not job["isolated"]:
        os.killpg(0, signal.SIGKILL)
    os._exit(0)


def _drop(privileged: bool) -> None:
    """No capability, now or by any exec; another user where there was root; not to be traced."""
    capability = 0
    while LIBC.prctl(_CAPBSET_DROP, capability, 0, 0, 0) == 0:
        capability += 1
    if privileged:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    check(LIBC.capset(header, (ctypes.c_uint32 * 6)()), "capset")
    check(LIBC.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl")
    check(LIBC.prctl(_DUMPABLE, 0, 0, 0, 0), "prctl")


def _become_program(job: dict[str, Any], status: int) -> NoReturn:
    try:
        os.dup2(job["input"], 0)
        os.chdir(job["home"])
        for number in (signal.SIGINT, signal.SIGPIPE, signal.SIGXFSZ, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        for name, value in job["resources"]:
            _limit(getattr(resource, name), value)
        if job["isolated"]:
            program = _Program(len(job["filter"]) // 8, job["filter"])
            check(LIBC.prctl(_SECCOMP, 2, ctypes.byref(program), 0, 0), "seccomp")
        os.execve(job["command"][0], job["command"], job["environment"])  # noqa: S606 - no shell is the point
    except OSError as exc:
        _say(status, FAILED, f"Python did not start: {exc.strerror} ({exc.filename})")
    os._exit(127)


def _limit(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    value = value if hard < 0 else min(value, hard)
    grace = 1 if kind == resource.RLIMIT_CPU and (hard < 0 or value < hard) else 0  # SIGXCPU, then SIGKILL
    resource.setrlimit(kind, (value, value + grace))
