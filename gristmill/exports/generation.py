"""Generation settings of a run for manifest and data card: the prompt template and the sampling parameters.

Only what decides the text and was set; values are as the recipe would have them. No URL, no key and no path
is among them: which server answered is not known from this, and the models have a place of their own.
"""

import json

from gristmill.db.text import escaped
from gristmill.generators.settings import GeneratorSettings
from gristmill.runs.settings.snapshot import Snapshot

_SAMPLING = (
    "temperature",
    "top_p",
    "top_k",
    "min_p",
    "presence_penalty",
    "frequency_penalty",
    "repetition_penalty",
    "max_tokens",
    "stop",
    "tool_rounds",
)
_OF_A_SCRIPT = ("script_pass_rate", "script_length_rate", "script_tokens")
_WORDING = ("question", "system", "examples")


def generation_settings(snapshot: Snapshot) -> dict[str, str]:
    """By name: `template` and its wording (`question`, `system`, `examples`), `backend`, then sampling.

    Strings stand as they are, anything else as JSON; valid Unicode.
    """
    settings = snapshot.config.generator
    told: dict[str, object] = {"template": settings.template, **_wording(snapshot.template)}
    told["backend"] = settings.backend
    told |= _given(settings, _SAMPLING)
    if settings.backend == "scripted":
        told |= _given(settings, _OF_A_SCRIPT)
    if snapshot.config.verifier.verifier == "structure":
        told["guided"] = settings.guided
    return {name: escaped(_text(value)) for name, value in told.items()}


def _given(settings: GeneratorSettings, names: tuple[str, ...]) -> dict[str, object]:
    """Without what is unset: None, no stops, no rounds. A temperature of 0 is set."""
    found = {name: getattr(settings, name) for name in names}
    unset = {name for name, value in found.items() if value in (None, ())}
    if not settings.tool_rounds:
        unset.add("tool_rounds")
    return {name: value for name, value in found.items() if name not in unset}


def _wording(template: str) -> dict[str, object]:
    """The wording of the template as it was when the run began; nothing where that was not kept."""
    try:
        found = json.loads(template)
    except ValueError:
        return {}
    return {name: found[name] for name in _WORDING if found.get(name)} if isinstance(found, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
