"""Settings of an export, each declared once, for flags, recipe and manifest.

A recipe for exports is a TOML file with these sections; flags stand in place of its values. What they
resolve to (the runs found, by then) is in the manifest and not here.
"""

import re
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

_STRICT = ConfigDict(extra="forbid", frozen=True, defer_build=True)
Keep = Literal["first", "shortest", "longest", "diverse", "random", "highest", "lowest"]
Pairing = Literal["random", "length-matched", "hard", "max-margin"]
MarkerName = Literal[
    "level",
    "source",
    "model",
    "verifier",
    "task",
    "language",
    "sentences",
    "length_tokens",
    "length_bucket",
    "quality",
    "quality_bucket",
]
_OF_THE_RESPONSE_AS_DRAWN = ("length_tokens", "length_bucket", "quality", "quality_bucket")
_BY_METRIC = ("quality", "quality_bucket")


class OutputSettings(BaseModel):
    """Format, container and the seed of everything random."""

    model_config = _STRICT

    format: str = Field("sft", description="Format of the records: sft, dpo, kto, rlvr, ...")
    container: str = Field("jsonl", description="Container: jsonl, jsonl.gz, jsonl.zst, parquet, datasets.")
    form: Literal["conversational", "plain"] = Field(
        "conversational", description="Chat messages or plain text, in formats that know both."
    )
    separator: str = Field(
        "\n", max_length=64, description="Ends a prompt in plain text, where the response follows at once."
    )
    seed: int = Field(0, ge=0, lt=2**63, description="Seed of splits, random choices and dropout.")


class FilterSettings(BaseModel):
    """Conditions on attempts, all of which must hold. An empty list is no condition."""

    model_config = _STRICT

    runs: tuple[str, ...] = Field((), description="Run to export; several.")
    run_recipes: tuple[str, ...] = Field((), description="Every run of this recipe; several.")
    models: tuple[str, ...] = Field((), description="Model that responded; several.")
    sources: tuple[str, ...] = Field((), description="Source of the problem; several.")
    levels: tuple[str, ...] = Field((), description="Level of the problem; several.")
    reasons: tuple[str, ...] = Field((), description="Reason of the current verdict; several.")
    without_reasons: tuple[str, ...] = Field((), description="Reason that is left out; several.")
    min_pass_rate: float | None = Field(None, ge=0, le=1, description="Lowest pass rate of a problem.")
    max_pass_rate: float | None = Field(None, ge=0, le=1, description="Highest pass rate of a problem.")
    min_tokens: int | None = Field(None, ge=0, description="Fewest tokens of a response.")
    max_tokens: int | None = Field(None, ge=0, description="Most tokens of a response.")
    with_surplus: bool = Field(
        False,
        description="Keep accepted responses beyond a problem's quota, too, and those that a selection "
        "passed over.",
    )
    benchmarks: tuple[Path, ...] = Field(
        (), description="File of benchmark items: problems that share a span with one are left out; several."
    )

    @field_validator("*")
    @classmethod
    def _are_unicode(cls, values: object) -> object:
        for value in map(str, values if isinstance(values, tuple) else ()):
            if any("\ud800" <= character <= "\udfff" for character in value):
                raise ValueError(f"{value[:80]!r} is not valid Unicode")
        return values

    @model_validator(mode="after")
    def _are_ranges(self) -> "FilterSettings":
        _check_range("pass_rate", self.min_pass_rate, self.max_pass_rate)
        _check_range("tokens", self.min_tokens, self.max_tokens)
        return self


class KeepSettings(BaseModel):
    """Selection of at most so many responses of each outcome per problem."""

    model_config = _STRICT

    per_problem: int | None = Field(None, ge=1, description="Most responses of a problem that are kept.")
    keep: Keep | None = Field(
        None, description="Which responses of a problem are kept; highest and lowest go by a metric."
    )
    keep_metric: str | None = Field(None, description="Metric for --keep highest or lowest, such as mtld.")

    @model_validator(mode="after")
    def _metric_where_it_is_used(self) -> "KeepSettings":
        if (self.keep in ("highest", "lowest")) != (self.keep_metric is not None):
            raise ValueError("--keep highest or lowest and --keep-metric go together")
        return self


class PairSettings(BaseModel):
    """How chosen and rejected responses are paired. Source: calibration sets (arXiv 2305.07615)."""

    model_config = _STRICT

    pairing: Pairing = Field("random", description="Rule by which chosen and rejected are paired.")
    pairs_per_problem: int = Field(1, ge=1, description="Most pairs of one problem.")
    margin_metric: str | None = Field(
        None, description="Metric of the margin; unset: log probability per token."
    )


