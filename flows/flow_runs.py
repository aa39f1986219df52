"""Flow runs and their runs in the store: the id that a flow run goes by, and how often it may crash.

A flow run that names no run gets one of its own, made of what stays the same however often it is started:
its deployment's name and the moment (UTC) that it was scheduled for. So a retry, or a start after a crash,
goes on with the run, and the next night begins another one. Where no such name can be had, the recipe's
stands in its place.

A schedule's run is `nightly-math-20261122-0200`, with seconds where there are any; one that a person or an
automation started is `nightly-math-20261122-141507-3fa2`, its end being that of the flow run's id. Two
schedules of one deployment that are due at the same moment mean the same run, and so do deployments of one
name of two flows: what asks for another configuration then is refused, and what asks for the same finds
nothing missing, or the run in use.
"""

import asyncio
import hashlib
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from operator import attrgetter
from uuid import UUID

from prefect import get_run_logger
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import TaskRunFilter
from prefect.client.schemas.objects import FlowRun, State
from prefect.context import FlowRunContext
from prefect.exceptions import ObjectNotFound
from prefect.states import Crashed

from gristmill.db.runs import find_run, mark_run
from gristmill.db.sessions import writing
from gristmill.flows.artifacts.publish import GONE
from gristmill.runs.run_ids import RUN_ID, fresh_run_id
from gristmill.runs.store import open_store
from gristmill.sampling.errors import UnavailableError
from gristmill.sampling.records import RunState

MOST_CRASHES = 4
"""Of one flow run: its first start, and three that went on. What has crashed so often is likely to do so
again.
"""

RUN_ID_PATTERN = f"^{RUN_ID.pattern}$"

_LONGEST_NAME = 70
_PREFECT_SECONDS = 10.0
_KILLED = "its process was killed; the flow run went on"
AWAY = (TimeoutError, OSError, RuntimeError, *GONE)
"""What a call to Prefect raises that gets no answer, or one of another mind."""


def this_flow_run() -> FlowRun | None:
    """The one that this code is part of; None outside of any."""
    context = FlowRunContext.get()
    return None if context is None else context.flow_run


async def own_run_id(recipe: str) -> str:
    """The id of the run that this flow run is for, the same at each of its starts.

    Raises UnavailableError when Prefect does not tell the deployment's name.
    """
    flow_run = this_flow_run()
    if flow_run is None or flow_run.expected_start_time is None:
        return fresh_run_id(recipe)
    name = await _deployment_name(flow_run.deployment_id) or recipe.removesuffix(".toml").rsplit("/", 1)[-1]
    own = None if flow_run.auto_scheduled else flow_run.id
    return dated_run_id(name, flow_run.expected_start_time, own)


def dated_run_id(name: str, due: datetime, flow_run_id: UUID | None) -> str:
    """`flow_run_id` None: the schedule's, of which there is one at a time. A name that no run may have is
    changed, and then ends in a digest of what it was.
    """
    name = _nameable(name)
    moment = due.astimezone(UTC)
    if flow_run_id is None:
        return f"{name}-{moment:%Y%m%d-%H%M}{moment.strftime('%S') if moment.second else ''}"
    return f"{name}-{moment:%Y%m%d-%H%M%S}-{flow_run_id.hex[-4:]}"


def _nameable(name: str) -> str:
    if RUN_ID.fullmatch(name) and len(name) <= _LONGEST_NAME:
        return name
    kept = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-._")[:_LONGEST_NAME]
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:6]
    return f"{kept or 'run'}-{digest}"


async def _deployment_name(deployment_id: UUID | None) -> str | None:
    if deployment_id is None:
        return None
    try:
        async with asyncio.timeout(_PREFECT_SECONDS), get_client() as client:
            return (await client.read_deployment(deployment_id)).name
    except ObjectNotFound:
        return None
    except AWAY as error:
        raise UnavailableError(f"Prefect does not tell the deployment's name: {error!r}") from error


async def show_run_id(run_id: str) -> None:
    """Names the flow run after its run, so that it is found by it in the UI, and that an automation can go on
    with it. Prefect may be away.
    """
    flow_run = this_flow_run()
    if flow_run is None or flow_run.name == run_id:
        return
    try:
        async with asyncio.timeout(_PREFECT_SECONDS), get_client() as client:
            await client.set_flow_run_name(flow_run.id, run_id)
    except AWAY as error:
        get_run_logger().debug("the flow run was not named: %r", error)


def crashes(states: Sequence[State]) -> int:
    """Starts that ended in a crash, of which worker and process may each tell."""
    count, runs = 0, False
    for state in sorted(states, key=attrgetter("timestamp")):
        if state.is_crashed() and runs:
            count += 1
        runs = state.is_running() or (runs and not state.is_final())
    return count


async def crashed_too_often(run_id: str | None) -> str | None:
    """Why it is not to be started any more, if so. Starts that were cancelled or stopped in order do not
    count.

    `run_id`: the run that is the flow run's own, if it has one. Where that is still `running`, it is then
    marked failed.
    """
    flow_run = this_flow_run()
    if flow_run is None or flow_run.run_count <= MOST_CRASHES:
        return None
    try:
        async with asyncio.timeout(_PREFECT_SECONDS), get_client() as client:
            states = await client.read_flow_run_states(flow_run.id)
    except AWAY as error:
        get_run_logger().debug("Prefect does not tell how often it crashed: %r", error)
        return None
    if crashes(states) < MOST_CRASHES:
        return None
    why = f"this flow run crashed {MOST_CRASHES} times: see its log, mend what ended it, then start a new one"
    if run_id is not None:
        why += f" for the run {run_id}"
        await asyncio.to_thread(_mark_failed, run_id, why)
    return why


async def end_tasks_of_killed_start() -> None:
    """Marks as crashed what an earlier start of this flow run left running, which its page would show as such
    for ever. Its workers are runs of their own, and may still be at work. Prefect may be away.
    """
    flow_run = this_flow_run()
    if flow_run is None or flow_run.run_count <= 1:
        return
    left = TaskRunFilter.model_validate(
        {
            "flow_run_id": {"any_": [flow_run.id]},
            "state": {"type": {"any_": ["PENDING", "RUNNING"]}},
            "subflow_runs": {"exists_": False},
        }
    )
    try:
        async with asyncio.timeout(_PREFECT_SECONDS), get_client() as client:
            for task_run in await client.read_task_runs(task_run_filter=left):
                await client.set_task_run_state(task_run.id, Crashed(message=_KILLED), force=True)
    except AWAY as error:
        get_run_logger().debug("the tasks of an earlier start were not marked: %r", error)


def _mark_failed(run_id: str, why: str) -> None:
    with open_store() as engine, writing(engine) as session:
        record = find_run(session, run_id)
        if record is not None and record.state is RunState.RUNNING:
            mark_run(session, run_id, RunState.FAILED, elapsed_seconds=record.elapsed_seconds, message=why)
