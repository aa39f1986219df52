"""The phase that takes instructions: those accepted become the run's problems, in the mix asked for."""

from operator import attrgetter

from gristmill.db.candidates import made_problems
from gristmill.db.problems import add_problems, run_problems
from gristmill.db.runs import mark_run
from gristmill.db.sessions import Engine, reading, writing
from gristmill.runs.run_ids import instruction_run_id
from gristmill.runs.settings.run import RunConfig
from gristmill.sampling.balance import balanced
from gristmill.sampling.errors import DataError
from gristmill.sampling.records import RunState


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
    with writing(engine, into_file=True) as session:
        if not config.instructions.responses:
            mark_run(session, run_id, RunState.FINISHED, elapsed_seconds=0.0)
        held = len(run_problems(session, run_id))
        if held:
            return held
        shares = config.instructions.shares()
        chosen = balanced(made, attrgetter("level"), shares, config.run.seed or 0) if shares else made
        return add_problems(session, run_id, chosen, {})