class SplitSettings(BaseModel):
    """Shares of the problems, never of the attempts, that go into each split; the rest is `train`."""

    model_config = _STRICT

    validation: float = Field(0.0, ge=0, lt=1, description="Share of problems in the split `validation`.")
    test: float = Field(0.0, ge=0, lt=1, description="Share of problems in the split `test`.")

    @model_validator(mode="after")
    def _leaves_some(self) -> "SplitSettings":
        if self.validation + self.test >= 1:
            raise ValueError("validation and test together leave nothing for train")
        return self


class TransformSettings(BaseModel):
    """Transforms of prompt and response: markers and styles.

    Markers: Treasure Hunt (arXiv 2506.14702). Styles: specialising smaller models (arXiv 2301.12726).
    """

    model_config = _STRICT

    markers: tuple[MarkerName, ...] = Field(
        (), description="Marker put after the prompt and before the response, such as level; several."
    )
    marker_metric: str | None = Field(
        None,
        description="Metric that the markers quality (its value) and quality_bucket (its quartile) tell.",
    )
    marker_dropout_all: float = Field(
        0.0, ge=0, le=1, description="Share of rows whose prompt loses every marker."
    )
    marker_dropout_each: float = Field(
        0.0, ge=0, le=1, description="Chance of each marker of the other rows' prompts to be left out."
    )
    styles: str | None = Field(
        None,
        description="`all` makes four rows of each: in-context with reasoning, in-context without, zero-shot "
        "with, zero-shot without; weights in that order, such as 2:10:8:20, choose one of the four.",
    )
    shots: int = Field(3, ge=1, le=16, description="Worked examples in an in-context prompt.")
    step_threshold: float = Field(
        0.0, ge=0, lt=1, description="A step whose value is above it is labelled right."
    )

    @field_validator("markers")
    @classmethod
    def _are_different(cls, markers: tuple[MarkerName, ...]) -> tuple[MarkerName, ...]:
        if len(set(markers)) < len(markers):
            raise ValueError("a marker is named twice")
        return markers

    @field_validator("styles")
    @classmethod
    def _are_styles(cls, styles: str | None) -> str | None:
        if styles is not None:
            style_weights(styles)
        return styles

    @model_validator(mode="after")
    def _markers_can_be_told(self) -> "TransformSettings":
        if any(name in _BY_METRIC for name in self.markers) != (self.marker_metric is not None):
            raise ValueError(f"marker_metric and a marker of {', '.join(_BY_METRIC)} go together")
        untrue = [name for name in self.markers if name in _OF_THE_RESPONSE_AS_DRAWN]
        if self.styles is not None and untrue:
            raise ValueError(
                f"markers: {', '.join(untrue)} would tell of the response as drawn, which styles rewrite"
            )
        return self


class CardSettings(BaseModel):
    """Fields of the data card that the store does not know."""

    model_config = _STRICT

    title: str | None = Field(None, max_length=200, description="Title of the data card.")
    license: str | None = Field(
        None,
        pattern=r"^[A-Za-z0-9.+-]{1,64}$",
        description="Licence as the Hugging Face hub names it, such as apache-2.0.",
    )
    languages: tuple[str, ...] = Field((), description="Language, such as en; several.")

    @field_validator("languages")
    @classmethod
    def _are_codes(cls, codes: tuple[str, ...]) -> tuple[str, ...]:
        for code in codes:
            if not (code.isascii() and code.replace("-", "").isalpha() and len(code) <= 16):
                raise ValueError(f"{code[:40]!r} is not a language code such as en")
        return codes


class ExportSettings(BaseModel):
    """An export, whole."""

    model_config = _STRICT

    output: OutputSettings = Field(default_factory=lambda: OutputSettings())
    filter: FilterSettings = Field(default_factory=lambda: FilterSettings())
    keep: KeepSettings = Field(default_factory=lambda: KeepSettings())
    pairs: PairSettings = Field(default_factory=lambda: PairSettings())
    splits: SplitSettings = Field(default_factory=lambda: SplitSettings())
    transform: TransformSettings = Field(default_factory=lambda: TransformSettings())
    card: CardSettings = Field(default_factory=lambda: CardSettings())


EXPORT_SECTIONS: dict[str, type[BaseModel]] = {
    "output": OutputSettings,
    "filter": FilterSettings,
    "keep": KeepSettings,
    "pairs": PairSettings,
    "splits": SplitSettings,
    "transform": TransformSettings,
    "card": CardSettings,
}


def _check_range(name: str, low: float | None, high: float | None) -> None:
    if low is not None and high is not None and low > high:
        raise ValueError(f"min_{name} is above max_{name}: nothing can satisfy both")


def style_weights(styles: str) -> tuple[int, ...] | None:
    """Four whole numbers, None for `all`. ValueError for anything else."""
    if styles == "all":
        return None
    if re.fullmatch(r"[0-9]{1,6}(?::[0-9]{1,6}){3}", styles) is None or not styles.strip("0:"):
        raise ValueError(f"{styles[:40]!r} is neither `all` nor four weights such as 2:10:8:20")
    return tuple(map(int, styles.split(":")))
