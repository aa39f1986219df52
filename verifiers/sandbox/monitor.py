"""Monitor of one sandbox run: output up to the limit, deadline, report, end.

The idea: one loop over three pipes with a deadline. What is over the limit is read no more, since reading it
is what would fill the memory here. To end the sandbox is to close the life line, and the launcher then kills
all of it; it is gone when the launcher is.
"""

import codecs
import contextlib
import os
import selectors
import subprocess
from dataclasses import dataclass, field
from io import FileIO
from time import monotonic
from typing import IO

from gristmill.sampling.errors import UnavailableError
from gristmill.verifiers.sandbox.execution import Ended, Execution, Limits
from gristmill.verifiers.sandbox.launcher import FAILED, STARTED

_START_SECONDS = 30.0
_GRACE_SECONDS = 10.0
_CHUNK = 65536
_LONGEST_REPORT = 4096
_LONGEST_SHOWN = 300
_CPU_SHARE = 0.5
"""Of its CPU seconds that a program killed for them has used at least: the limit is kept by clock ticks, and
comes early on a busy virtual machine.
"""

_SIGKILL, _SIGXCPU = -9, -24


@dataclass(slots=True)
class _Stream:
    limit: int
    data: bytearray = field(default_factory=bytearray)
    over: bool = False

    def add(self, chunk: bytes) -> None:
        room = self.limit - len(self.data)
        self.data += chunk[:room]
        self.over = self.over or len(chunk) > room

    def text(self) -> str:
        """A character cut in two by the limit is dropped."""
        return codecs.getincrementaldecoder("utf-8")("replace").decode(bytes(self.data), not self.over)


class SandboxMonitor:
    """One run of a sandbox, from its launcher's start to its end."""

    def __init__(
        self, launcher: "subprocess.Popen[bytes]", life: FileIO, report: FileIO, limits: Limits
    ) -> None:
        self._launcher, self._life, self._limits = launcher, life, limits
        self._stdout, self._stderr = _Stream(limits.output_bytes), _Stream(limits.output_bytes)
        self._report, self._report_fd = _Stream(_LONGEST_REPORT), report.fileno()
        self._streams = {
            _descriptor(launcher.stdout): self._stdout,
            _descriptor(launcher.stderr): self._stderr,
            self._report_fd: self._report,
        }
        self._started: float | None = None
        self._deadline = monotonic() + _START_SECONDS
        self._ended: Ended | None = None

    def execution(self) -> Execution:
        """Blocks until nothing of the sandbox is left. UnavailableError: the program never ran."""
        try:
            self._read_all()
        finally:
            self._life.close()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._launcher.wait(_GRACE_SECONDS)
            self._launcher.kill()  # does nothing to one that is gone
            self._launcher.wait()
        seconds = monotonic() - (self._started or monotonic())
        return self._judged(seconds)

    def _read_all(self) -> None:
        """Until init is gone, which holds the report open, and then what is left in the pipes. Their own end
        is not waited for: without isolation a process that outlives the program may hold them.
        """
        with selectors.DefaultSelector() as selector:
            for descriptor in self._streams:
                selector.register(descriptor, selectors.EVENT_READ)
            while self._report_fd in selector.get_map() and not self._passed():
                self._read(selector, max(0.0, self._deadline - monotonic()))
            while not (self._stdout.over or self._stderr.over) and self._read(selector, 0):
                continue

    def _read(self, selector: selectors.BaseSelector, seconds: float) -> bool:
        """Whether there was anything to read within the time."""
        events = selector.select(seconds) if selector.get_map() else []
        for key, _ in events:
            chunk = os.read(key.fd, _CHUNK)
            if chunk:
                self._streams[key.fd].add(chunk)
            else:
                selector.unregister(key.fd)
        return bool(events)

    def _passed(self) -> bool:
        """Looks at the limits; whether it is time to stop reading."""
        if self._started is None and self._report.data:
            self._started = monotonic()
            self._deadline = self._started + self._limits.wall_seconds
        late = monotonic() > self._deadline
        if self._life.closed:
            return late
        if self._stdout.over or self._stderr.over:
            self._ended = Ended.OUTPUT
        elif late:
            self._ended = Ended.TIME_OUT
        if self._ended is not None:
            self._life.close()
            self._deadline = monotonic() + _GRACE_SECONDS
        return False

    def _judged(self, seconds: float) -> Execution:
        started, *report = self._report.text().splitlines() or [""]
        if started != STARTED or (report and report[0].startswith(FAILED)):
            why = (report or [started])[0].removeprefix(FAILED).strip()
            why = why or self._stderr.text().strip()[-_LONGEST_SHOWN:] or "it did not start in time"
            raise UnavailableError(f"the sandbox failed: {why}", kind="sandbox")
        code, cpu_seconds = report[0].split() if report else ("", "0")
        exit_code = int(code) if code and self._ended is None else None
        return Execution(
            ended=self._ended or self._end_of(exit_code, float(cpu_seconds)),
            exit_code=exit_code,
            stdout=self._stdout.text(),
            stderr=self._stderr.text(),
            truncated=self._stdout.over or self._stderr.over,
            seconds=seconds,
            cpu_seconds=float(cpu_seconds),
        )

    def _end_of(self, exit_code: int | None, cpu_seconds: float) -> Ended:
        if exit_code is None:
            return Ended.KILLED
        used_up = cpu_seconds >= _CPU_SHARE * self._limits.cpu_seconds
        if exit_code == _SIGXCPU or (exit_code == _SIGKILL and used_up):
            return Ended.CPU_TIME
        last = self._stderr.text().rstrip().rpartition("\n")[2]
        if exit_code > 0 and last.startswith("MemoryError"):
            return Ended.MEMORY
        return Ended.KILLED if exit_code < 0 else Ended.FINISHED


def _descriptor(file: IO[bytes] | None) -> int:
    if file is None:
        raise ValueError("the launcher was started without pipes")
    return file.fileno()
