"""Launching a vLLM server as a child process, which is watched and ends with Gristmill.

The server is a child of a supervisor (`supervisor.py`), which ends all of its processes when Gristmill ends,
however that happens. https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html
"""

import os
import shutil
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path

from gristmill.generators.launch.arguments import server_arguments
from gristmill.generators.launch.server import LaunchedServer, LaunchTimeouts
from gristmill.sampling.errors import ConfigError
from gristmill.text.private_files import make_folder, open_private

VLLM = ("-m", "vllm.entrypoints.openai.api_server")


def tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)  # noqa: T201


@asynccontextmanager
async def launched(
    arguments: Sequence[str],
    *,
    log: Path,
    python: str | None = None,
    timeouts: LaunchTimeouts | None = None,
    say: Callable[[str], None] = tell,
    program: Sequence[str] = VLLM,
    secrets: Sequence[str] = (),
) -> AsyncIterator[LaunchedServer]:
    """A vLLM server with these arguments, run by the interpreter `python`, while the block runs.

    `say` gets lines for people: where the log is, its end when a start fails, when the server died and came
    back. Entering raises ConfigError or UnavailableError.
    """
    interpreter = _interpreter(python, program)
    address = server_arguments(arguments, secrets=secrets)
    timeouts = timeouts or LaunchTimeouts()
    command = (interpreter, *program, *address.arguments)
    server = LaunchedServer(command, address, _writable(log), timeouts, say)
    say(f"starting a server on port {address.port}; its log is {server.log}")
    try:
        await server.start()
        yield server
    finally:
        await server.stop()


def _interpreter(python: str | None, program: Sequence[str]) -> str:
    if python is None:
        if program == VLLM and find_spec("vllm") is None:
            raise ConfigError(
                "launch_python: vLLM is not installed beside Gristmill; name the interpreter of an "
                "environment that has it, such as ~/vllm/bin/python"
            )
        return sys.executable
    found = shutil.which(os.path.expanduser(python))  # noqa: PTH111 - Path would lose the dot of ./python
    if found is None:
        raise ConfigError(f"launch_python: there is no interpreter {python}")
    return found


def _writable(log: Path) -> Path:
    try:
        make_folder(log.parent)
        open_private(log, "ab").close()
    except OSError as exc:
        raise ConfigError(f"the server's log {log} cannot be written: {exc.strerror}") from exc
    return log.absolute()
