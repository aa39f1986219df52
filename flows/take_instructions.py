"""Between the two samplings: what was made becomes the problems of the run, in the mix that is asked for."""

from operator import attrgetter

from db.candidates import made_problems
from db.problems import add_problems, run_problems
from db.runs import mark_run
from db.sessions import Engine, reading, writing
from flows.run_config import RunConfig
from flows.run_names import instruction_run_id
from sampling.balance import balanced
from sampling.errors import DataError
from sampling.records import RunState


def take_instructions(engine: Engine, run_id: str, config: RunConfig) -> int:
    """Returns how many problems the run has now. One that has some already is left as it is; a run that
    is to have no responses is finished by this.

    Raises DataError where no instruction was accepted, and marks the run as failed.
    """
    made_by = instruction_run_id(run_id)
    with reading(engine) as session:
        made = made_problems(session, made_by)
    if not made:
        message = (
            f"no instruction was accepted: `gristmill status {run_id}` says why; leave --run-id out to start "
            "anew with other settings"
        )
        with writing(engine) as session:
            mark_run(session, run_id, RunState.FAILED, elapsed_seconds=0.0, message=message)
        raise DataError(message)
    with writing(engine) as session:
        if not config.instructions.responses:
            mark_run(session, run_id, RunState.FINISHED, elapsed_seconds=0.0)
        held = len(run_problems(session, run_id))
        if held:
            return held
        shares = config.instructions.shares()
        chosen = balanced(made, attrgetter("level"), shares, config.run.seed or 0) if shares else made
        return add_problems(session, run_id, chosen, {})
