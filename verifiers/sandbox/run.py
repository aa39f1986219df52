"""Sandbox for Python code that a model wrote (Linux namespaces, seccomp, resource limits).

What is covered, on Linux with isolation by namespaces (5.14 or newer, x86_64 or aarch64), as root and as an
ordinary user alike; `tests/verifiers/sandbox` has a test for each:

- files: the program sees the Python that runs Gristmill and its packages, read-only, and an empty folder of
  its own in memory, of limited size, gone at the end. No home, no store, no keys, no /proc, no temporary
  files.
- environment: none of our variables, no descriptors but stdin, stdout and stderr.
- network: none, not even loopback; no sockets but AF_UNIX's among its own processes, none of the host's.
- processes: it sees, signals and traces none but its own, and everything it started (double forks, sessions
  of their own, SIGTERM ignored) is dead when `run_python` returns, or when the process that called it is
  killed, whatever that process forked.
- limits: CPU seconds and address space of each process, number of processes and threads, wall time, size of
  files, bytes of output. System V segments, memfd and larger socket buffers, which no limit counts, cannot
  be had.
- privilege: no capabilities, no way to new ones (no_new_privs, an empty bounding set), no namespaces of its
  own, no mounts, keys, BPF, io_uring or the other system calls of `seccomp.py`.

What is NOT covered:

- faults of the kernel: it is the same kernel, and most system calls are open.
- side channels, and load: CPU caches, timing, and the CPU time of `processes` processes for the wall time.
- total memory is the product: up to `memory_mb` for each of `processes`, and `file_mb`; there is no cgroup.
  The kernel's memory killer is told to take the sandbox first.
- memory that the kernel holds for descriptors: up to 1 MB for a pipe, some 200 KB for a socket, times 128 for
  each process; and for file locks.
- locks: a program can hold flock on files that it is shown, and so keep back whoever locks them.
- what the kernel tells anybody: its version, the machine's memory, load and uptime (uname, sysinfo).
- secrets within the shown folders (an index URL with a password in an installed package's metadata, say).

With `Isolation.NONE` nearly all of this is missing: the program has our user's rights, files and network, and
what leaves its process group lives on. What is left: limits, but for the number of processes (the kernel
counts all of the user's), a private folder, an empty environment, three descriptors, and an end at the wall
time. Use it on a machine made for nothing else.

A right program may miss /proc, /sys, /etc and with them users' names and time zones; `/dev/stdin`, as a name,
is had only where `verifiers/code/runner.py` gives the input.

Source: the list of attacks is the `execution.py` of karpathy/nanochat turned round; the means are
bubblewrap's.
"""

import marshal
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from io import FileIO
from math import ceil
from pathlib import Path

from gristmill.sampling.errors import ConfigError, UnavailableError
from gristmill.verifiers.sandbox import environment, seccomp
from gristmill.verifiers.sandbox.execution import MEGABYTE, Execution, Isolation, Limits
from gristmill.verifiers.sandbox.monitor import SandboxMonitor

_BOOT = """
import sys
for name in ("gristmill", "gristmill.verifiers"):
    package = sys.modules[name] = type(sys)(name)
    package.__path__ = [sys.argv[1]]
from gristmill.verifiers.sandbox.launcher import main
main()
"""
"""Imports the launcher without what `verifiers/__init__` imports."""

_OWN_PROCESSES = 2  # the launcher and init, which count where the caller is no root
_OPEN_FILES = 128
_LONGEST_SHOWN = 300
_DEFAULTS = Limits()


def run_python(code: str, *, stdin: str = "", limits: Limits = _DEFAULTS, isolation: Isolation) -> Execution:
    """Runs a program to its end, from any thread, and blocks meanwhile. Whatever the program does is told in
    the execution; UnavailableError (kind `sandbox`) says that it did not run, or could not be watched.
    """
    try:
        with ExitStack() as stack:
            base = "" if isolation is Isolation.NAMESPACES else stack.enter_context(_private_folder())
            job = _job(code, stdin, limits, base)
            life, tell_life = _pipe(stack)
            report, tell_report = _pipe(stack)
            launcher = _launched(job, life.fileno(), tell_report.fileno())
            life.close()
            tell_report.close()
            with launcher:
                return SandboxMonitor(launcher, tell_life, report, limits).execution()
    except OSError as exc:
        raise UnavailableError(f"the sandbox failed: {exc}", kind="sandbox") from exc


