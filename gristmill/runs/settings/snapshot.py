"""Snapshot of a configuration that is stored with its run, with hashes of the files it names.

The snapshot holds the configuration, the prompt template's text and the versions of packages: a template
may change with the code, and the snapshot says what was sent. Keys are no part of a configuration. A run that
goes on reads its seeds, documents and filters' files again and must find what it began with: other seeds
would give its problems parents that the store does not have, other files verdicts that do not compare.
"""

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from gristmill.generators.prompts import describe
from gristmill.problems.documents import files_of
from gristmill.runs.settings.instructions import InstructionSettings
from gristmill.runs.settings.run import RunConfig
from gristmill.sampling.errors import ConfigError, StoreError
from gristmill.text.file_hash import file_sha256

_RECORDED = ("jsonschema", "lark", "math-verify", "openai", "prefect", "sympy", "vllm", "xllamacpp")


class Snapshot(BaseModel):
    """`template` is the JSON text of the prompt template, `judge` what a judge model is told ("" without
    one), `inputs` the hashes of what instructions are made from, `versions` those of the packages that
    matter.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    config: RunConfig
    template: str
    judge: str = ""
    inputs: dict[str, str] = Field(default_factory=dict)
    versions: dict[str, str]


def snapshot_of(config: RunConfig) -> str:
    """JSON for the column `runs.config`."""
    versions = {}
    for name in _RECORDED:
        with suppress(PackageNotFoundError):
            versions[name] = version(name)
    judge = ""
    if config.verifier.verifier == "rubric":
        from gristmill.runs.judges.rubric import describe_judge

        judge = describe_judge(config.judge)
    return Snapshot(
        config=config,
        template=describe(config.generator.template),
        judge=judge,
        inputs=input_digests(config.instructions),
        versions=versions,
    ).model_dump_json()


def snapshot_from(stored: str) -> Snapshot:
    """Raises StoreError when another version of Gristmill wrote it in a way that this one cannot read."""
    try:
        return Snapshot.model_validate_json(stored)
    except ValueError as error:
        raise StoreError(
            "the configuration of this run is of another version of Gristmill: go on with that version, "
            "or start a new run"
        ) from error


def code_version() -> str:
    return version("gristmill")


def input_digests(settings: InstructionSettings) -> dict[str, str]:
    """SHA-256 by path; of a folder, over the names and contents of the files in it that are read.

    Raises ConfigError for a file that is not there any more.
    """
    paths = (settings.seeds, *settings.documents, *settings.benchmark, settings.blocklist)
    return {path: _digest(Path(path)) for path in paths if path is not None}


def check_inputs(settings: InstructionSettings, stored: Mapping[str, str]) -> None:
    """Raises ConfigError, naming the first file that is not what it was. What was not hashed is let pass."""
    for path, digest in input_digests(settings).items():
        if stored.get(path, digest) != digest:
            raise ConfigError(
                f"{path} is not what it was when the run began: put it back as it was, or leave --run-id out "
                "to start a new run"
            )


def _digest(path: Path) -> str:
    found = hashlib.sha256()
    try:
        for file in files_of(path):
            if path.is_dir():
                found.update(str(file.relative_to(path)).encode("utf-8", "surrogatepass") + b"\x1f")
            found.update(bytes.fromhex(file_sha256(file)))
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}") from error
    return found.hexdigest()
