"""One configuration of a run: everything that decides what is drawn and how it is judged, in sections.

It is snapshotted into the store when the run starts and never changes afterwards. Fields that say how fast
or how patiently a run works, and not what it makes, may differ when it goes on: `EXECUTION_FIELDS`.
"""

import hashlib
from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict, Field, model_validator

from gristmill.generators.settings import GeneratorSettings
from gristmill.problems.settings import DatasetSettings
from gristmill.runs.settings.instructions import InstructionSettings
from gristmill.runs.settings.judge import JudgeSettings
from gristmill.runs.settings.policy import PolicySettings
from gristmill.runs.settings.selection import SelectionSettings
from gristmill.verifiers.settings import VerifierSettings


class RunSettings(BaseModel):
    """How a run is carried out."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    seed: int | None = Field(
        None, ge=0, lt=2**31, description="Seed of the run; unset: a fresh one, recorded with the run."
    )
    together: int = Field(8, ge=1, le=1024, description="Draws of a problem that go out together.")
    price_per_million_prompt_tokens: float | None = Field(
        None,
        ge=0,
        allow_inf_nan=False,
        description="Price of a million tokens of prompts.",
    )
    price_per_million_completion_tokens: float | None = Field(
        None,
        ge=0,
        allow_inf_nan=False,
        description="Price of a million tokens of responses.",
    )
    group_size: int = Field(200, ge=1, le=10_000, description="Attempts that are stored in one transaction.")
    group_seconds: float = Field(
        0.25, ge=0, le=60, description="Seconds after which a smaller group is stored."
    )
    grace_seconds: float = Field(
        10.0, ge=0, le=3600, description="Seconds that draws in flight may still take when a run is stopped."
    )
    metrics_port: int | None = Field(
        None, ge=1, le=65_535, description="Port of 127.0.0.1 for Prometheus' /metrics while a run draws."
    )


class RunConfig(BaseModel):
    """A run, whole. The sections are those of a recipe file."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    recipe: str = Field(
        min_length=1,
        description="Name of a shipped recipe, or path of your own: what the run is listed under. No "
        "setting is taken from it: all are given here.",
    )
    dataset: DatasetSettings = Field(default_factory=lambda: DatasetSettings(dataset=None))
    instructions: InstructionSettings = Field(default_factory=lambda: InstructionSettings(maker=None))
    policy: PolicySettings
    generator: GeneratorSettings = Field(default_factory=GeneratorSettings)
    verifier: VerifierSettings = Field(default_factory=VerifierSettings)
    judge: JudgeSettings = Field(default_factory=lambda: JudgeSettings(judge_server=None))
    selection: SelectionSettings = Field(default_factory=lambda: SelectionSettings(select_by=None))
    run: RunSettings = Field(default_factory=RunSettings)

    @property
    def makes_instructions(self) -> bool:
        return self.instructions.maker is not None

    @model_validator(mode="after")
    def _has_one_source_of_problems(self) -> "RunConfig":
        if self.makes_instructions == (self.dataset.dataset is not None):
            raise ValueError(
                "dataset: this recipe makes its own problems and takes none"
                if self.makes_instructions
                else "dataset: name one by --dataset"
            )
        return self


SECTIONS: dict[str, type[BaseModel]] = {
    "dataset": DatasetSettings,
    "instructions": InstructionSettings,
    "policy": PolicySettings,
    "generator": GeneratorSettings,
    "verifier": VerifierSettings,
    "judge": JudgeSettings,
    "selection": SelectionSettings,
    "run": RunSettings,
}

EXECUTION_FIELDS = frozenset(
    {
        "server",
        "concurrency",
        "request_timeout_seconds",
        "tries",
        "backoff_seconds",
        "outage_seconds",
        "launch",
        "launch_python",
        "launch_timeout_seconds",
        "engine_args",
        "api_key_env",
        "script_latency_seconds",
        "script_sigma",
        "script_fault_rate",
        "responses",
        "judge_server",
        "judge_api_key_env",
        "judge_concurrency",
        "judge_timeout_seconds",
        "judge_tries",
        "judge_outage_seconds",
        "verify_workers",
        "verify_timeout_seconds",
        "verify_memory_mb",
        "together",
        "price_per_million_prompt_tokens",
        "price_per_million_completion_tokens",
        "group_size",
        "group_seconds",
        "grace_seconds",
        "metrics_port",
    }
)
"""What may change between the sessions of one run: pace and patience, not what is drawn."""


_SETTLED = ("seed", "model")
_LONGEST_SHOWN = 120


def differences(stored: RunConfig, asked: RunConfig) -> Iterator[str]:
    """One phrase per field in which `asked` would change what the run makes: `quota: stored 2, asked 3`.

    A seed or model that is not asked for is no difference: the stored one was settled when the run began.
    """
    if stored.recipe != asked.recipe:
        yield f"recipe: stored {stored.recipe}, asked {asked.recipe}"
    for section, model in SECTIONS.items():
        mine, theirs = getattr(stored, section), getattr(asked, section)
        for name in model.model_fields:
            before, after = getattr(mine, name), getattr(theirs, name)
            if name in EXECUTION_FIELDS or (name in _SETTLED and after is None):
                continue
            if before != after:
                yield f"{name}: stored {_shown(before)}, asked {_shown(after)}"


def _shown(value: object) -> str:
    """A value in a message: of a long one the beginning, and a hash that tells two of them apart."""
    text = str(value)
    if len(text) <= _LONGEST_SHOWN:
        return text
    digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:8]
    return f"{text[:_LONGEST_SHOWN]} ... ({len(text)} characters, SHA-256 {digest})"


def with_execution_of(stored: RunConfig, asked: RunConfig) -> RunConfig:
    """The stored configuration at the pace that is asked for."""
    sections = {}
    for section, model in SECTIONS.items():
        theirs = getattr(asked, section)
        pace = {name: getattr(theirs, name) for name in model.model_fields if name in EXECUTION_FIELDS}
        sections[section] = getattr(stored, section).model_copy(update=pace)
    return stored.model_copy(update=sections)
