"""Settings of the data set of a run; each field is a flag of the command line and a key of a recipe.

A data set is a file, a folder saved by Hugging Face `datasets`, or the literal `demo`. A preset says which
fields hold what; the three `*_field` settings say it for any other file, and win over the preset where both
are given.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

PresetName = Literal["gsm8k", "math", "svamp", "demo"]
OnBadRow = Literal["stop", "skip"]

DEMO = "demo"


class DatasetSettings(BaseModel):
    """Where problems are read from and how their fields are named."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    dataset: str | None = Field(
        None,
        min_length=1,
        description="File (.jsonl, .csv, .parquet), folder saved by `datasets`, or `demo` (shipped).",
    )
    preset: PresetName | None = Field(None, description="Known data set whose field names are to be used.")
    prompt_field: str | None = Field(
        None,
        min_length=1,
        description="Field of the prompt; several, as in `Body,Question`, are joined by a space.",
    )
    reference_field: str | None = Field(None, min_length=1, description="Field of the right answer.")
    level_field: str | None = Field(None, min_length=1, description="Field of the difficulty level or type.")
    source: str | None = Field(
        None,
        min_length=1,
        description="Name to record for the data set; by default that of the file or folder.",
    )
    split: str | None = Field(None, min_length=1, description="Split to read of a folder that holds several.")
    limit: int | None = Field(None, ge=1, description="Take this many problems, the first ones.")
    shuffle_seed: int | None = Field(
        None, description="Order the problems at random by this seed before the limit counts them."
    )
    on_bad_row: OnBadRow = Field(
        "stop", description="What a row that cannot be used does: stop, or skip and list it."
    )
