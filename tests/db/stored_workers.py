"""Workers of a run in a store for tests: joined, silent, or of another machine."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Engine, select, text, update

from gristmill.db.runs import find_run
from gristmill.db.sessions import reading, writing
from gristmill.db.tables.core import table
from gristmill.db.tables.workers import LeaseRow, WorkerRow
from gristmill.db.workers.leases import Exchange, exchange, take
from gristmill.db.workers.processes import ProcessIdentity, this_process
from gristmill.db.workers.registry import Worker, join, this_worker, workers_of
from gristmill.sampling.records import RunState
from tests.db.samples import RUN, a_problem, commit, read

IMPATIENT = text("SET LOCAL lock_timeout = '5s'")
"""On PostgreSQL: who waits so long for another one's lock waits for ever."""

COUNT = 24
PROBLEMS = [a_problem(number) for number in range(COUNT)]
IDS = [problem.id for problem in PROBLEMS]
ELSEWHERE = ProcessIdentity("gpu-7 some-boot pid:[1]", "4711 99")


def a_worker(*, alone: bool = False, identity: ProcessIdentity | None = None, run_id: str = RUN) -> Worker:
    return replace(this_worker(run_id, alone=alone), identity=identity or this_process())


def joined(
    engine: Engine, *, alone: bool = False, identity: ProcessIdentity | None = None, run_id: str = RUN
) -> Worker:
    worker = a_worker(alone=alone, identity=identity, run_id=run_id)
    commit(engine, join, worker)
    return worker


def at_work(engine: Engine) -> list[Worker]:
    return [seen.worker for seen in read(engine, workers_of, RUN)]


def silent_for(engine: Engine, worker: Worker, seconds: float) -> None:
    """As if its last sign of life had come so long ago."""
    with writing(engine) as session:
        expires_at = session.scalars(select(WorkerRow.expires_at).where(WorkerRow.id == worker.id)).one()
        earlier = expires_at - timedelta(seconds=seconds)
        session.execute(update(table(WorkerRow)).where(WorkerRow.id == worker.id).values(expires_at=earlier))


def leased(engine: Engine, worker: Worker, most: int = COUNT) -> list[str]:
    with writing(engine) as session:
        if engine.dialect.name == "postgresql":
            session.execute(IMPATIENT)
        return take(session, worker, most)


def state(engine: Engine) -> RunState:
    record = read(engine, find_run, RUN)
    assert record is not None
    return record.state


def exchanged(engine: Engine, worker: Worker, give: list[str] | None = None, held: int = 0) -> Exchange:
    with writing(engine) as session:
        if engine.dialect.name == "postgresql":
            session.execute(IMPATIENT)
        return exchange(session, worker, give=give or [], held=held)


def held_by(engine: Engine) -> dict[str, str]:
    """Worker by problem."""
    with reading(engine) as session:
        return {row.problem_id: row.worker_id for row in session.execute(select(table(LeaseRow)))}
