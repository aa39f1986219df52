"""Running a flow here and now, in the terminal of a command."""

from typing import Any

from prefect.client.schemas.objects import State

from flows.phases import GONE, foreground
from flows.run_config import RunConfig
from flows.signals import StopRequest
from flows.synthesize_instructions import synthesize_instructions
from flows.synthesize_math import synthesize_math
from flows.tables import console, plain


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