def _pipe(stack: ExitStack) -> tuple[FileIO, FileIO]:
    """Both ends, closed with the stack if nobody closed them before."""
    reads, writes = os.pipe()
    return stack.enter_context(FileIO(reads, "r")), stack.enter_context(FileIO(writes, "w"))


@contextmanager
def _private_folder() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="gristmill-", ignore_cleanup_errors=True) as folder:
        yield folder


def _launched(job: bytes, life: int, report: int) -> "subprocess.Popen[bytes]":
    """The job goes by a file: no pipe that either side could wait on."""
    numbers = [str(number) for number in (life, report, os.getpid())]
    arguments = ["-I", "-S", "-c", _BOOT, str(Path(__file__).parent.parent), *numbers]
    with tempfile.TemporaryFile() as file:
        file.write(job)
        file.seek(0)
        return subprocess.Popen(  # noqa: S603 - our own interpreter and our own file
            [environment.python(), *arguments],
            stdin=file,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=(life, report),
            start_new_session=True,  # Ctrl-C reaches the caller, who decides
            env={},
            cwd="/",
        )


def _job(code: str, stdin: str, limits: Limits, base: str) -> bytes:
    isolated = not base
    home = environment.home() if isolated else f"{base}/home"
    return marshal.dumps(
        {
            "isolated": isolated,
            "base": base,
            "home": home,
            "shown": environment.shown() if isolated else (),
            "links": environment.links() if isolated else (),
            "devices": environment.DEVICES if isolated else (),
            "filter": seccomp.call_filter(os.uname().machine) if isolated else b"",
            "file_bytes": limits.file_mb * MEGABYTE,
            "resources": _resources(limits, isolated),
            "command": environment.command("/main.py" if isolated else f"{base}/main.py"),
            "environment": environment.variables(home),
            "code": code.encode("utf-8", "surrogatepass"),
            "stdin": stdin.encode("utf-8", "surrogatepass"),
        }
    )


def _resources(limits: Limits, isolated: bool) -> list[tuple[str, int]]:
    """Names and values for setrlimit. RLIMIT_NPROC counts threads, too, and all that the user has in the user
    namespace: in ours there is nothing else, and in the host's everything.
    """
    processes = [("RLIMIT_NPROC", limits.processes + _OWN_PROCESSES)] if isolated else []
    return [
        *processes,
        ("RLIMIT_CPU", ceil(limits.cpu_seconds)),
        ("RLIMIT_AS", limits.memory_mb * MEGABYTE),
        ("RLIMIT_FSIZE", limits.file_mb * MEGABYTE),
        ("RLIMIT_NOFILE", _OPEN_FILES),
        ("RLIMIT_CORE", 1),  # 0 would still feed a core_pattern that is a program
        ("RLIMIT_MEMLOCK", 0),
    ]


def available_isolation(unsafe_no_isolation: bool = False) -> Isolation:
    """The isolation to run code with. Where the machine allows none: ConfigError, or `NONE` if the user chose
    that. Tries it out once in a process, in some 30 ms.
    """
    try:
        _try_isolation()
    except UnavailableError as exc:
        why = str(exc)
    else:
        return Isolation.NAMESPACES
    if unsafe_no_isolation:
        return Isolation.NONE
    raise ConfigError(
        f"code from a model runs in a sandbox or not at all, and this machine does not let one start: {why}. "
        "Allow unprivileged user namespaces (sysctl user.max_user_namespaces above 0, "
        "kernel.unprivileged_userns_clone=1, kernel.apparmor_restrict_unprivileged_userns=0; in a container "
        "also --security-opt seccomp=unconfined --security-opt apparmor=unconfined), or set "
        "unsafe_no_isolation on a machine where the code may read, send and break everything"
    )


@cache
def _try_isolation() -> None:
    """Raises UnavailableError where isolation cannot be had; only success is remembered."""
    if sys.platform != "linux" or not seccomp.known_machine(os.uname().machine):
        here = f"{sys.platform} on {os.uname().machine}"
        raise UnavailableError(f"it needs Linux on x86_64 or aarch64, and this is {here}", kind="sandbox")
    execution = run_python("print(6 * 7)", isolation=Isolation.NAMESPACES)
    if execution.stdout != "42\n":
        error = execution.stderr.strip()[-_LONGEST_SHOWN:]
        raise UnavailableError(f"a program that prints 42 ended otherwise: {error}", kind="sandbox")
