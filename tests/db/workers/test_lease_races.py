"""Sessions that lease at the same time: no problem to two, none to nobody, and no one waits for another."""

import random
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Engine, func, select, text

from gristmill.db.attempts import record
from gristmill.db.sessions import Session, reading, writing
from gristmill.db.tables.core import RunProblemRow
from gristmill.db.workers.leases import exchange, give_back, look, take
from gristmill.db.workers.registry import Worker, leave
from gristmill.sampling.records import Stop, StopReason
from tests.db.samples import RUN, an_attempt, commit, read
from tests.db.stored_workers import COUNT, IDS, IMPATIENT, PROBLEMS, exchanged, held_by, joined, leased
from tests.db.writers import SECONDS, held, until_blocked


def stopped(session: Session, *problem_ids: str) -> None:
    record(session, RUN, [], [], [Stop(id_, StopReason.QUOTA_MET, 1, 9) for id_ in problem_ids])


def test_two_sessions_that_are_open_at_once_get_different_problems_and_do_not_wait(
    postgres: Engine, threads: ThreadPoolExecutor
) -> None:
    one, other = joined(postgres), joined(postgres)
    with held(threads, postgres, lambda session: take(session, one, 10)):
        assert leased(postgres, other) == IDS[10:]
    assert leased(postgres, one) == []
    assert Counter(held_by(postgres).values()) == {one.id: 10, other.id: COUNT - 10}


def test_many_sessions_at_once_get_every_problem_once(begun: Engine, threads: ThreadPoolExecutor) -> None:
    workers = [joined(begun) for _ in range(6)]
    for _ in range(10):
        barrier = threading.Barrier(len(workers))

        def until_none_is_left(worker: Worker, barrier: threading.Barrier = barrier) -> list[str]:
            got: list[str] = []
            barrier.wait(SECONDS)
            while new := leased(begun, worker, 3):
                got += new
            return got

        results = [threads.submit(until_none_is_left, worker) for worker in workers]
        shares = [result.result(SECONDS) for result in results]
        everything = [id_ for share in shares for id_ in share]
        # One that another session looked at when it was passed over may be left for the next turn.
        everything += leased(begun, workers[0])
        assert sorted(everything) == sorted(IDS)
        with writing(begun) as session:
            for worker in workers:
                give_back(session, worker, IDS)


def test_one_that_was_leased_between_the_look_and_the_lock_is_anothers(
    postgres: Engine, threads: ThreadPoolExecutor
) -> None:
    """The snapshot of the look is older than the other's commit, and the lock is free again."""
    one, other = joined(postgres), joined(postgres)
    with postgres.connect() as blocker:  # holds up the second statement of `other`, not its first
        blocker.execute(text("LOCK TABLE leases IN SHARE ROW EXCLUSIVE MODE"))
        racing = threads.submit(leased, postgres, other, COUNT)
        until_blocked(postgres, racing)
        blocker.execute(
            text("INSERT INTO leases (run_id, problem_id, worker_id) VALUES (:run, :problem, :worker)"),
            [{"run": RUN, "problem": id_, "worker": one.id} for id_ in IDS[:7]],
        )
        blocker.commit()
        assert racing.result(SECONDS) == IDS[7:]
    assert Counter(held_by(postgres).values()) == {one.id: 7, other.id: COUNT - 7}


def test_what_is_being_given_back_is_not_waited_for(postgres: Engine, threads: ThreadPoolExecutor) -> None:
    one, other = joined(postgres), joined(postgres)
    leased(postgres, one, 10)
    with held(threads, postgres, lambda session: give_back(session, one, IDS[:10])):
        assert leased(postgres, other) == IDS[10:]
    assert leased(postgres, other) == IDS[:10]


def test_what_the_former_one_commits_while_another_waits_for_its_lease_is_seen(
    postgres: Engine, threads: ThreadPoolExecutor
) -> None:
    """The attempts come to be seen after the transaction that takes the lease has begun."""
    former, worker = joined(postgres), joined(postgres)
    leased(postgres, former)
    with writing(postgres) as session:
        session.execute(select(func.now()))
        look(session, worker)

        def drawn_and_left() -> None:
            with writing(postgres) as other:
                record(other, RUN, [an_attempt(PROBLEMS[0], 0)], [], [])
            with writing(postgres) as other:
                give_back(other, former, IDS)

        threads.submit(drawn_and_left).result(SECONDS)
        assert exchange(session, worker, give=[], held=0).taken[IDS[0]].next_number == 1


def test_two_exchanges_at_once_do_not_wait_for_each_other(
    postgres: Engine, threads: ThreadPoolExecutor
) -> None:
    one, other = joined(postgres), joined(postgres)
    for worker in (one, other):
        exchanged(postgres, worker, held=COUNT)  # both draw from here on
    with held(threads, postgres, lambda session: exchange(session, one, give=[], held=0)):
        assert list(exchanged(postgres, other).taken) == IDS[12:]


def test_a_stop_is_recorded_beside_an_exchange(postgres: Engine, threads: ThreadPoolExecutor) -> None:
    one, other = joined(postgres), joined(postgres)
    leased(postgres, one, 3)

    def stop() -> None:
        with writing(postgres) as session:
            session.execute(IMPATIENT)
            stopped(session, *IDS[:3])

    with held(threads, postgres, lambda session: exchange(session, other, give=[], held=0)):
        threads.submit(stop).result(SECONDS)
    assert read(postgres, look, one).open == COUNT - 3


def test_workers_that_exchange_at_random_never_hold_one_problem_twice_nor_wait_in_a_ring(
    postgres: Engine, threads: ThreadPoolExecutor
) -> None:
    """Each draws one attempt for each problem that it gets, under the number that comes next, and gives some
    of them back. Were a problem another's, a number would be met twice, and passed over.
    """
    barrier, drawn = threading.Barrier(4), Counter[tuple[str, int]]()
    guard = threading.Lock()

    def work(seed: int) -> None:
        chance, worker, mine = random.Random(seed), joined(postgres), dict[str, int]()
        barrier.wait(SECONDS)
        give: list[str] = []
        for _ in range(25):
            seen = commit(postgres, exchange, worker, give=give, held=len(mine))
            mine |= {id_: known.next_number for id_, known in seen.taken.items()}
            with guard:
                drawn.update(mine.items())
            with writing(postgres) as session:
                by_id = {problem.id: problem for problem in PROBLEMS}
                record(session, RUN, [an_attempt(by_id[id_], n) for id_, n in mine.items()], [], [])
            mine = {id_: number + 1 for id_, number in mine.items()}
            give = chance.sample(sorted(mine), chance.randint(0, len(mine)))
            mine = {id_: number for id_, number in mine.items() if id_ not in give}
        commit(postgres, leave, worker)

    for result in [threads.submit(work, seed) for seed in range(4)]:
        result.result(SECONDS)
    assert max(drawn.values()) == 1
    assert len({id_ for id_, _ in drawn}) == COUNT
    assert held_by(postgres) == {}
    with reading(postgres) as session:
        assert session.scalar(select(func.count()).select_from(RunProblemRow)) == COUNT
