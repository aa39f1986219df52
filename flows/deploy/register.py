"""Checked deployments as Prefect's objects: flows loaded, parameters validated, schedules merged.

All of a file is checked before any of it is registered. Prefect checks parameters by the JSON schema alone
and when a run is made; here the flow's pydantic models have seen them.
"""

import inspect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_type_hints
from uuid import UUID

from prefect import Flow
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.actions import DeploymentScheduleCreate
from prefect.client.schemas.objects import ConcurrencyLimitConfig
from prefect.client.schemas.schedules import (
    SCHEDULE_TYPES,
    CronSchedule,
    IntervalSchedule,
    RRuleSchedule,
)
from prefect.deployments.runner import RunnerDeployment
from prefect.exceptions import MissingFlowError, ObjectNotFound, ScriptError
from prefect.flows import load_flow_from_entrypoint
from pydantic import BaseModel, TypeAdapter, ValidationError

from gristmill.flows.deploy.prefect_yaml import (
    DeploymentBlock,
    LimitBlock,
    ScheduleBlock,
    phrase,
    read_deployments,
)
from gristmill.flows.deploy.schedules import added_by_people, file_slug, gone_from_file
from gristmill.flows.forms import FOR_A_NEW_RUN
from gristmill.flows.parameter_rules import check_parameters
from gristmill.flows.workers import DEPLOYMENT as WORKERS
from gristmill.sampling.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Checked:
    """A deployment as the file has it (`block`), and as Prefect registers it."""

    block: DeploymentBlock
    deployment: RunnerDeployment

    @property
    def schedules(self) -> list[DeploymentScheduleCreate]:
        """Those of the file; after `keep_what_people_set` those that people added, too."""
        return [one for one in self.deployment.schedules or [] if isinstance(one, DeploymentScheduleCreate)]


def checked_deployments(file: Path, limit: int | None = None) -> list[Checked]:
    """Those of the file, in its order. Raises ConfigError naming file, deployment and field.

    `limit`: how many runs go on at once where one process serves them all; they may name then what runs here
    may.
    """
    checked: list[Checked] = []
    for block in read_deployments(file):
        where = f"{file}: deployment {block.name!r}"
        deployment = _deployment(block, where, served=limit is not None)
        if any(deployment.full_name == other.deployment.full_name for other in checked):
            raise ConfigError(f"{file}: deployment {deployment.full_name} is there twice")
        checked.append(Checked(block, deployment))
    if limit is not None and any(one.deployment.full_name == WORKERS for one in checked):
        for one in checked:
            _check_room(one.block, limit, f"{file}: deployment {one.block.name!r}")
    return checked


def former_entrypoints_line(file: Path, checked: Sequence[Checked]) -> str | None:
    """The console line on deployments whose entry point in the file is an old one; None without any."""
    former = [one.block.name for one in checked if one.block.entrypoint != one.block.imported_from]
    if not former:
        return None
    return f"{file}: former entry points are read as today's (change the file): {', '.join(former)}"


def _deployment(block: DeploymentBlock, where: str, *, served: bool) -> RunnerDeployment:
    flow = _flow(block.imported_from, where)
    _check(flow, block, where, served=served)
    try:
        schedules = [_schedule(schedule, number) for number, schedule in enumerate(block.schedules, 1)]
    except ValidationError as error:
        raise ConfigError(f"{where}: {phrase(error.errors(include_url=False), 'schedules')}") from error
    except ValueError as error:
        raise ConfigError(f"{where}: schedules: {error}") from error
    return RunnerDeployment.from_entrypoint(
        block.imported_from,
        name=block.name,
        schedules=schedules,
        concurrency_limit=_limit(block.concurrency_limit),
        paused=block.paused,
        parameters=dict(block.parameters),
        description=block.description,
        tags=block.tags,
        version=block.version,
        enforce_parameter_schema=block.enforce_parameter_schema,
    )


def _flow(entrypoint: str, where: str) -> Flow[..., Any]:
    try:
        return load_flow_from_entrypoint(entrypoint, use_placeholder_flow=False)
    except (MissingFlowError, ImportError, ScriptError, OSError, ValueError) as error:
        raise ConfigError(f"{where}: entrypoint: {' '.join(str(error).split())}") from error


def _check(flow: Flow[..., Any], block: DeploymentBlock, where: str, *, served: bool) -> None:
    """What a schedule starts must be complete; elsewhere what is missing is asked for when a run is made."""
    _check_values(flow, block.parameters, where, complete=False, served=served)
    for number, schedule in enumerate(block.schedules, 1):
        given = {**block.parameters, **schedule.parameters}
        inside = f"{where}, schedule {number}" if schedule.parameters else where
        _check_values(flow, given, inside, complete=schedule.active, served=served)


