"""Leases of problems: the open problems of a run, shared out among the workers that draw for it.

Two workers never hold one problem: the key of the table says who came first, and rows that another one is
looking at are passed over (`FOR UPDATE SKIP LOCKED`). A worker takes what is its fair share of all that is
open; what it has beyond that it is to give back while it has nothing out for it, so that one who comes later,
or was quicker, gets work.

What a problem has come to is read after the lease is had: all that an earlier worker recorded is seen then.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil

from sqlalchemy import delete, exists, func, select
from sqlalchemy.orm import Session

from gristmill.db.attempts import progress
from gristmill.db.inserts import insert_new
from gristmill.db.problems import chunks
from gristmill.db.tables.core import RunProblemRow, table
from gristmill.db.tables.workers import LeaseRow, WorkerRow
from gristmill.db.workers.registry import Worker, heartbeat, reap, reaped_error
from gristmill.sampling.records import Progress

MOST_AT_ONCE = 20_000
"""Leases taken in one transaction: that is about a second."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """`open`: problems of the run without a stop. `workers` draw, this one included. `elsewhere`: others have
    leased problems, whether these stopped or not. `taken` is new to this worker.
    """

    open: int
    workers: int
    elsewhere: bool
    taken: Mapping[str, Progress] = field(default_factory=dict)

    @property
    def fair_share(self) -> int:
        """Open problems for each worker, rounded up."""
        return ceil(self.open / max(1, self.workers))

    @property
    def over(self) -> bool:
        """Whether nothing is open, and nobody has anything under way."""
        return self.open == 0 and not self.elsewhere


def exchange(
    session: Session,
    worker: Worker,
    *,
    give: Sequence[str],
    held: int,
    known: Collection[str] | None = None,
) -> Exchange:
    """Gives back the problems of `give`, and takes what is missing to a fair share where it `held` so many
    open ones without these. It is a sign of life, too.

    After an exchange whose end was not heard of, `known` are all problems that the worker knows to hold: what
    it has leased besides is `taken` as well.

    Raises UnavailableError where others took this worker for dead.
    """
    run_id = worker.run_id
    if not heartbeat(session, worker, draws=True):
        raise reaped_error(worker)
    reap(session, run_id)
    give_back(session, worker, give)
    seen = look(session, worker)
    wanted = min(seen.fair_share - held, MOST_AT_ONCE)
    taken = [] if known is None else [id_ for id_ in leases_of(session, worker) if id_ not in known]
    taken += take(session, worker, wanted - len(taken)) if wanted > len(taken) else []
    found = progress(session, run_id, taken) if taken else {}
    return Exchange(seen.open, seen.workers, seen.elsewhere, found)


def look(session: Session, worker: Worker) -> Exchange:
    """How the run stands, with nothing given or taken."""
    run_id = worker.run_id
    still_open = select(func.count()).select_from(RunProblemRow)
    workers = select(func.count()).select_from(WorkerRow)
    others = exists().where(LeaseRow.run_id == run_id, LeaseRow.worker_id != worker.id)
    return Exchange(
        open=session.execute(
            still_open.where(RunProblemRow.run_id == run_id, RunProblemRow.stop_reason.is_(None))
        ).scalar_one(),
        workers=session.execute(
            workers.where(WorkerRow.run_id == run_id, WorkerRow.draws.is_(True))
        ).scalar_one(),
        elsewhere=session.execute(select(others)).scalar_one(),
    )


def take(session: Session, worker: Worker, most: int) -> list[str]:
    """Leases up to so many open problems that nobody has, in the order of the run; fewer where others were
    quicker.
    """
    leased = exists().where(
        LeaseRow.run_id == RunProblemRow.run_id, LeaseRow.problem_id == RunProblemRow.problem_id
    )
    free = session.scalars(
        select(RunProblemRow.problem_id)
        .where(RunProblemRow.run_id == worker.run_id, RunProblemRow.stop_reason.is_(None), ~leased)
        .order_by(RunProblemRow.position)
        .limit(most)
        .with_for_update(of=RunProblemRow, skip_locked=True, key_share=True)
    ).all()
    rows = [{"run_id": worker.run_id, "problem_id": id_, "worker_id": worker.id} for id_ in free]
    for chunk in chunks(rows):
        insert_new(session, table(LeaseRow), chunk)
    # One that was leased between the look and the lock is another's: only what is ours now counts.
    ours = set(leases_of(session, worker))
    return [id_ for id_ in free if id_ in ours]


def give_back(session: Session, worker: Worker, problem_ids: Sequence[str]) -> None:
    """What was recorded of them must be committed, or be so with this."""
    for chunk in chunks(problem_ids):
        mine = (LeaseRow.worker_id == worker.id, LeaseRow.problem_id.in_(chunk))
        session.execute(delete(table(LeaseRow)).where(*mine))


def leases_of(session: Session, worker: Worker) -> list[str]:
    """The problems that a worker has leased, in no order."""
    return list(session.scalars(select(LeaseRow.problem_id).where(LeaseRow.worker_id == worker.id)))
