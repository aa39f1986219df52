"""The generators of a run, open through all of its phases, and the server that the run launches for them.

Both are made when they are first needed, since a run that misses nothing needs neither, and once: loading a
model takes minutes. Both end with the block.
"""

import os
import shlex
import sys
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from gristmill.generators import open_generator
from gristmill.generators.http.api_key import api_key
from gristmill.generators.settings import GeneratorSettings
from gristmill.sampling.errors import UnavailableError
from gristmill.sampling.pipeline import Pipeline
from gristmill.sampling.ports import Generator
from gristmill.sampling.records import Problem, Structure
from gristmill.text.visible import visible
from gristmill.verifiers.settings import VerifierSettings

if TYPE_CHECKING:
    from gristmill.generators.http.endpoint import Endpoint
    from gristmill.generators.launch.server import LaunchedServer

SERVER_KEY = "VLLM_API_KEY"
"""A vLLM server that finds this variable asks for the key in it."""

LOG = Path("gristmill-vllm.log")
"""In the working directory, beside the store."""


class Generators:
    """What opens generators for one run. Use it as an async context manager around its phases."""

    def __init__(self) -> None:
        self._stack = AsyncExitStack()
        self._generator: Generator | None = None
        self._opened_for: tuple[GeneratorSettings, Structure | None, int] | None = None
        self._opened = AsyncExitStack()
        self._server: LaunchedServer | None = None
        self._variable = ""

    async def __aenter__(self) -> "Generators":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Ends generator and launched server before the block does; both can be opened anew."""
        await self.close_generator()
        self._server = None
        await self._stack.aclose()

    async def generator(
        self, settings: GeneratorSettings, problems: Mapping[str, Problem], verifier: VerifierSettings
    ) -> Generator:
        """The run's generator: opened by the first call, for the problems that it names, and opened anew
        where responses are to be sampled in another way than before. A launched server stays.

        Raises what opening it raises, and ConfigError or UnavailableError where a server does not start.
        """
        script_of = id(problems) if settings.backend == "scripted" else 0
        wanted = (settings.model_copy(update={"template": ""}), verifier.structure(), script_of)
        if self._generator is None or self._opened_for != wanted:
            await self.close_generator()
            here = await self.address(settings)
            if settings.tool_rounds == 0:
                opening = open_generator(here, problems, verifier.structure())
            else:
                from gristmill.runs.tool_use import open_with_tools

                opening = open_with_tools(here, problems, verifier)
            self._generator = await self._opened.enter_async_context(opening)
            self._opened_for = wanted
        return self._generator

    def servers(self) -> "Sequence[Endpoint]":
        """Those of the generator that is open, as they stand; none where it has none."""
        servers: Sequence[Endpoint] = getattr(self._generator, "endpoints", ())
        return servers

    def silent_seconds(self) -> float:
        """For how long all servers of the generator have been out; 0 where one is up, or it has none."""
        return min((server.away_seconds for server in self.servers()), default=0.0)

    async def close_generator(self) -> None:
        """The next call for one opens it anew, for other problems or another structure."""
        self._generator = None
        await self._opened.aclose()

    async def watch(self, pipeline: Pipeline) -> None:
        """Ends the run when its launched server is given up; nothing would answer any more."""
        if self._server is None:
            return
        try:
            await self._server.lost()
        except UnavailableError as error:
            pipeline.abort(error)

    async def address(self, settings: GeneratorSettings) -> GeneratorSettings:
        """The settings with the address of the launched server, which answers by then."""
        if settings.launch is None:
            return settings
        server = self._server or await self._launch(settings, settings.launch)
        changes = {"launch": None, "server": (server.url,), "api_key_env": self._variable}
        return settings.model_copy(update=changes)

    async def _launch(self, settings: GeneratorSettings, arguments: str) -> "LaunchedServer":
        from gristmill.generators.launch.launch import launched
        from gristmill.generators.launch.server import LaunchTimeouts

        variable = settings.api_key_env
        if not os.environ.get(variable) and os.environ.get(SERVER_KEY):
            variable = SERVER_KEY
        launching = launched(
            shlex.split(arguments),
            log=LOG,
            python=settings.launch_python,
            timeouts=LaunchTimeouts(start_seconds=settings.launch_timeout_seconds),
            say=lambda line: print(visible(line), file=sys.stderr, flush=True),  # noqa: T201
            secrets=[api_key(variable)],
        )
        self._server = await self._stack.enter_async_context(launching)
        self._variable = variable
        return self._server
