"""Checks of a run's configuration that need neither its store nor its generator."""

from gristmill.runs.names import instruction_run_id, is_instruction_run
from gristmill.runs.settings.judge import check_judge
from gristmill.runs.settings.run import RunConfig
from gristmill.sampling.errors import ConfigError
from gristmill.verifiers.metrics import check_metric
from gristmill.verifiers.metrics.bounds import read_bound


def refuse_instruction_run(run_id: str, config: RunConfig) -> None:
    """Raises ConfigError for the run that makes another one's instructions, which goes on with that one."""
    if config.makes_instructions and is_instruction_run(run_id):
        whole = run_id.removesuffix(instruction_run_id(""))
        raise ConfigError(f"{run_id} makes the instructions of run {whole}: go on with that one, by its id")


def check_texts(config: RunConfig) -> None:
    """Raises ConfigError for a rubric that is missing, and for a metric whose package is."""
    if config.verifier.verifier == "rubric":
        check_judge(config.judge)
    for name in (*(read_bound(bound).name for bound in config.verifier.bounds), *config.selection.wanted):
        check_metric(name)
