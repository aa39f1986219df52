"""Groups of attempts at one problem for a ledger to record, and the progress that the store then shows."""

from sqlalchemy import Engine

from gristmill.db.attempts import progress
from gristmill.sampling.records import Attempt, Progress, Tally
from tests.db.samples import RUN, a_problem, an_attempt, read

ONE = a_problem(1)


def group(size: int = 5) -> list[Attempt]:
    return [an_attempt(ONE, number) for number in range(size)]


def progress_of(engine: Engine) -> Progress:
    return read(engine, progress, RUN)[ONE.id]


def kept(accepted: int) -> Progress:
    return Progress(Tally(accepted=accepted, tokens=5 * accepted), next_number=accepted)
