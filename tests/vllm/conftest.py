"""A real vLLM on the CPU, once per session. Where vLLM is not installed, what needs it is skipped."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from gristmill.generators.embedded import model_path
from gristmill.generators.settings import GeneratorSettings
from gristmill.sampling.errors import ConfigError
from tests.vllm.served import ENGINE, VARIABLES, Served

START_SECONDS = 300
STOP_SECONDS = 60
_COMMAND = "import sys; from gristmill.cli.main import main; main(sys.argv[1:])"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if find_spec("vllm") is None:
        reason = "vLLM is not installed here: `make test-torch` makes an environment"
        missing = pytest.mark.skip(reason=reason)
        for item in items:
            if item.get_closest_marker("vllm"):
                item.add_marker(missing)


@pytest.fixture(scope="session")
def model_folder() -> Path:
    """SmolLM2-135M-Instruct, made by a process of its own: PyTorch stays out of this one."""
    try:
        gguf = model_path(GeneratorSettings.model_validate({}))
    except ConfigError as exc:
        pytest.skip(str(exc))
    made = subprocess.run(
        [sys.executable, "-m", "tests.vllm.smollm2", str(gguf)], capture_output=True, text=True, check=True
    )
    return Path(made.stdout)


@pytest.fixture(scope="session")
def vllm_server(model_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Started as users start it, by `gristmill vllm`, which starts it again when a test kills it."""
    folder = tmp_path_factory.mktemp("vllm")
    arguments = ("--model", str(model_folder), "--served-model-name", "smollm2", *ENGINE)
    with subprocess.Popen(
        [sys.executable, "-c", _COMMAND, "vllm", "--log", str(folder / "vllm.log"), "--", *arguments],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **VARIABLES},
    ) as launcher:
        try:
            yield Served(_url(launcher), launcher.pid)
        finally:
            launcher.send_signal(signal.SIGTERM)
            assert launcher.wait(STOP_SECONDS) == 128 + signal.SIGTERM


def _url(launcher: "subprocess.Popen[str]") -> str:
    assert launcher.stdout is not None
    assert select.select([launcher.stdout], [], [], START_SECONDS)[0], "the server did not come up"
    words = launcher.stdout.readline().split()
    assert words, "the server did not come up; the end of its log is shown above"
    return words[-1]
