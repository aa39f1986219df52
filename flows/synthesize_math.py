"""The flow `synthesize-math`: load, sample, measure, summarise, each phase a task of one Prefect flow run.

With several workers the run is loaded here and drawn elsewhere, by runs of the deployment `work/work`.
"""

from functools import partial
from typing import Annotated

from prefect import flow
from prefect.client.schemas.objects import State
from pydantic import Field

from gristmill.flows.forms import RunForm
from gristmill.flows.lifecycle import RunId, synthesize
from gristmill.flows.tasks import run_phases
from gristmill.flows.workers import MOST_WORKERS, run_phases_with_workers


@flow(name="synthesize-math")
async def synthesize_math(
    config: RunForm,
    run_id: RunId | None = None,
    workers: Annotated[int, Field(ge=1, le=MOST_WORKERS)] = 1,
) -> State[str]:
    """Brings every problem to its quota.

    Args:
        config: What is drawn, for which problems, and how it is judged.
        run_id: Name of a new run, or of one to go on with; unset, it is made of the deployment's name and
            the moment that the run was due.
        workers: Processes that draw, as runs of the deployment work/work, on a store in PostgreSQL.
    """
    phases = partial(run_phases, config)
    if workers > 1:
        phases = partial(run_phases_with_workers, config, workers)
    return await synthesize(config, run_id, phases)
