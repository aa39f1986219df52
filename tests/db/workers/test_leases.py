"""Problems shared out among workers, one exchange after the other: fair shares, and none left over."""

import pytest
from sqlalchemy import Engine

from gristmill.db.attempts import record
from gristmill.db.sessions import Session, writing
from gristmill.db.workers import leases
from gristmill.db.workers.leases import give_back, leases_of
from gristmill.db.workers.registry import SILENCE_SECONDS, leave
from gristmill.sampling.errors import UnavailableError
from gristmill.sampling.records import Outcome, Stop, StopReason, Tally
from tests.db.samples import RUN, an_attempt, commit, read, start_run
from tests.db.stored_workers import COUNT, IDS, PROBLEMS, exchanged, held_by, joined, leased, silent_for


def stopped(session: Session, *problem_ids: str) -> None:
    record(session, RUN, [], [], [Stop(id_, StopReason.QUOTA_MET, 1, 9) for id_ in problem_ids])


def test_problems_are_leased_in_the_order_of_the_run(begun: Engine) -> None:
    worker = joined(begun)
    assert leased(begun, worker, 5) == IDS[:5]
    assert leased(begun, worker, 100) == IDS[5:]
    assert leased(begun, worker) == []
    assert sorted(read(begun, leases_of, worker)) == sorted(IDS)


def test_what_has_stopped_or_is_of_another_run_is_not_leased(begun: Engine) -> None:
    start_run(begun, PROBLEMS[:3], "run-2")
    commit(begun, stopped, *IDS[:20])
    other = joined(begun, run_id="run-2")
    assert leased(begun, other) == IDS[:3]
    assert leased(begun, joined(begun)) == IDS[20:]


def test_what_is_anothers_cannot_be_given_back(begun: Engine) -> None:
    one, other = joined(begun), joined(begun)
    leased(begun, one, 4)
    commit(begun, give_back, other, IDS)
    assert held_by(begun) == dict.fromkeys(IDS[:4], one.id)
    with writing(begun) as session:
        give_back(session, one, IDS[:3])
        give_back(session, one, [])
    assert held_by(begun) == {IDS[3]: one.id}
    assert leased(begun, other, 4) == [*IDS[:3], IDS[4]]


def test_an_exchange_takes_a_fair_share_and_no_more(begun: Engine) -> None:
    one = joined(begun)
    first = exchanged(begun, one)
    assert (first.open, first.workers, first.elsewhere) == (COUNT, 1, 0)
    assert list(first.taken) == IDS
    other = joined(begun)
    second = exchanged(begun, other)
    assert (second.open, second.workers, second.elsewhere, second.fair_share) == (COUNT, 2, True, 12)
    assert not second.taken
    assert not exchanged(begun, one, give=IDS[12:], held=12).taken
    assert list(exchanged(begun, other).taken) == IDS[12:]


def test_shares_of_an_odd_number_leave_none_over(begun: Engine) -> None:
    workers = [joined(begun) for _ in range(5)]
    for worker in workers:
        assert not exchanged(begun, worker, held=COUNT).taken, "it only begins to draw"
    shares = [len(exchanged(begun, worker).taken) for worker in workers]
    assert shares == [5, 5, 5, 5, 4]


def test_what_is_given_with_an_exchange_may_come_back_with_it(begun: Engine) -> None:
    worker = joined(begun)
    exchanged(begun, worker)
    again = exchanged(begun, worker, give=IDS[:3], held=COUNT - 3)
    assert list(again.taken) == IDS[:3]


def test_an_exchange_takes_no_more_than_one_transaction_is_to_hold(
    begun: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "MOST_AT_ONCE", 10)
    worker = joined(begun)
    got = [len(exchanged(begun, worker, held=held).taken) for held in (0, 10, 20)]
    assert got == [10, 10, 4]


def test_an_exchange_is_refused_to_who_was_reaped_and_leases_nothing(begun: Engine) -> None:
    worker = joined(begun)
    commit(begun, leave, worker)
    with pytest.raises(UnavailableError) as told:
        exchanged(begun, worker)
    assert told.value.kind == "taken-for-dead"
    assert held_by(begun) == {}


def test_an_exchange_takes_over_from_the_dead(begun: Engine) -> None:
    dead, worker = joined(begun), joined(begun)
    leased(begun, dead)
    silent_for(begun, dead, SILENCE_SECONDS + 1)
    found = exchanged(begun, worker)
    assert (found.workers, found.elsewhere, list(found.taken)) == (1, 0, IDS)


def test_all_that_the_former_one_committed_is_seen_with_the_lease(begun: Engine) -> None:
    former, worker = joined(begun), joined(begun)
    leased(begun, former, 2)
    attempts = [an_attempt(PROBLEMS[0], 0), an_attempt(PROBLEMS[0], 2, Outcome.REJECTED)]
    commit(begun, record, RUN, attempts, [], [])
    commit(begun, leave, former)
    known = exchanged(begun, worker).taken
    assert known[IDS[0]].tally == Tally(1, 1, 0, 10)
    assert (known[IDS[0]].gaps, known[IDS[0]].next_number) == ((1,), 3)
    assert known[IDS[1]].next_number == 0


def test_a_run_is_over_when_nothing_is_open_and_nobody_else_holds_anything(begun: Engine) -> None:
    one, other = joined(begun), joined(begun)
    leased(begun, other, 1)
    seen = [exchanged(begun, one, held=COUNT)]
    commit(begun, stopped, *IDS)
    seen.append(exchanged(begun, one))
    commit(begun, give_back, other, IDS)
    seen.append(exchanged(begun, one))
    assert [found.over for found in seen] == [False, False, True]
