"""A real vLLM server of a small model, and the ways in which tests draw from it and hurt it."""

import os
import signal
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

WHOLE_PROMPTS = ("--no-enable-chunked-prefill", "--max-num-batched-tokens", "4096")
"""On a CPU vLLM 0.32 dies of a request with a seed whose prompt it reads in pieces."""

ENGINE = ("--max-model-len", "1024", "--max-num-seqs", "32", "--enforce-eager", *WHOLE_PROMPTS)
"""Not compiled: a server is up in 25 s instead of 90, and is a fifth slower."""

VARIABLES = {"VLLM_CPU_KVCACHE_SPACE": "1", "HF_HUB_OFFLINE": "1"}
"""A gigabyte for the KV cache; nothing is fetched."""


@dataclass(frozen=True, slots=True)
class Served:
    """The server at `url`, run by the command `gristmill vllm` as the process `launcher`."""

    url: str
    launcher: int

    def kill(self) -> None:
        """SIGKILL to every process of vLLM at once: what an out-of-memory killer or a lost GPU looks like."""
        (supervisor,) = children(self.launcher)
        for process in below([supervisor]):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)


def below(processes: Sequence[int]) -> list[int]:
    """All descendants of `processes`, without these themselves."""
    found = list(processes)
    for process in found:
        found += children(process)
    return found[len(processes) :]


def children(process: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has ended meanwhile
            parent = stat.read_text("utf-8", "replace").rpartition(")")[2].split()[1]
            if int(parent) == process:
                found.append(int(stat.parent.name))
    return found
