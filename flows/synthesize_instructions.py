"""The flow of the instruction mill: two samplings one after the other, of instructions and of responses to
them.

Load, make, take, sample, measure, summarise: each phase a task of one Prefect flow run. A run that goes on
does what is missing: one whose instructions are all made asks for none.
"""

from functools import partial

from prefect import flow
from prefect.client.schemas.objects import State

from gristmill.flows.forms import RunForm
from gristmill.flows.synthesis import RunId, run_phases, synthesize
from gristmill.flows.tasks import make, sample_run, take
from gristmill.runs.generators import Generators
from gristmill.runs.prepare import Prepared
from gristmill.sampling.records import RunState


@flow(name="synthesize-instructions")
async def synthesize_instructions(config: RunForm, run_id: RunId | None = None) -> State[str]:
    """Makes instructions, then brings each to its quota.

    Args:
        config: What is made and drawn, and how it is judged.
        run_id: Name of a new run, or of one to go on with; unset, it is made of the deployment's name and
            the moment that the run was due.
    """
    return await synthesize(config, run_id, partial(run_phases, config, _samplings))


async def _samplings(prepared: Prepared, generators: Generators) -> RunState:
    """Of instructions, then of responses; an interrupted first one has no second."""
    run_id, config = prepared.run_id, prepared.config
    made = await make(run_id, config, generators)
    if made.state is not RunState.FINISHED:
        return made.state
    await take(run_id, config)
    if not config.instructions.responses:
        return made.state
    return (await sample_run(run_id, config, generators)).state
