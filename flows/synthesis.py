"""What the flows of both mills do around their samplings: they begin, take turns, measure, tell, and end."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from prefect.client.schemas.objects import State
from prefect.states import Cancelled, Completed
from pydantic import Field

from gristmill.flows.flow_runs import RUN_ID_PATTERN, show_run_id
from gristmill.flows.lifecycle import goes_on, own_run_with_retries
from gristmill.flows.server_slots import SlotHoldingGenerators
from gristmill.flows.tasks import foreground, load, measure_run, report_instructions, summarise
from gristmill.reports.summary import prices_of
from gristmill.runs.cancellation import stop_on_signals
from gristmill.runs.generators import Generators
from gristmill.runs.names import fresh_run_id
from gristmill.runs.prepare import Prepared
from gristmill.runs.settings.run import RunConfig
from gristmill.sampling.records import RunState

RunId = Annotated[str, Field(pattern=RUN_ID_PATTERN)]
"""What a flow takes for the id of a run."""

Samplings = Callable[[Prepared, Generators], Awaitable[RunState]]
"""Draw for a run that is in the store, and say where it then stands."""

Phases = Callable[[str], Awaitable[State[str]]]
"""All of a run, by its id."""


async def synthesize(config: RunConfig, run_id: str | None, phases: Phases) -> State[str]:
    """In the terminal of a command, what ends the run is raised as it is, and nothing is tried again."""
    stop = foreground.get()
    if stop is not None:
        run_id = run_id or fresh_run_id(config.recipe)
        with stop_on_signals(stop):  # here: Prefect has set its own handlers by now
            await show_run_id(run_id)
            return await phases(run_id)
    return await own_run_with_retries(run_id, config.recipe, phases)


async def run_phases(config: RunConfig, samplings: Samplings, run_id: str) -> State[str]:
    """Load, sample, measure, summarise, each a task of the flow run."""
    async with SlotHoldingGenerators() as generators:
        prepared = await load(config, run_id, generators)
        if prepared is None:
            return Cancelled(message=f"{run_id} was stopped before it began")
        state = await samplings(prepared, generators)
    return await finish_run(prepared, state)


async def finish_run(prepared: Prepared, state: RunState) -> State[str]:
    """What came of a run: measured where that is wanted, shown, and as the state of the flow run."""
    run_id, config = prepared.run_id, prepared.config
    if state is RunState.FINISHED and config.selection.wanted:
        await measure_run(run_id, config)
    if config.makes_instructions:
        await report_instructions(run_id)
    await summarise(run_id, prices_of(config.run))
    if state is RunState.FINISHED:
        return Completed(message=run_id, data=run_id)
    return Cancelled(message=goes_on(run_id), data=run_id)
