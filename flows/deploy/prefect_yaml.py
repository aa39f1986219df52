"""Reading and validating `prefect.yaml`: deployments with their parameters and schedules.

The file is Prefect's own, so that `prefect deploy --all` takes it as it is. What Prefect lets pass in silence
is an error here: a key that nobody knows, two deployments of one name, a variable that is not set.
`{{ $NAME }}` stands for a variable of the environment; Prefect's blocks and variables are not filled in.
"""

import os
import re
from collections.abc import Iterator
from datetime import timedelta
from importlib import resources
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError, model_validator

from gristmill.sampling.errors import ConfigError

DEFAULT_FILE = Path("prefect.yaml")
TAG = "gristmill"
"""Tag of every deployment, and so of its runs, by which the automations know ours."""

_TOP_LEVEL = frozenset({"name", "prefect-version", "build", "push", "pull", "definitions", "deployments"})
_FLOWS = ("synthesize_math.synthesize_math", "synthesize_instructions.synthesize_instructions")
_JOBS = (
    "export.export_flow",
    "report.report_flow",
    "reverify.reverify_flow",
    "top_up.top_up_flow",
    "work.work_flow",
)
_FORMER_ENTRYPOINTS = {
    **{f"flows.{flow}": f"gristmill.flows.{flow}" for flow in _FLOWS},
    **{
        f"{package}.{job}": f"gristmill.flows.jobs.{job}"
        for package in ("flows.deployed", "gristmill.flows.deployed")
        for job in _JOBS
    },
}
"""Of shipped flows, once imported as `flows`, and in `flows/deployed`; a user's own `flows.X` stays."""

_PLACEHOLDER = re.compile(r"\{\{\s*\$(\w+)\s*\}\}")
_Steps = list[dict[str, JsonValue]] | dict[str, JsonValue] | None


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ScheduleBlock(_Part):
    """A schedule of a deployment: one of cron, interval and rrule."""

    cron: str | None = None
    interval: timedelta | None = Field(None, gt=timedelta(0))
    rrule: str | None = None
    timezone: str | None = None
    anchor_date: str | None = None
    day_or: bool = True
    active: bool = True
    parameters: dict[str, JsonValue] = Field(default_factory=dict)
    slug: str | None = None

    @model_validator(mode="after")
    def _is_one_of_three(self) -> "ScheduleBlock":
        if sum(value is not None for value in (self.cron, self.interval, self.rrule)) != 1:
            raise ValueError("give one of cron, interval and rrule")
        return self


class LimitBlock(_Part):
    """Limit on concurrent runs of a deployment, over all machines."""

    limit: int = Field(ge=1)
    collision_strategy: Literal["ENQUEUE", "CANCEL_NEW"] = "ENQUEUE"
    grace_period_seconds: int | None = Field(None, ge=60, le=86_400)


class WorkPoolBlock(_Part):
    """Work pool whose workers carry out the runs; `gristmill serve` needs none."""

    name: str | None = None
    work_queue_name: str | None = None
    job_variables: dict[str, JsonValue] = Field(default_factory=dict)


class DeploymentBlock(_Part):
    """One deployment. `paused` None leaves the state of one that is registered."""

    name: str = Field(min_length=1, pattern=r"^[^/%&<>]+$")
    entrypoint: str = Field(min_length=1)
    version: str | None = None
    tags: list[str] = Field(default_factory=list)
    description: str | None = None
    paused: bool | None = None
    parameters: dict[str, JsonValue] = Field(default_factory=dict)
    enforce_parameter_schema: bool = True
    schedules: list[ScheduleBlock] = Field(default_factory=list)
    concurrency_limit: int | LimitBlock | None = None
    work_pool: WorkPoolBlock = Field(default_factory=WorkPoolBlock)
    build: _Steps = None
    push: _Steps = None
    pull: _Steps = None

    @model_validator(mode="after")
    def _is_tagged(self) -> "DeploymentBlock":
        if TAG not in self.tags:
            raise ValueError(f"tags: {TAG} is missing, by which crashed runs are found and gone on with")
        return self

    @property
    def imported_from(self) -> str:
        """`entrypoint`, where it is one of before as it is called today."""
        return current_entrypoint(self.entrypoint)

    @property
    def is_scheduled(self) -> bool:
        return any(schedule.active for schedule in self.schedules)


def current_entrypoint(entrypoint: str) -> str:
    """Where a flow is imported from today; any but the former ones of shipped flows as it is."""
    return _FORMER_ENTRYPOINTS.get(entrypoint, entrypoint)


def shipped_file() -> Path:
    return Path(str(resources.files("gristmill.flows.deploy") / "prefect.yaml"))


def file_to_use(named: Path | None) -> Path:
    """The one that is named, else `prefect.yaml` in the working directory, else the shipped one."""
    return named or (DEFAULT_FILE if DEFAULT_FILE.exists() else shipped_file())


def read_deployments(file: Path) -> list[DeploymentBlock]:
    """The deployments in the order of the file. Raises ConfigError naming file, deployment and field."""
    raw = _raw(file)
    if not isinstance(raw, dict) or not isinstance(raw.get("deployments"), list) or not raw["deployments"]:
        raise ConfigError(f"{file}: holds no list `deployments`; `gristmill serve --print-file` shows one")
    if unknown := raw.keys() - _TOP_LEVEL:
        raise ConfigError(
            f"{file}: unknown key {min(map(str, unknown))!r}; known: {', '.join(sorted(_TOP_LEVEL))}"
        )
    blocks = [_block(file, entry, number) for number, entry in enumerate(raw["deployments"], 1)]
    seen: set[tuple[str, str]] = set()
    for block in blocks:
        key = block.imported_from, block.name
        if key in seen:
            raise ConfigError(f"{file}: deployment {block.name!r} is there twice")
        seen.add(key)
    return blocks


def _raw(file: Path) -> Any:
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"cannot read {file}: {error}; `gristmill serve --print-file` prints one"
        ) from error
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ConfigError(f"{file}: not YAML: {' '.join(str(error).split())}") from error


def _block(file: Path, entry: Any, number: int) -> DeploymentBlock:
    name = entry.get("name", f"number {number}") if isinstance(entry, dict) else f"number {number}"
    where = f"{file}: deployment {name!r}"
    try:
        return DeploymentBlock.model_validate(_filled(entry, where))
    except ValidationError as error:
        raise ConfigError(f"{where}: {phrase(error.errors(include_url=False))}") from error


def _filled(value: Any, where: str) -> Any:
    """The value with variables of the environment filled in, in all strings inside it."""
    if isinstance(value, dict):
        return {key: _filled(inner, where) for key, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, where) for inner in value]
    return (
        _PLACEHOLDER.sub(lambda match: _variable(match[1], where), value) if isinstance(value, str) else value
    )


def _variable(name: str, where: str) -> str:
    try:
        return os.environ[name]
    except KeyError as error:
        raise ConfigError(f"{where}: the environment variable {name} is not set") from error


def phrase(errors: list[Any], inside: str = "") -> str:
    """The first thing wrong, as `field.of.field: what is wrong`, without the value; and how many more."""
    first = errors[0]
    path = ".".join([*([inside] if inside else []), *_names(first["loc"])])
    message = str(first["msg"]).removeprefix("Value error, ")
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return f"{path}: {message}{more}" if path else f"{message}{more}"


def _names(loc: tuple[int | str, ...]) -> Iterator[str]:
    """Without the names that pydantic gives to the branches of a union: `LimitBlock`, `list[...]`."""
    for part in loc:
        text = str(part)
        if not text[:1].isupper() and "[" not in text:
            yield text
