"""Registry of the workers of a run: each process has a row there, and renews it by heartbeats while it lives.

A worker without a heartbeat for `SILENCE_SECONDS` is dead, and any other one reaps it: its leases are free
again. On PostgreSQL the moments are the server's, so that the clocks of the workers do not matter.

A worker may be `alone`, and no other one joins the run then, nor does it join where there are others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from gristmill.db.moments import store_clock
from gristmill.db.runs import lock_run
from gristmill.db.tables.core import RunRow, table
from gristmill.db.tables.workers import LeaseRow, WorkerRow
from gristmill.db.workers.processes import ProcessIdentity, is_gone, this_process
from gristmill.sampling.errors import ConfigError, UnavailableError
from gristmill.sampling.records import RunState

SILENCE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Worker:
    """One process at work on one run; `id` is of this one time."""

    id: str
    run_id: str
    alone: bool
    identity: ProcessIdentity


@dataclass(frozen=True, slots=True)
class WorkerSeen:
    """A worker as others see it: when it came, how long it was silent, how many problems it has leased."""

    worker: Worker
    started_at: datetime
    silent_seconds: float
    leases: int

    @property
    def name(self) -> str:
        """Host and number of the process, for people."""
        identity = self.worker.identity
        return f"{identity.host.partition(' ')[0]}, process {identity.process.partition(' ')[0]}"


def this_worker(run_id: str, *, alone: bool) -> Worker:
    """A new one, of this process, which has not joined yet."""
    return Worker(uuid4().hex, run_id, alone, this_process())


def join(session: Session, worker: Worker) -> bool:
    """Whether it is the first, and nobody else is at work on the run. For a writing session.

    Raises ConfigError where another process is at work and the two do not go together, DataError where there
    is no such run.
    """
    lock_run(session, worker.run_id)
    reap(session, worker.run_id)
    others = workers_of(session, worker.run_id)
    in_the_way = others if worker.alone else [other for other in others if other.worker.alone]
    if in_the_way:
        raise ConfigError(_refusal(worker.run_id, in_the_way))
    moment = store_clock(session)
    row = {
        "id": worker.id,
        "run_id": worker.run_id,
        "alone": worker.alone,
        "draws": False,
        "host": worker.identity.host,
        "process": worker.identity.process,
        "started_at": moment,
        "expires_at": moment + timedelta(seconds=SILENCE_SECONDS),
    }
    session.execute(table(WorkerRow).insert(), [row])
    return not others


def heartbeat(session: Session, worker: Worker, *, draws: bool = False) -> bool:
    """Renews the worker's row. False: it was reaped, and what it had leased may be another's. One that
    `draws` is counted where problems are shared out from then on.
    """
    later = store_clock(session) + timedelta(seconds=SILENCE_SECONDS)
    statement = update(table(WorkerRow)).where(WorkerRow.id == worker.id).values(expires_at=later)
    if draws:
        statement = statement.values(draws=True)
    return session.execute(statement.returning(WorkerRow.id)).one_or_none() is not None


def leave(session: Session, worker: Worker) -> bool:
    """Gives back all that it has leased; whether it was the last. What the last one leaves `running` was
    interrupted.
    """
    lock_run(session, worker.run_id)
    reap(session, worker.run_id)
    # An exchange of this worker that is not over yet has its row: what it leases is to be seen here.
    session.execute(select(WorkerRow.id).where(WorkerRow.id == worker.id).with_for_update())
    _remove(session, [worker.id])
    if workers_of(session, worker.run_id):
        return False
    session.execute(
        update(table(RunRow))
        .where(RunRow.id == worker.run_id, RunRow.state == RunState.RUNNING)
        .values(state=RunState.INTERRUPTED, updated_at=store_clock(session))
    )
    return True


def reap(session: Session, run_id: str) -> None:
    """Removes the dead of a run. Of several that do so at once each takes others, and the living are not held
    up: their rows are looked at, and not locked.
    """
    moment = store_clock(session)
    rows = session.execute(
        select(WorkerRow.id, WorkerRow.host, WorkerRow.process).where(WorkerRow.run_id == run_id)
    ).all()
    gone = [row.id for row in rows if is_gone(ProcessIdentity(row.host, row.process))]
    dead = session.scalars(
        select(WorkerRow.id)
        .where(WorkerRow.run_id == run_id, or_(WorkerRow.expires_at < moment, WorkerRow.id.in_(gone)))
        .with_for_update(skip_locked=True)
    ).all()
    if dead:
        _remove(session, dead)


def workers_of(session: Session, run_id: str) -> list[WorkerSeen]:
    """Those that were not reaped yet, in the order in which they joined."""
    moment = store_clock(session)
    rows = session.execute(
        select(table(WorkerRow), func.count(LeaseRow.problem_id).label("leases"))
        .outerjoin(LeaseRow, LeaseRow.worker_id == WorkerRow.id)
        .where(WorkerRow.run_id == run_id)
        .group_by(*table(WorkerRow).columns)
        .order_by(WorkerRow.started_at, WorkerRow.id)
    )
    return [
        WorkerSeen(
            Worker(row.id, row.run_id, row.alone, ProcessIdentity(row.host, row.process)),
            row.started_at,
            max(0.0, SILENCE_SECONDS - (row.expires_at - moment).total_seconds()),
            row.leases,
        )
        for row in rows
    ]


def reaped_error(worker: Worker) -> UnavailableError:
    """To be raised where a worker finds that it was reaped."""
    return UnavailableError(
        f"run {worker.run_id}: this process gave no sign of life for {SILENCE_SECONDS:.0f} s, and others "
        "took it for dead; what it drew is kept: start it again",
        kind="taken-for-dead",
    )


def _remove(session: Session, worker_ids: Sequence[str]) -> None:
    session.execute(delete(table(LeaseRow)).where(LeaseRow.worker_id.in_(worker_ids)))
    session.execute(delete(table(WorkerRow)).where(WorkerRow.id.in_(worker_ids)))


def _refusal(run_id: str, others: Sequence[WorkerSeen]) -> str:
    seen = "; ".join(f"{other.name}, heard of {other.silent_seconds:.0f} s ago" for other in others)
    return (
        f"run {run_id} is being worked on by another process ({seen}), and has one at a time on SQLite, "
        "under a budget and in a top-up: let it finish, or end it and try again"
    )
