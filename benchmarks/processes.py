"""Runs commands as child processes and measures them from outside, by /proc (Linux alone).

What is measured does not take part: a command runs as a user would run it, and its processor time and memory
are read every twentieth of a second while it works. /proc counts processor time in hundredths of a second, so
use it for spans of seconds. All times are of the monotonic clock, which every process of a machine shares.
"""

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from pydantic import TypeAdapter

from tests.stub.stats import Stats

_TICKS = os.sysconf("SC_CLK_TCK")
_SAMPLE_SECONDS = 0.05
_STATS = TypeAdapter(Stats)


class Role(StrEnum):
    """What a process is to the command: itself, one of its verification processes, its Prefect server, or
    a server that it draws from.
    """

    COMMAND = "command"
    VERIFIER = "verifier"
    PREFECT = "prefect"
    SERVER = "server"


_SIGNS = ((b"multiprocessing", Role.VERIFIER), (b"prefect.server", Role.PREFECT))
"""By what stands in a command line; the first that fits decides."""


class CommandFailedError(Exception):
    """A command that is measured ended badly; the message holds the end of what it wrote."""


@dataclass(frozen=True)
class Server:
    """A stub server in a process of its own."""

    url: str
    pid: int

    def stats(self) -> Stats:
        """What it counted so far."""
        with urllib.request.urlopen(self.url.removesuffix("/v1") + "/stats") as reply:  # noqa: S310
            return _STATS.validate_json(reply.read())


@dataclass
class Usage:
    """What a command used, over time. `seconds` is its wall time from start to end, `peak_bytes` the sum
    over the processes of a role of the most memory that each had resident.
    """

    output: str = ""
    seconds: float = 0.0
    moments: list[float] = field(default_factory=list)
    cpu_seconds: dict[Role, list[float]] = field(default_factory=lambda: {role: [] for role in Role})
    peak_bytes: dict[Role, int] = field(default_factory=dict)

    def cpu_between(self, role: Role, start: float, end: float) -> float:
        """Processor seconds of a role, from the last sample before `start` to the first after `end`."""
        first = max(0, bisect_right(self.moments, start) - 1)
        last = min(len(self.moments) - 1, bisect_left(self.moments, end))
        return self.cpu_seconds[role][last] - self.cpu_seconds[role][first]


@contextmanager
def stub_server(median_seconds: float, sigma: float) -> Iterator[Server]:
    """A stub with lognormal latencies that has counted nothing yet."""
    command = [sys.executable, "-m", "tests.stub.server", "--latency-seconds", str(median_seconds)]
    with subprocess.Popen([*command, "--sigma", str(sigma)], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield Server(process.stdout.readline().strip(), process.pid)
        finally:
            process.terminate()


def measured(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], servers: Sequence[int] = ()
) -> Usage:
    """Runs a command to its end; `servers` are the processes that it draws from.

    Raises CommandFailedError where its exit code is not 0.
    """
    usage, started = Usage(), time.perf_counter()
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, env={**os.environ, **environment}, cwd=folder
        )
        try:
            _sample_until_end(process, usage, servers)
        finally:
            process.kill()
            process.wait()
        usage.seconds = time.perf_counter() - started
        output.seek(0)
        usage.output = output.read()
    if process.returncode:
        raise CommandFailedError(
            f"{' '.join(command)} ended with {process.returncode}: {usage.output[-800:]}"
        )
    return usage


def _sample_until_end(process: subprocess.Popen[bytes], usage: Usage, servers: Sequence[int]) -> None:
    roles: dict[int, Role] = dict.fromkeys(servers, Role.SERVER)
    cpu: dict[int, float] = {}
    peaks: dict[int, int] = {}
    while process.poll() is None:
        usage.moments.append(time.monotonic())
        for pid in [*servers, *tree(process.pid)]:
            try:
                if roles.get(pid, Role.COMMAND) is Role.COMMAND:  # a spawned process is a copy at first
                    roles[pid] = _role(pid)
                cpu[pid], peaks[pid] = _cpu_seconds(pid), _peak_bytes(pid) or peaks.get(pid, 0)
            except (FileNotFoundError, ProcessLookupError):
                continue  # it has ended since it was listed
        for role in Role:
            mine = [pid for pid in cpu if roles[pid] is role]
            usage.cpu_seconds[role].append(sum(cpu[pid] for pid in mine))
            usage.peak_bytes[role] = sum(peaks[pid] for pid in mine)
        try:
            process.wait(_SAMPLE_SECONDS)
        except subprocess.TimeoutExpired:
            continue


def tree(pid: int) -> list[int]:
    """A process and all that descend from it."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = task.read_text().split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        for child in children:
            found += tree(int(child))
    return found


def _role(pid: int) -> Role:
    line = Path(f"/proc/{pid}/cmdline").read_bytes()
    return next((role for sign, role in _SIGNS if sign in line), Role.COMMAND)


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _peak_bytes(pid: int) -> int:
    """0 for a process that is ending."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0
