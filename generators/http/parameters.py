"""Fields of a chat request that all draws of a run share: sampling parameters and guided decoding.

vLLM takes what a request leaves out from the model's own `generation_config.json`, llama.cpp from defaults of
its own (top-k 40, min-p 0.05), so that one configuration would sample differently here and there. Where a
server says that it is one of them, every such parameter is sent with the value that changes nothing.
Source: vLLM's documentation of its OpenAI-compatible server, "Extra parameters" and "Structured outputs".
"""

import json

from gristmill.generators.settings import GeneratorSettings
from gristmill.sampling.records import Structure, StructureKind

VLLM, LLAMA_CPP = "vllm", "llamacpp"
"""What servers call themselves in `owned_by` of a model."""

_NEUTRAL: dict[str, object] = {
    "top_k": 0,
    "min_p": 0.0,
    "presence_penalty": 0.0,
    "frequency_penalty": 0.0,
    "repetition_penalty": 1.0,
}


def parameters_of(
    settings: GeneratorSettings, structure: Structure | None, owned_by: str | None
) -> dict[str, object]:
    """The fields of a request's body that every draw of a run shares."""
    parameters: dict[str, object] = {
        "temperature": settings.temperature,
        "top_p": settings.top_p,
        "max_tokens": settings.max_tokens,
    }
    if owned_by in (VLLM, LLAMA_CPP):
        parameters.update(_NEUTRAL)
    given = {name: getattr(settings, name) for name in _NEUTRAL}
    parameters.update((name, value) for name, value in given.items() if value is not None)
    if settings.stop:
        parameters["stop"] = list(settings.stop)
    if settings.logprobs:
        parameters["logprobs"] = True
    if structure is not None and settings.guided:
        parameters.update(_form(structure, owned_by))
    if owned_by == LLAMA_CPP:
        parameters["repeat_penalty"] = parameters.pop("repetition_penalty")
    return parameters


def _form(structure: Structure, owned_by: str | None) -> dict[str, object]:
    """JSON Schema as OpenAI has it, which most servers take; the rest as vLLM alone has it."""
    if structure.kind is StructureKind.JSON_SCHEMA:
        schema = {"name": "response", "schema": json.loads(structure.text), "strict": True}
        return {"response_format": {"type": "json_schema", "json_schema": schema}}
    if owned_by == LLAMA_CPP:
        return {}
    return {"structured_outputs": {structure.kind.value: structure.text}}
