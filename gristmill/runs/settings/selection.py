"""Settings of best-of-k selection: the metrics that are kept, and the one that ranks responses."""

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

    @field_validator("select_by", "metrics")
    @classmethod
    def _are_known(cls, names: str | tuple[str, ...] | None) -> str | tuple[str, ...] | None:
        from gristmill.verifiers.metrics import METRICS

        for name in (names,) if isinstance(names, str) else names or ():
            if name not in METRICS:
                raise ValueError(f"{name[:80]!r} is not a metric; known: {', '.join(METRICS)}")
        return names
