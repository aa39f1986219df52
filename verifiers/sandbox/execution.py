"""Records of a sandbox run: the limits of a program, and the result of its execution."""

from dataclasses import dataclass
from enum import StrEnum

MEGABYTE = 1024 * 1024


class Isolation(StrEnum):
    """What stands between a program and the machine."""

    NAMESPACES = "namespaces"
    NONE = "none"


class Ended(StrEnum):
    """How a program ended. `FINISHED` says that it ended by itself, whatever its exit code."""

    FINISHED = "finished"
    TIME_OUT = "time-out"
    CPU_TIME = "cpu-time"
    MEMORY = "memory"
    OUTPUT = "output"
    KILLED = "killed"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a program may use. CPU time, memory and the size of one file are limits on each of its processes;
    the rest are limits on all of them together: wall time, processes and threads, all files (these two with
    isolation alone), bytes on each of stdout and stderr.
    """

    wall_seconds: float = 10.0
    cpu_seconds: int = 10
    memory_mb: int = 1024
    file_mb: int = 16
    processes: int = 16
    output_bytes: int = 256 * 1024


@dataclass(frozen=True, slots=True)
class Execution:
    """What came of a program. `exit_code` is as in subprocess: a negative number is the signal that ended it,
    None says that we ended it. Output past the limit is gone: `truncated` says so. What is not UTF-8 in it is
    replaced. `seconds` are the wall's, from the program's start; `cpu_seconds` is 0 where we ended it.
    """

    ended: Ended
    exit_code: int | None
    stdout: str
    stderr: str
    truncated: bool
    seconds: float
    cpu_seconds: float

    @property
    def succeeded(self) -> bool:
        return self.ended is Ended.FINISHED and self.exit_code == 0
