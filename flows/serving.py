"""The server that a run launches for itself: started when it is first needed, kept for all phases of the run,
ended with the block.

A run that misses nothing needs none, and starts none.
"""

import shlex
import sys
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType

from flows.tables import plain
from generators.launch import launched
from generators.launched_server import Patience
from generators.settings import GeneratorSettings

LOG = Path("gristmill-vllm.log")
"""In the working directory, beside the store."""


class Serving:
    """Use it as an async context manager around the phases of a run."""

    def __init__(self) -> None:
        self._stack = AsyncExitStack()
        self._url: str | None = None

    async def __aenter__(self) -> "Serving":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def ready(self, settings: GeneratorSettings) -> GeneratorSettings:
        """The settings as they can be opened: with the address of the launched server, which is up by then.

        Raises ConfigError or UnavailableError where it does not start.
        """
        if settings.launch is None:
            return settings
        if self._url is None:
            server = launched(
                shlex.split(settings.launch),
                log=LOG,
                python=settings.launch_python,
                patience=Patience(start_seconds=settings.launch_timeout_seconds),
                say=_say,
            )
            self._url = (await self._stack.enter_async_context(server)).url
        return settings.model_copy(update={"launch": None, "server": (self._url,)})


def _say(line: str) -> None:
    print(plain(line).plain, file=sys.stderr, flush=True)  # noqa: T201
