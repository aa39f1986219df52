"""The flow of the instruction mill: two samplings one after the other, of instructions and of responses to
them.

Load, make, take, sample, measure, summarise: each phase a task of one Prefect flow run. A run that goes on
does what is missing: one whose instructions are all made asks for none.
"""

from contextlib import nullcontext

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Cancelled, Completed

from flows.cost import prices_of
from flows.phases import (
    foreground,
    load,
    make,
    measure_run,
    report_instructions,
    sample_run,
    summarise,
    take,
)
from flows.run_config import RunConfig
from flows.run_names import fresh_run_id
from flows.serving import Serving
from flows.signals import stop_on_signals
from sampling.pipeline import PipelineReport
from sampling.records import RunState


@flow(name="synthesize-instructions")
async def synthesize_instructions(config: RunConfig, run_id: str | None = None) -> State[str]:
    """Makes instructions, then brings each to its quota. `run_id` names a new run, or one to go on with."""
    stop = foreground.get()
    with stop_on_signals(stop) if stop else nullcontext():  # here: Prefect has set its own handlers by now
        return await _phases(config, run_id or fresh_run_id(config.recipe))


async def _phases(config: RunConfig, run_id: str) -> State[str]:
    async with Serving() as serving:
        prepared = await load(config, run_id, serving)
        if prepared is None:
            return Cancelled(message=f"{run_id} was stopped before it began")
        report = await _samplings(run_id, prepared.config, serving)
    if report.state is RunState.FINISHED and prepared.config.selection.wanted:
        await measure_run(run_id, prepared.config)
    await report_instructions(run_id)
    await summarise(run_id, prices_of(prepared.config.run))
    if report.state is RunState.FINISHED:
        return Completed(message=run_id, data=run_id)
    return Cancelled(message=f"{run_id} was interrupted; it goes on under its id", data=run_id)


async def _samplings(run_id: str, config: RunConfig, serving: Serving) -> PipelineReport:
    """Of instructions, then of responses; an interrupted first one has no second."""
    report = await make(run_id, config, serving)
    if report.state is not RunState.FINISHED:
        return report
    await take(run_id, config)
    if not config.instructions.responses:
        return report
    return await sample_run(run_id, config, serving)
