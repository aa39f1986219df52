"""Backend `vllm`: draws from vLLM's asynchronous engine inside this process, on one machine with GPUs.

vLLM's asynchronous engine does the batching, so a draw is one request with the draw's seed, and only its end
is waited for. The chat template is the model's own, applied by the engine's tokenizer. vLLM is imported when
the engine starts and not before. Its engine has processes of its own, which vLLM ends with this one; a Ctrl-C
in the terminal reaches them as well, so that draws in flight then fail and are drawn again when the run goes
on.

vLLM asks for a fastapi older than Prefect does; both work with Prefect's. Whoever wants them apart keeps vLLM
in an environment of its own and uses `launch` with `launch_python`. Written for vLLM 0.32.
https://docs.vllm.ai/en/latest/api/
"""

import asyncio
import os
import shlex
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from functools import lru_cache
from typing import Any

from gristmill.generators.launch.server import QUIET
from gristmill.generators.settings import GeneratorSettings
from gristmill.sampling.errors import ConfigError, RefusedError, UnavailableError
from gristmill.sampling.records import (
    Draw,
    Failure,
    FinishReason,
    Problem,
    Prompt,
    Response,
    Structure,
    StructureKind,
)

PROMPTS_KEPT = 4096
_MISSING = (
    "backend: the package vllm is missing, which 'vllm' needs; run `pip install vllm` and after it "
    "`pip install 'fastapi>=0.139,<0.151'` (vLLM asks for an older one), or say `launch` with a "
    "launch_python that has it"
)
_START_ERRORS = (ValueError, TypeError, OSError, RuntimeError, NotImplementedError, ImportError)
"""Whatever a model or a machine may lack comes out of vLLM as one of these."""

_DEFAULTS = {
    **QUIET,
    "VLLM_LOGGING_LEVEL": "WARNING",
    "VLLM_LOGGING_STREAM": "ext://sys.stderr",
    "VLLM_WORKER_MULTIPROCESSING_METHOD": "spawn",
}
"""Set before vLLM is imported, where the environment says nothing: standard output is for results."""

_STRUCTURE_FIELDS = {
    StructureKind.JSON_SCHEMA: "json",
    StructureKind.REGEX: "regex",
    StructureKind.GRAMMAR: "grammar",
}
_BROKEN_OFF = ("", "abort", "error")


class VLLMEngine:
    """Draws from the model of one engine. `sampling` is what every draw shares."""

    def __init__(self, engine: Any, model: str, sampling: Any) -> None:
        self.model = model
        self._engine = engine
        self._sampling = sampling
        self._tokenizer = engine.get_tokenizer()
        self._context_tokens: int = engine.model_config.max_model_len
        self._tokens = lru_cache(PROMPTS_KEPT)(self._tokenised)

    @property
    def condition(self) -> str:
        return ""

    def drain_failures(self) -> list[Failure]:
        return []

    async def draw(self, draw: Draw, prompt: Prompt) -> Response:
        started = time.perf_counter()
        with _mapped_template_errors():
            tokens = self._tokens(prompt)
        if len(tokens) >= self._context_tokens:
            message = f"the prompt has {len(tokens)} tokens, the model's context {self._context_tokens}"
            raise RefusedError(message, kind="too-long")
        with _mapped_errors():
            output = await self._output(draw, tokens)
        finish = finish_reason_of(output.finish_reason)
        return Response(
            text=output.text,
            finish_reason=finish,
            prompt_tokens=len(tokens),
            completion_tokens=len(output.token_ids),
            seconds=time.perf_counter() - started,
            model=self.model,
            cumulative_logprob=output.cumulative_logprob,
        )

    async def _output(self, draw: Draw, tokens: tuple[int, ...]) -> Any:
        """The engine's one output of a draw. Leaving by cancellation makes the engine drop the request."""
        sampling = self._sampling.clone()
        sampling.seed = draw.seed
        number = f"{draw.problem_id}-{draw.number}-{time.monotonic_ns()}"
        requests = self._engine.generate({"prompt_token_ids": list(tokens)}, sampling, number)
        outputs = [request.outputs[0] async for request in requests]
        if not outputs:
            raise UnavailableError("vLLM's engine ended a request without an output", kind="engine")
        return outputs[-1]

    def _tokenised(self, prompt: Prompt) -> tuple[int, ...]:
        """An assistant's message at the end is continued and not answered."""
        goes_on = prompt[-1].role == "assistant"
        text = self._tokenizer.apply_chat_template(
            [{"role": message.role, "content": message.content} for message in prompt],
            tokenize=False,
            add_generation_prompt=not goes_on,
            continue_final_message=goes_on,
        )
        return tuple(self._tokenizer.encode(text, add_special_tokens=False))


@asynccontextmanager
async def open_vllm_engine(
    settings: GeneratorSettings,
    problems: Mapping[str, Problem],
    concurrency: int,
    structure: Structure | None,
) -> AsyncIterator[VLLMEngine]:
    """Loads the model off the loop, which takes as long as it takes. Entering raises ConfigError."""
    starting = asyncio.ensure_future(asyncio.to_thread(_start, settings))
    try:
        engine, model = await asyncio.shield(starting)
        yield VLLMEngine(engine, model, sampling_parameters(settings, structure))
    finally:
        await asyncio.wait([starting])  # a start cannot be broken off
        if starting.exception() is None:
            await _shut_down(starting.result()[0])


