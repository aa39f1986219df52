"""What a draw asks of vLLM's engine in process, the same as of a server, and how the engine says it ended.

Every parameter is said, so that a model's own `generation_config.json` decides nothing.
"""

from typing import Any

from gristmill.generators.settings import GeneratorSettings
from gristmill.sampling.errors import UnavailableError
from gristmill.sampling.records import FinishReason, Structure, StructureKind

_STRUCTURE_FIELDS = {
    StructureKind.JSON_SCHEMA: "json",
    StructureKind.REGEX: "regex",
    StructureKind.GRAMMAR: "grammar",
}
_BROKEN_OFF = ("", "abort", "error")


def sampling_of(settings: GeneratorSettings, structure: Structure | None) -> Any:
    """vLLM's `SamplingParams` for all draws of a run; the seed is set per draw."""
    from vllm.sampling_params import RequestOutputKind, SamplingParams, StructuredOutputsParams

    form = None
    if structure is not None and settings.guided:
        form = StructuredOutputsParams(**{_STRUCTURE_FIELDS[structure.kind]: structure.text})
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


def finished(reason: str | None) -> FinishReason:
    """Raises UnavailableError for a response that was broken off: whether it is whole cannot be told."""
    if (reason or "") in _BROKEN_OFF:
        raise UnavailableError(f"a response that ended by {reason or 'no given reason'}", kind="bad-body")
    known = {"stop": FinishReason.STOP, "length": FinishReason.LENGTH}
    return known.get(reason or "", FinishReason.OTHER)
