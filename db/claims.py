"""One top-up at a time: a claim on a run that holds as long as its owner gives signs of life.

A claim is the state `running` with a moment that is renewed; one that was not renewed for `STALE_SECONDS` is
of a process that died, and whoever comes next takes it over. The moments are of the processes' own clocks:
machines whose clocks differ by more than that must not share a run.
"""

from datetime import timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from db.clock import now
from db.moments import moment_of_cut
from db.runs import RunRecord, find_run, lock_run
from db.tables import RunRow, table
from sampling.errors import ConfigError
from sampling.records import RunState

STALE_SECONDS = 60


def check_unclaimed(session: Session, run_id: str) -> RunRecord | None:
    """The run as it stands, None where there is none yet. For a writing session: until it ends nobody else
    gets through here for a run of this id. Raises ConfigError where another process is at work on it.
    """
    if find_run(session, run_id) is not None:
        lock_run(session, run_id)  # before the other lock, as all who take both do
    moment_of_cut(session, [run_id])
    record = find_run(session, run_id)
    if record is not None and record.state is RunState.RUNNING:
        silent = now() - record.updated_at
        if silent < timedelta(seconds=STALE_SECONDS):
            raise ConfigError(
                f"run {run_id} is being worked on by another process, which gave a sign of life "
                f"{max(0.0, silent.total_seconds()):.0f} s ago: let it finish, or end it and try again "
                f"{STALE_SECONDS} s later"
            )
    return record


def claim(session: Session, run_id: str) -> None:
    """Marks the run as being worked on, in the session of `check_unclaimed`."""
    session.execute(
        update(table(RunRow))
        .where(RunRow.id == run_id)
        .values(state=RunState.RUNNING, updated_at=now(), finished_at=None, message="")
    )


def renew_claim(session: Session, run_id: str) -> None:
    """A sign of life; changes nothing of a run that was marked since."""
    session.execute(
        update(table(RunRow))
        .where(RunRow.id == run_id, RunRow.state == RunState.RUNNING)
        .values(updated_at=now())
    )


def release_claim(session: Session, run_id: str) -> None:
    """What is still marked as being worked on was interrupted; any other mark stays."""
    session.execute(
        update(table(RunRow))
        .where(RunRow.id == run_id, RunRow.state == RunState.RUNNING)
        .values(state=RunState.INTERRUPTED, updated_at=now())
    )
