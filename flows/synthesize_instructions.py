"""The flow `synthesize-instructions`: instructions are made, then responses to them.

Load, make, take, sample, measure, summarise: each phase a task of one Prefect flow run. A run that goes on
does what is missing: one whose instructions are all made asks for none.
"""

from functools import partial

from prefect import flow
from prefect.client.schemas.objects import State

from gristmill.flows.forms import RunForm
from gristmill.flows.lifecycle import RunId, synthesize
from gristmill.flows.tasks import run_phases


@flow(name="synthesize-instructions")
async def synthesize_instructions(config: RunForm, run_id: RunId | None = None) -> State[str]:
    """Makes instructions, then brings each to its quota.

    Args:
        config: What is made and drawn, and how it is judged.
        run_id: Name of a new run, or of one to go on with; unset, it is made of the deployment's name and
            the moment that the run was due.
    """
    return await synthesize(config, run_id, partial(run_phases, config))