def _start(settings: GeneratorSettings) -> tuple[Any, str]:
    """A running engine and its model, by the name or folder under which a run that goes on finds it again."""
    for name, value in _DEFAULTS.items():
        os.environ.setdefault(name, value)
    try:
        from vllm.engine.arg_utils import AsyncEngineArgs
        from vllm.v1.engine.async_llm import AsyncLLM
    except ImportError as exc:
        raise ConfigError(_MISSING) from exc
    parsed = _parsed(settings)
    try:
        arguments = AsyncEngineArgs.from_cli_args(parsed)
        engine = AsyncLLM.from_engine_args(arguments)
    except _START_ERRORS as exc:
        first = next(iter(str(exc).strip().splitlines()), type(exc).__name__)
        raise ConfigError(f"backend: vLLM cannot start with model {parsed.model!r}: {first}") from exc
    return engine, str(parsed.model)


def sampling_parameters(settings: GeneratorSettings, structure: Structure | None) -> Any:
    """vLLM's `SamplingParams` for all draws of a run; the seed is set per draw.

    Every parameter is set: a model's own `generation_config.json` decides nothing.
    """
    from vllm.sampling_params import RequestOutputKind, SamplingParams, StructuredOutputsParams

    guided = structure if settings.guided else None
    form = guided and StructuredOutputsParams(**{_STRUCTURE_FIELDS[guided.kind]: guided.text})
    return SamplingParams(
        temperature=settings.temperature,
        top_p=settings.top_p,
        top_k=settings.top_k or 0,
        min_p=settings.min_p or 0.0,
        presence_penalty=settings.presence_penalty or 0.0,
        frequency_penalty=settings.frequency_penalty or 0.0,
        repetition_penalty=settings.repetition_penalty or 1.0,
        max_tokens=settings.max_tokens,
        stop=list(settings.stop),
        logprobs=0 if settings.logprobs else None,
        structured_outputs=form,
        output_kind=RequestOutputKind.FINAL_ONLY,
    )


def finish_reason_of(reason: str | None) -> FinishReason:
    """Raises UnavailableError for a response that was broken off: whether it is whole cannot be told."""
    if (reason or "") in _BROKEN_OFF:
        raise UnavailableError(f"a response that ended by {reason or 'no given reason'}", kind="bad-body")
    return {"stop": FinishReason.STOP, "length": FinishReason.LENGTH}.get(reason or "", FinishReason.OTHER)


async def _shut_down(engine: Any) -> None:
    """Without the complaints that vLLM has of an end that was asked for: its reader of results would take it
    for a death, and the second shutdown, when Python deletes the engine, would find nothing to work with.
    """
    reader = engine.output_handler
    if reader is not None:
        reader.cancel()
        await asyncio.wait([reader])
    await asyncio.to_thread(engine.shutdown)
    engine.shutdown = lambda: None


def _parsed(settings: GeneratorSettings) -> Any:
    """The arguments as vLLM's command line has them. Raises ConfigError for what it would refuse."""
    from vllm.engine.arg_utils import AsyncEngineArgs
    from vllm.utils.argparse_utils import FlexibleArgumentParser

    class Parser(FlexibleArgumentParser):  # type: ignore[misc]
        def error(self, message: str) -> None:
            raise ConfigError(f"engine_args: {message}")

    parser = AsyncEngineArgs.add_cli_args(Parser(add_help=False))
    parser.set_defaults(model=settings.model, disable_log_stats=True)
    parsed = parser.parse_args(shlex.split(settings.engine_args or ""))
    if parsed.model is None:
        raise ConfigError("model: the backend 'vllm' needs the name or the folder of one")
    return parsed


@contextmanager
def _mapped_errors() -> Iterator[None]:
    """vLLM's errors as ours."""
    from vllm.exceptions import VLLMClientError, VLLMError
    from vllm.v1.engine.exceptions import EngineDeadError

    try:
        yield
    except EngineDeadError as exc:
        raise UnavailableError("vLLM's engine has died; its log says why", kind="engine-dead") from exc
    except VLLMClientError as exc:
        too_long = getattr(exc, "parameter", None) in ("input_tokens", "input_text")
        raise RefusedError(
            f"vLLM refuses the request: {exc}", kind="too-long" if too_long else "invalid"
        ) from exc
    except VLLMError as exc:
        raise UnavailableError(f"vLLM failed: {exc.__cause__ or exc}", kind="engine") from exc


@contextmanager
def _mapped_template_errors() -> Iterator[None]:
    """What a chat template or a tokenizer makes of a prompt that does not fit it."""
    from jinja2 import TemplateError

    try:
        yield
    except (ValueError, TemplateError) as exc:
        raise RefusedError(
            f"the prompt does not fit the model's chat template: {exc}", kind="template"
        ) from exc
