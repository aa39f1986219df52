"""Whose stops count in a run that is shared, and what one that leaves in the middle of it leaves behind."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Engine, func, select

from gristmill.db.attempts import record
from gristmill.db.sessions import reading
from gristmill.db.tables.workers import LeaseRow, WorkerRow
from gristmill.db.tallies import problem_tallies
from gristmill.db.workers.leases import exchange
from gristmill.db.workers.registry import SILENCE_SECONDS, Worker, leave, reap
from gristmill.sampling.records import Stop, StopReason
from tests.db.samples import RUN, commit, read
from tests.db.stored_workers import IDS, joined, leased, silent_for
from tests.db.writers import SECONDS, held

MET = [Stop(id_, StopReason.QUOTA_MET, 1, 9) for id_ in IDS[:2]]


def tell(engine: Engine, worker: Worker, stops: list[Stop]) -> None:
    commit(engine, record, RUN, [], [], stops, worker_id=worker.id)


def stopped(engine: Engine) -> list[str]:
    return [row.problem_id for row in read(engine, problem_tallies, RUN) if row.stop_reason is not None]


def test_a_stop_counts_from_the_one_that_has_leased_the_problem_and_from_nobody_else(begun: Engine) -> None:
    one, other = joined(begun), joined(begun)
    leased(begun, one, 1)
    leased(begun, other, 1)
    tell(begun, one, MET)
    assert stopped(begun) == IDS[:1]


def test_one_that_was_reaped_does_not_open_what_others_have_stopped(begun: Engine) -> None:
    sleeper = joined(begun)
    leased(begun, sleeper)
    tell(begun, sleeper, MET)
    silent_for(begun, sleeper, SILENCE_SECONDS + 1)
    commit(begun, reap, RUN)
    tell(begun, sleeper, [Stop(id_, None, 1, 9) for id_ in IDS])
    assert stopped(begun) == IDS[:2]


def test_one_that_leaves_in_the_middle_of_an_exchange_leaves_nothing_behind(
    postgres: Engine, threads: ThreadPoolExecutor
) -> None:
    worker = joined(postgres)

    def gone() -> bool:
        return commit(postgres, leave, worker)

    with held(threads, postgres, lambda session: exchange(session, worker, give=[], held=0)):
        leaving = threads.submit(gone)
    assert leaving.result(SECONDS)
    with reading(postgres) as session:
        for row in (LeaseRow, WorkerRow):
            assert session.scalar(select(func.count()).select_from(row)) == 0
