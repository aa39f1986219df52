"""Which metrics of the responses are kept, and by which of them one response of each problem is chosen."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator


class SelectionSettings(BaseModel):
    """Selection chooses among accepted responses; the others stay stored, with metric and rank.

    Source: active inheritance, "LLM See, LLM Do" (arXiv 2407.01490).
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    select_by: str | None = Field(
        None, description="Metric by which one accepted response of each problem is chosen, such as mtld."
    )
    select: Literal["highest", "lowest"] = Field(
        "highest", description="Whether the response with the highest or the lowest metric is chosen."
    )
    metrics: tuple[str, ...] = Field(
        (), max_length=64, description="Metric of every response that is kept in the store; several."
    )

    @property
    def wanted(self) -> tuple[str, ...]:
        """All metrics to be computed, each once."""
        chosen = () if self.select_by is None else (self.select_by,)
        return tuple(dict.fromkeys((*chosen, *self.metrics)))

    @field_validator("select_by")
    @classmethod
    def _is_known(cls, name: str | None) -> str | None:
        if name is not None:
            _check(name)
        return name

    @field_validator("metrics")
    @classmethod
    def _are_known(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            _check(name)
        return names


def _check(name: str) -> None:
    from gristmill.verifiers.metrics import METRICS

    if name not in METRICS:
        raise ValueError(f"{name[:80]!r} is not a metric; known: {', '.join(METRICS)}")
