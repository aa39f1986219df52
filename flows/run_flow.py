"""Running a flow here and now, in the terminal of a command."""

from typing import Any

from prefect.client.schemas.objects import State

from gristmill.flows.synthesize_instructions import synthesize_instructions
from gristmill.flows.synthesize_math import synthesize_math
from gristmill.flows.tasks import GONE, foreground
from gristmill.reports.console import console, plain
from gristmill.runs.cancellation import StopRequest
from gristmill.runs.settings.run import RunConfig


async def run_flow(config: RunConfig, run_id: str) -> int | None:
    """Runs the flow here and now, raises what ended it as it is, returns the signal that interrupted it."""
    stop = StopRequest()
    flow = synthesize_instructions if config.makes_instructions else synthesize_math
    foreground.set(stop)
    try:
        state: State[Any] = await flow(config, run_id, return_state=True)
        if state.is_failed() or state.is_crashed():
            await state.aresult()
    except GONE as error:
        console(stderr=True).print(plain(f"Prefect went away ({error!r}); the store has what was drawn"))
    return stop.signal
