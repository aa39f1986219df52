"""What is kept of a configuration with a run: the configuration itself, the prompt template's text, the
versions.

A template may change with the code; the snapshot says what was really sent. Keys are no part of a
configuration.
"""

from importlib.metadata import PackageNotFoundError, version

from pydantic import BaseModel, ConfigDict, Field

from gristmill.generators.prompts import describe
from gristmill.runs.judges.rubric import NAME as RUBRIC
from gristmill.runs.judges.rubric import describe_judge
from gristmill.runs.settings.input_digests import input_digests
from gristmill.runs.settings.run import RunConfig
from gristmill.sampling.errors import StoreError

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
    template = describe(config.generator.template)
    judge = describe_judge(config.judge) if config.verifier.verifier == RUBRIC else ""
    inputs = input_digests(config.instructions)
    return Snapshot(
        config=config, template=template, judge=judge, inputs=inputs, versions=_versions()
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


def _versions() -> dict[str, str]:
    found = {}
    for name in _RECORDED:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
