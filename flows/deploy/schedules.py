"""Merging schedules of the file, which follow it, with those that people added in the UI, which stay.

Prefect replaces all schedules of a deployment or none. What tells the file's from those that somebody added
in the UI is their slug, `file-` and a number, or the file's own slug behind it; one without that which is
the same as one of the file's was made from it, too.
"""

from collections.abc import Sequence
from typing import Any

from prefect.client.schemas.actions import DeploymentScheduleCreate
from prefect.client.schemas.objects import DeploymentSchedule
from prefect.client.schemas.schedules import CronSchedule, IntervalSchedule, NoSchedule

_OF_THE_FILE = "file-"


def file_slug(number: int, slug: str | None) -> str:
    """Of the file's schedule of that number, from 1."""
    return f"{_OF_THE_FILE}{slug or number}"


def gone_from_file(
    known: Sequence[DeploymentSchedule], of_file: Sequence[DeploymentScheduleCreate]
) -> list[DeploymentSchedule]:
    """Those on the server that came from the file and are not in it any more."""
    there = {schedule.slug for schedule in of_file}
    return [one for one in known if _is_the_files(one, of_file) and one.slug not in there]


def added_by_people(
    known: Sequence[DeploymentSchedule], of_file: Sequence[DeploymentScheduleCreate]
) -> list[DeploymentScheduleCreate]:
    """Schedules on the server that did not come from the file, in the form to register them again."""
    return [
        DeploymentScheduleCreate(
            schedule=one.schedule,
            active=one.active,
            max_scheduled_runs=one.max_scheduled_runs,
            parameters=one.parameters,
            slug=one.slug,
        )
        for one in known
        if not _is_the_files(one, of_file)
    ]


def as_written(schedule: DeploymentScheduleCreate) -> dict[str, Any]:
    """As an entry of prefect.yaml. `max_scheduled_runs` cannot stand there: the server's holds."""
    times = schedule.schedule
    assert not isinstance(times, NoSchedule)  # noqa: S101
    written: dict[str, Any] = {"active": schedule.active, "timezone": times.timezone, "slug": schedule.slug}
    if isinstance(times, CronSchedule):
        written |= {"cron": times.cron, "day_or": times.day_or}
    elif isinstance(times, IntervalSchedule):
        anchor = times.anchor_date.isoformat()
        written |= {"interval": times.interval.total_seconds(), "anchor_date": anchor}
    else:
        written |= {"rrule": times.rrule}
    if schedule.parameters:
        written["parameters"] = schedule.parameters
    return {name: value for name, value in written.items() if value is not None}


def _is_the_files(one: DeploymentSchedule, of_file: Sequence[DeploymentScheduleCreate]) -> bool:
    if one.slug is not None:
        return one.slug.startswith(_OF_THE_FILE)
    return any(one.schedule == ours.schedule and one.parameters == ours.parameters for ours in of_file)
