"""Registry of the backends that draw responses, each imported when it is opened and not before.

A backend is a module with an async context manager (`Opener`) that takes the settings, the problems by id,
the number of draws in flight and the structure asked for, and gives a `sampling.ports.Generator`. Nobody
needs the libraries of a backend that is not used. To add one: a module, a line in `BACKENDS`, its name in
`settings.BackendName`, a test file, a row in `docs/generators.md`.
"""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from gristmill.generators.settings import BackendName, GeneratorSettings
    from gristmill.sampling.ports import Generator
    from gristmill.sampling.records import Problem, Structure

__all__ = ["BACKENDS", "Backend", "concurrency_of", "open_generator"]


class Opener(Protocol):
    def __call__(
        self,
        settings: "GeneratorSettings",
        problems: Mapping[str, "Problem"],
        concurrency: int,
        structure: "Structure | None",
        /,
    ) -> AbstractAsyncContextManager["Generator"]: ...


@dataclass(frozen=True, slots=True)
class Backend:
    """`concurrency` is how many draws are in flight, per server, where the settings do not say."""

    module: str
    opener: str
    concurrency: int


BACKENDS: "dict[BackendName, Backend]" = {
    "openai": Backend("gristmill.generators.http.openai_server", "open_openai_server", concurrency=64),
    "vllm": Backend("gristmill.generators.vllm_engine", "open_vllm_engine", concurrency=256),
    "embedded": Backend("gristmill.generators.embedded", "open_embedded", concurrency=8),
    "scripted": Backend("gristmill.generators.scripted.generator", "open_scripted", concurrency=64),
}


def open_generator(
    settings: "GeneratorSettings", problems: Mapping[str, "Problem"], structure: "Structure | None" = None
) -> AbstractAsyncContextManager["Generator"]:
    """`problems` are those that will be drawn for, by id; `structure` is what their responses should be like.

    Entering raises ConfigError, RefusedError or UnavailableError.
    """
    backend = BACKENDS[settings.backend]
    opener = cast(Opener, getattr(import_module(backend.module), backend.opener))
    return opener(settings, problems, concurrency_of(settings), structure)


def concurrency_of(settings: "GeneratorSettings") -> int:
    """Draws to keep in flight, over all servers."""
    return settings.concurrency or BACKENDS[settings.backend].concurrency * max(1, len(settings.server))
