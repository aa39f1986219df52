"""The manifest of an export: settings, moment, counts and checksums, from which the same bytes can be made.

It holds the resolved settings (the runs by name, whatever condition found them), the moment up to
which the store was looked at, and what came of it. The same
export of the same store gives the same manifest.
"""

import json
from pathlib import Path
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from gristmill.exports.settings import ExportSettings
from gristmill.sampling.errors import DataError

MANIFEST = "manifest.json"


class FileEntry(BaseModel):
    """A file of the export; `path` is relative to its folder."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: str
    bytes: int
    sha256: str


class RunEntry(BaseModel):
    """A run of the export. `attempts` counts those of that moment by `outcome: reason`; `quotas_sha256`
    is of the quotas that its problems had. `verifiers` have their versions. `generation` has
    the prompt template and the sampling by name, as far as they were set.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    recipe: str
    models: list[str]
    verifiers: list[str]
    generation: dict[str, str] = Field(default_factory=dict)
    problems: int
    attempts: dict[str, int]
    quotas_sha256: str


class Manifest(BaseModel):
    """`counts` has a table for each dimension: `split`, `source` and `level` count rows, `run`, `model`,
    `verifier` and `reason` the attempts in them. `left_out` counts what a condition kept out, by a
    phrase that says what is counted. `rows_sha256` is over the ids of the rows in order; `escaped_texts`
    counts texts that hold what Unicode cannot encode. `as_of` is the moment up to which the store was looked
    at.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    manifest_version: Literal[1] = 1
    gristmill: str
    schema_revision: str
    versions: dict[str, str] = Field(description="Packages whose version decides the bytes.")
    settings: ExportSettings
    query: str = Field(description="The SQL that attempts are read by, with names in place of values.")
    as_of: AwareDatetime
    runs: dict[str, RunEntry]
    without_models: list[str] = Field(default_factory=list, description="Models withdrawn by then.")
    inputs: dict[str, str] = Field(default_factory=dict, description="SHA-256 of the files read, by name.")
    rows: int
    problems: int
    counts: dict[str, dict[str, int]]
    left_out: dict[str, int] = Field(default_factory=dict)
    escaped_texts: int = 0
    rows_sha256: str
    features: dict[str, str] = Field(description="Columns of the records, with their Arrow types.")
    files: list[FileEntry]

    @property
    def splits(self) -> dict[str, int]:
        """Rows by split, in order."""
        return self.counts.get("split", {})


def manifest_json(manifest: Manifest) -> str:
    """As it is written: the same manifest gives the same text."""
    return json.dumps(manifest.model_dump(mode="json"), indent=2, ensure_ascii=True) + "\n"


def read_manifest(path: Path) -> Manifest:
    """Reads a manifest, or that of a folder. Raises DataError where there is none that can be read."""
    file = path / MANIFEST if path.is_dir() else path
    try:
        return Manifest.model_validate_json(file.read_bytes())
    except OSError as error:
        raise DataError(f"{file}: no manifest can be read: {error.strerror}") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "file"
        raise DataError(f"{file}: not a manifest that this version reads: {place}: {first['msg']}") from error
