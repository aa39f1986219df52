"""The flow of the math mill: load, sample, measure, summarise, each phase a task of one Prefect flow run.

With several workers the run is loaded here and drawn elsewhere, by runs of the deployment `work/work`.
"""

from functools import partial
from typing import Annotated

from prefect import flow
from prefect.client.schemas.objects import State
from pydantic import Field

from gristmill.flows.forms import RunForm
from gristmill.flows.synthesis import RunId, run_phases, synthesize
from gristmill.flows.tasks import sample_run
from gristmill.flows.workers import MOST_WORKERS, run_phases_with_workers
from gristmill.runs.generators import Generators
from gristmill.runs.prepare import Prepared
from gristmill.sampling.records import RunState


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
    phases = partial(run_phases, config, _sample)
    if workers > 1:
        phases = partial(run_phases_with_workers, config, workers)
    return await synthesize(config, run_id, phases)


async def _sample(prepared: Prepared, generators: Generators) -> RunState:
    return (await sample_run(prepared.run_id, prepared.config, generators)).state
