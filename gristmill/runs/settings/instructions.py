"""Settings of instruction synthesis: the maker and its filters. Each field is a flag of the command line.

Fields of a row that may hold a seed are tried in turn, so that most files need no flag.
"""

from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator, model_validator

from gristmill.generators.maker_names import MakerName
from gristmill.verifiers.filters.settings import FilterSettings

DRAWS_PER_INSTRUCTION = 20
"""Draws that a run may make for each instruction wanted, where the settings do not say."""

Perplexity = Literal["auto", "on", "off"]


class InstructionSettings(FilterSettings):
    """Without a `maker` a run makes no problems, and draws for those of a data set."""

    maker: MakerName | None = Field(None, description="How instructions are made; set by the recipe.")
    seeds: str | None = Field(None, min_length=1, description="File of instructions to start from.")
    seed_field: str = Field(
        "instruction,question,problem,prompt",
        min_length=1,
        description="Field of the instruction in a row of seeds; of several the first that is there.",
    )
    seed_level_field: str | None = Field(
        None, min_length=1, description="Field of a seed's kind, which its instructions inherit."
    )
    documents: tuple[str, ...] = Field(
        (), description="Document to make instructions from, or a folder of such; several."
    )
    document_field: str = Field("text", min_length=1, description="Field of the text in JSON Lines.")
    target: int = Field(1000, ge=1, le=100_000_000, description="Instructions to make.")
    instruction_draws: int | None = Field(
        None,
        ge=1,
        description=f"Draws for instructions in all; unset: {DRAWS_PER_INSTRUCTION} per instruction wanted.",
    )
    subject_draws: int = Field(
        4, ge=1, le=10_000, description="Draws for instructions about one seed or fragment."
    )
    examples: int = Field(
        8, ge=1, le=64, description="Examples in a prompt for instructions (self-instruct)."
    )
    own_examples: int = Field(
        2, ge=0, le=64, description="How many of these are instructions that the run made itself."
    )
    maker_temperature: float | None = Field(
        None, ge=0, le=2, description="Sampling temperature for instructions; unset: that for responses."
    )
    maker_max_tokens: int | None = Field(
        None,
        ge=1,
        le=1_000_000,
        description="Tokens in a response with instructions; unset: as for responses.",
    )
    perplexity: Perplexity = Field(
        "auto",
        description="Whether an instruction must make its fragment likelier: auto does so where the server "
        "gives log probabilities of prompts.",
    )
    perplexity_ratio: float = Field(
        1.0,
        gt=0,
        le=10,
        description="Share of a fragment's own perplexity under which it must be given the instruction.",
    )
    discriminator_run: str | None = Field(
        None,
        min_length=1,
        description="Run whose instructions a discriminator learns to tell from the seeds.",
    )
    mix: tuple[str, ...] = Field(
        (), description="Share of a level in what is drawn for, such as 'writing=0.5'; several, adding to 1."
    )
    max_constraints: int = Field(
        3, ge=1, le=3, description="Most constraints that are attached (constrained)."
    )
    responses: bool = Field(True, description="Draw responses to the instructions, once they are made.")

    @property
    def most_draws(self) -> int:
        return self.instruction_draws or DRAWS_PER_INSTRUCTION * self.target

    def seed_fields(self) -> tuple[str, ...]:
        """Names in the order in which they are tried."""
        return tuple(name.strip() for name in self.seed_field.split(",") if name.strip())

    def shares(self) -> dict[str, float]:
        """The mix by level; empty where none is asked for."""
        return dict(map(_share, self.mix))

    @field_validator("seed_field")
    @classmethod
    def _names_a_field(cls, names: str) -> str:
        if not names.replace(",", " ").strip():
            raise ValueError("no name is given")
        return names

    @field_validator("documents")
    @classmethod
    def _are_paths(cls, paths: tuple[str, ...]) -> tuple[str, ...]:
        """An empty path would be the working directory, and all that is in it."""
        if not all(path.strip() for path in paths):
            raise ValueError("an empty path is named; the folder that one is in is '.'")
        return paths

    @field_validator("seeds", "blocklist", "documents", "benchmark")
    @classmethod
    def _are_absolute(cls, paths: str | tuple[str, ...] | None) -> str | tuple[str, ...] | None:
        """A run may go on from another folder than the one in which it began."""
        if isinstance(paths, str):
            return str(Path(paths).expanduser().absolute())
        return paths and tuple(str(Path(path).expanduser().absolute()) for path in paths)

    @field_validator("mix")
    @classmethod
    def _is_a_mix(cls, mix: tuple[str, ...]) -> tuple[str, ...]:
        shares = dict(map(_share, mix))
        if len(shares) != len(mix):
            raise ValueError("a level is named twice")
        if mix and abs(sum(shares.values()) - 1) > 1e-6:
            raise ValueError(f"the shares add up to {sum(shares.values()):g}, not to 1")
        return mix

    @model_validator(mode="after")
    def _has_what_the_maker_starts_from(self) -> "InstructionSettings":
        if self.maker is None:
            for name, field in type(self).model_fields.items():
                if getattr(self, name) != field.default:
                    raise ValueError(f"{name}: of use to a recipe that makes instructions alone")
            return self
        from gristmill.generators.makers import MAKERS, From

        source = MAKERS[self.maker].source
        if source is From.SEEDS and self.seeds is None:
            raise ValueError(f"seeds: {self.maker} needs a file of instructions, by --seeds")
        if source is From.DOCUMENTS and not self.documents:
            raise ValueError(f"documents: {self.maker} needs a document or a folder, by --documents")
        if source is From.DOCUMENTS and self.seeds is not None:
            raise ValueError(f"seeds: {self.maker} starts from documents and takes none")
        if source is From.SEEDS and self.documents:
            raise ValueError(f"documents: {self.maker} starts from seeds and takes none")
        return self

    @model_validator(mode="after")
    def _fits_together(self) -> "InstructionSettings":
        if self.own_examples > self.examples:
            raise ValueError(
                f"own_examples: {self.own_examples} of {self.examples} examples cannot be the run's own"
            )
        if self.discriminator_run is not None and self.seeds is None:
            raise ValueError("discriminator_run: it tells instructions from seeds; name these by --seeds")
        return self


def _share(text: str) -> tuple[str, float]:
    level, _, share = text.rpartition("=")
    try:
        number = float(share)
    except ValueError:
        number = -1.0
    if not level.strip() or not 0 < number <= 1:
        raise ValueError(f"{text[:80]!r} is not LEVEL=SHARE with a share above 0 and up to 1")
    return level.strip(), number
