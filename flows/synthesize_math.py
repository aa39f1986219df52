"""The flow of the math mill: load, sample, measure, summarise, each phase a task of one Prefect flow run."""

from contextlib import nullcontext

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Cancelled, Completed

from flows.cost import prices_of
from flows.phases import foreground, load, measure_run, sample_run, summarise
from flows.run_config import RunConfig
from flows.run_names import fresh_run_id
from flows.serving import Serving
from flows.signals import stop_on_signals
from sampling.records import RunState


@flow(name="synthesize-math")
async def synthesize_math(config: RunConfig, run_id: str | None = None) -> State[str]:
    """Brings every problem to its quota. `run_id` names a new run, or one to go on with."""
    stop = foreground.get()
    with stop_on_signals(stop) if stop else nullcontext():  # here: Prefect has set its own handlers by now
        return await _phases(config, run_id or fresh_run_id(config.recipe))


async def _phases(config: RunConfig, run_id: str) -> State[str]:
    async with Serving() as serving:
        prepared = await load(config, run_id, serving)
        if prepared is None:
            return Cancelled(message=f"{run_id} was stopped before it began")
        report = await sample_run(prepared.run_id, prepared.config, serving)
    if report.state is RunState.FINISHED and prepared.config.selection.wanted:
        await measure_run(prepared.run_id, prepared.config)
    await summarise(prepared.run_id, prices_of(prepared.config.run))
    if report.state is RunState.FINISHED:
        return Completed(message=prepared.run_id, data=prepared.run_id)
    return Cancelled(
        message=f"{prepared.run_id} was interrupted; it goes on under its id", data=prepared.run_id
    )
