"""How the flow of a deployment ends, and when it tries again before that.

What may pass (a server that is down, a store that is locked) is tried again after a pause, twice: the run
goes on where it stopped, and nothing is drawn twice. What a person has to mend ends the flow run as failed at
once, with the message that the command line would print. This is done here and not by Prefect's `retries`,
which knows no conditions. Anything that is no GristmillError is a bug, and is Prefect's to show.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from prefect import get_run_logger
from prefect.client.schemas.objects import State
from prefect.states import Failed

from flows.flow_runs import crashed_too_often
from flows.tables import plain
from sampling.errors import GristmillError, StoreError, UnavailableError

Data = TypeVar("Data")

PAUSE_SECONDS = (60.0, 600.0)
"""Before the second try, and before the third, which is the last."""


async def tried_again(work: Callable[[], Awaitable[State[Data]]]) -> State[Data]:
    """What the work comes to, or Failed with the reason."""
    for pause in (*PAUSE_SECONDS, None):
        try:
            return await work()
        except (UnavailableError, StoreError) as error:
            if pause is None:
                return Failed(message=shown(str(error)))
            get_run_logger().warning("%s; it goes on in %.0f seconds", shown(str(error)), pause)
            await asyncio.sleep(pause)
        except GristmillError as error:
            return Failed(message=shown(str(error)))
    raise AssertionError("the last try has no pause")


async def carried_out(run_id: str, work: Callable[[], Awaitable[State[Data]]]) -> State[Data]:
    """As `tried_again`, for a flow run that draws for a run, and that has not crashed too often."""
    try:
        refusal = await crashed_too_often(run_id)
    except GristmillError as error:
        return Failed(message=shown(str(error)))
    return await tried_again(work) if refusal is None else Failed(message=refusal)


def shown(text: str) -> str:
    """On one line, without what a terminal or a page would act upon."""
    return " ".join(plain(text).plain.split())
