"""A job of the command line as the parameters of a deployment's run, so that either goes on with the other's
run.
"""

from gristmill.cli.options import by_section
from gristmill.cli.run import run
from gristmill.runs.settings.recipe import run_config
from tests.support.children import RUN, Job

Parameters = dict[str, object]


def parameters_of(job: Job, run_id: str | None = RUN) -> Parameters:
    """What the command would run, whole. `run_id` None: the flow names its run itself."""
    arguments = job.arguments()[1:]  # without the name of the command
    flags = run.make_context("run", arguments).params
    config = run_config(flags["recipe"], by_section(flags))
    return {"config": config.model_dump(mode="json"), "run_id": run_id}
