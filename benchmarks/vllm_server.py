"""A real vLLM server for the benchmarks: one that runs, or one that is started as users start it.

What is started serves SmolLM2-135M-Instruct on the CPU, from the environment that `make test-torch` makes.
"""

import os
import select
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.processes import tree
from gristmill.generators.embedded import model_path
from gristmill.generators.http.replies import models_of
from gristmill.generators.settings import GeneratorSettings
from tests.vllm.served import WHOLE_PROMPTS

PYTHON = Path(".venv-torch/bin/python")
START_SECONDS = 900
_VARIABLES = {"VLLM_CPU_KVCACHE_SPACE": "2", "HF_HUB_OFFLINE": "1"}
_COUNTERS = (
    "generation_tokens",
    "request_success",
    "num_preemptions",
    "prefix_cache_hits",
    "prefix_cache_queries",
)


@dataclass(frozen=True)
class VllmServer:
    """`launcher` is the process that started it, None for a server that was there before."""

    url: str
    launcher: int | None = None

    @property
    def processes(self) -> list[int]:
        """Those of the server that it is known to have."""
        return [] if self.launcher is None else tree(self.launcher)

    def model(self) -> str:
        """The first that it serves."""
        return models_of(_get(f"{self.url}/models"))[0].id

    def counters(self) -> Mapping[str, float]:
        """vLLM's own counters since its start, by their names without prefix and suffix."""
        found = dict.fromkeys(_COUNTERS, 0.0)
        for line in _get(f"{self.url.removesuffix('/v1')}/metrics").decode().splitlines():
            name, _, value = line.rpartition(" ")
            name = name.partition("{")[0].removeprefix("vllm:").removesuffix("_total")
            if name in found:
                found[name] += float(value)
        return found


@contextmanager
def vllm_server(named: str | None, python: Path, folder: Path, *arguments: str) -> Iterator[VllmServer]:
    """The server at the base URL `named`; where that is None one of our own, with these arguments of vLLM."""
    if named is not None:
        yield VllmServer(named.rstrip("/"))
        return
    model = ("--model", _model_folder(python), "--served-model-name", "smollm2", *WHOLE_PROMPTS)
    command = [sys.executable, "-m", "gristmill.cli.main", "vllm", "--python", str(python)]
    command += ["--log", str(folder / "vllm.log"), "--", *model, *arguments]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**_VARIABLES, **os.environ}
    ) as launcher:
        try:
            yield VllmServer(_told_url(launcher), launcher.pid)
        finally:
            launcher.send_signal(signal.SIGTERM)


def _told_url(launcher: "subprocess.Popen[str]") -> str:
    """Waits for the line by which the launcher says where the server is."""
    assert launcher.stdout is not None
    is_told = bool(select.select([launcher.stdout], [], [], START_SECONDS)[0])
    told = launcher.stdout.readline() if is_told else ""
    assert told, "the server did not come up"
    return told.split()[-1]


def _model_folder(python: Path) -> str:
    """Made by the interpreter that has PyTorch, once; this one need not have it."""
    gguf = model_path(GeneratorSettings())
    command = [str(python), "-m", "tests.vllm.smollm2", str(gguf)]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.strip()


def _get(url: str) -> bytes:
    with urllib.request.urlopen(url) as reply:  # noqa: S310
        return bytes(reply.read())