def _check_room(block: DeploymentBlock, limit: int, where: str) -> None:
    """A run that waits for its workers takes a place beside theirs: with none left it would wait for ever."""
    for given in (block.parameters, *(schedule.parameters for schedule in block.schedules)):
        workers = given.get("workers")
        if isinstance(workers, int) and 1 < workers >= limit:
            raise ConfigError(
                f"{where}: parameters.workers: the run and its {workers} workers need a place each, and at "
                f"once there are {limit}: give --limit {workers + 1}, or fewer workers"
            )


def _check_values(
    flow: Flow[..., Any], given: Mapping[str, Any], where: str, *, complete: bool, served: bool
) -> None:
    hints = get_type_hints(flow.fn, include_extras=True)
    parameters = inspect.signature(flow.fn).parameters
    for name, value in given.items():
        if name not in parameters:
            known = ", ".join(parameters) or "none"
            raise ConfigError(f"{where}: parameters: {flow.name} has no {name!r}; known: {known}")
        try:
            read = TypeAdapter(hints.get(name, Any)).validate_python(value, context=_context(given, value))
            if served and isinstance(read, BaseModel):
                check_parameters(read, f"{where}: parameters.{name}.")
        except ValidationError as error:
            found = error.errors(include_url=False)
            wrong = [one for one in found if complete or one["type"] != "missing"]
            if wrong:
                raise ConfigError(f"{where}: {phrase(wrong, f'parameters.{name}')}") from error
    lacking = [name for name in _required(parameters) if complete and name not in given]
    if lacking:
        raise ConfigError(f"{where}: parameters: {', '.join(lacking)}: needed, as a schedule is active")


def _context(given: Mapping[str, Any], value: Any) -> dict[str, str] | None:
    """Parameters that name a run may go on with it, whatever its recipe is called: the flow run will know."""
    named = (around.get("run_id") for around in (given, value) if isinstance(around, Mapping))
    return FOR_A_NEW_RUN if all(run_id is None for run_id in named) else None


def _required(parameters: Mapping[str, inspect.Parameter]) -> Iterator[str]:
    for name, parameter in parameters.items():
        if parameter.default is inspect.Parameter.empty:
            yield name


def _schedule(block: ScheduleBlock, number: int) -> DeploymentScheduleCreate:
    return DeploymentScheduleCreate(
        schedule=_times(block),
        active=block.active,
        parameters=dict(block.parameters),
        slug=file_slug(number, block.slug),
    )


def _times(block: ScheduleBlock) -> SCHEDULE_TYPES:
    zone = {} if block.timezone is None else {"timezone": block.timezone}
    if block.cron is not None:
        return CronSchedule.model_validate({"cron": block.cron, "day_or": block.day_or, **zone})
    if block.interval is not None:
        anchor = {} if block.anchor_date is None else {"anchor_date": block.anchor_date}
        return IntervalSchedule.model_validate({"interval": block.interval, **anchor, **zone})
    return RRuleSchedule.model_validate({"rrule": block.rrule, **zone})


def _limit(limit: int | LimitBlock | None) -> int | ConcurrencyLimitConfig | None:
    return ConcurrencyLimitConfig(**limit.model_dump()) if isinstance(limit, LimitBlock) else limit


async def keep_what_people_set(client: PrefectClient, checked: Sequence[Checked]) -> None:
    """To be called before they are registered again. A deployment that was paused stays so unless the file
    says otherwise, a schedule that a person added stays, and one that the file has no longer is deleted.
    """
    for one in checked:
        try:
            known = await client.read_deployment_by_name(one.deployment.full_name)
        except ObjectNotFound:
            continue
        if one.block.paused is None:
            one.deployment.paused = known.paused
        of_file = one.schedules
        for schedule in gone_from_file(known.schedules, of_file):
            await client.delete_deployment_schedule(known.id, schedule.id)
        one.deployment.schedules = [*of_file, *added_by_people(known.schedules, of_file)]


async def make_next_runs(client: PrefectClient, deployment_id: UUID) -> None:
    """Has the server make the next scheduled run now; by itself it comes round to that in seconds."""
    await client.request(
        "POST", "/deployments/{id}/schedule", path_params={"id": deployment_id}, json={"min_runs": 1}
    )
