"""Lifecycle of a flow run: start, retries after transient errors, an orderly end on cancellation.

A flow run that is cancelled gets SIGTERM. Prefect would raise in the middle of the loop, and all that is in
flight would be lost. Here the signal sets an event (`asked_to_stop`): drawing looks at it, lands what
is in flight and records it, and then the flow says that it was cancelled. What does not look at it is
dropped. Either is well within the 30 seconds after which Prefect kills the process; nothing that a job's
settings say makes it longer.

What may pass (a server that is down, a store that is locked) is tried again after a pause, twice: the run
goes on where it stopped, and nothing is drawn twice. So is what Prefect has to tell before it begins. What a
person has to mend ends the flow run as failed at once, with the message that the command line would print.
This is done here and not by Prefect's `retries`, which knows no conditions. Anything that is no
GristmillError is a bug, and is Prefect's to show.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from functools import partial
from typing import Annotated, TypeVar

from prefect import get_run_logger
from prefect.client.schemas.objects import State
from prefect.states import Cancelled, Failed
from pydantic import BaseModel, Field

from gristmill.flows.flow_runs import (
    RUN_ID_PATTERN,
    crashed_too_often,
    end_tasks_of_killed_start,
    own_run_id,
    show_run_id,
)
from gristmill.flows.parameter_rules import check_parameters
from gristmill.reports.console import plain
from gristmill.runs.cancellation import StopRequest, stop_on_signals, unless_stopped
from gristmill.runs.run_ids import fresh_run_id
from gristmill.runs.settings.run import RunConfig
from gristmill.sampling.errors import GristmillError, StoreError, UnavailableError

Data = TypeVar("Data")

PAUSE_SECONDS = (60.0, 600.0)
"""Before the second try, and before the third, which is the last."""

LANDING_SECONDS = 5.0
"""Most that draws in flight get in a flow that is cancelled, whatever grace its settings give it."""

_END_SECONDS = 12.0
"""Landing, and the tables of what landed; what takes longer is cut short."""

_CANCELLED = "it was cancelled"

foreground: ContextVar[StopRequest | None] = ContextVar("foreground", default=None)
"""Set while a command runs the flow in its terminal; those of a deployment write to their logs."""

RunId = Annotated[str, Field(pattern=RUN_ID_PATTERN)]
"""Parameter of a flow: the id of a run."""


async def with_retries(
    job: BaseModel,
    work: Callable[[], Awaitable[State[Data]]],
    *,
    run_id: str | None = None,
    stops_by_itself: bool = False,
    stopped: str = _CANCELLED,
) -> State[Data]:
    """The state that the work gives, or Failed with the reason, or Cancelled with `stopped`. A flow run does
    not begin that has crashed too often, or whose `job` names what a deployment may not.

    `run_id`: the run that is the flow run's own. `stops_by_itself`: the work ends in order when it is asked
    to stop, and gets `_END_SECONDS` for it; else it is dropped at once.
    """
    begin = partial(_refused, job, run_id)
    return await _ended(begin, work, lambda: stopped, end_seconds=_END_SECONDS if stops_by_itself else 0.0)


async def synthesize(
    config: RunConfig, run_id: str | None, work: Callable[[str], Awaitable[State[Data]]]
) -> State[Data]:
    """As `with_retries`, for a flow run that draws for a run of its own, and gets that run's name. In the
    terminal of a command nothing is tried again, and what ends the run is raised as it is.

    `run_id` None: it goes by when the flow run was due, which Prefect has to tell.
    """
    if (stop := foreground.get()) is not None:
        run_id = run_id or fresh_run_id(config.recipe)
        with stop_on_signals(stop):  # here: Prefect has set its own handlers by now
            await show_run_id(run_id)
            return await work(run_id)
    own = run_id or ""

    async def begin() -> State[Data] | None:
        nonlocal own
        own = own or await own_run_id(config.recipe)
        await show_run_id(own)
        return await _refused(config, own)

    return await _ended(
        begin,
        lambda: work(own),
        lambda: interrupted_message(own) if own else _CANCELLED,
        end_seconds=_END_SECONDS,
    )


async def _ended(
    begin: Callable[[], Awaitable[State[Data] | None]],
    work: Callable[[], Awaitable[State[Data]]],
    stopped: Callable[[], str],
    *,
    end_seconds: float,
) -> State[Data]:
    """`begin` gives how it ended already, or None; a stop drops it at once."""
    with stop_on_signals(StopRequest(second_ends=False)) as stop:
        ended = await unless_stopped(stop.event, _tries(begin, stop.event, stopped))
        if ended is None and not stop.event.is_set():
            trying = _tries(work, stop.event, stopped)
            ended = await unless_stopped(stop.event, trying, end_seconds=end_seconds)
    return Cancelled(message=stopped()) if ended is None else ended


async def _refused(given: BaseModel, run_id: str | None) -> State[Data] | None:
    """Failed, where it is not to begin. Raises ConfigError for what a deployment may not name."""
    check_parameters(given)
    refusal = await crashed_too_often(run_id)
    if refusal is not None:
        return Failed(message=refusal)
    await end_tasks_of_killed_start()
    return None


async def _tries(
    work: Callable[[], Awaitable[State[Data] | None]], stop: asyncio.Event, stopped: Callable[[], str]
) -> State[Data] | None:
    for pause in (*PAUSE_SECONDS, None):
        try:
            return await work()
        except (UnavailableError, StoreError) as error:
            if stop.is_set():
                return Cancelled(message=one_line(f"{stopped()}; {error}"))
            if pause is None:
                return Failed(message=one_line(str(error)))
            get_run_logger().warning("%s; it goes on in %.0f seconds", one_line(str(error)), pause)
            await unless_stopped(stop, asyncio.sleep(pause))
        except GristmillError as error:
            return Failed(message=one_line(str(error)))
        if stop.is_set():
            return Cancelled(message=stopped())
    raise AssertionError("the last try has no pause")


def interrupted_message(run_id: str) -> str:
    """Message of the state of a flow run whose run was interrupted."""
    return f"{run_id} was interrupted; it goes on under its id"


def with_short_grace(config: RunConfig) -> RunConfig:
    """The configuration with no more grace than a cancelled flow has time for."""
    run = config.run
    soon = run.model_copy(update={"grace_seconds": min(run.grace_seconds, LANDING_SECONDS)})
    return config.model_copy(update={"run": soon})


def one_line(text: str) -> str:
    """The text on one line, without what a terminal or a page would act upon."""
    return " ".join(plain(text).plain.split())
