"""Several schedulers over one store in memory: leases come and go at random, workers die, draws fail."""

import random
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from gristmill.sampling.policy import Policy, PolicyName
from gristmill.sampling.problem_state import MOST_LOST
from gristmill.sampling.records import Outcome, Progress, StopReason, Tally
from gristmill.sampling.scheduler import Scheduler
from gristmill.sampling.shared_scheduler import SharedScheduler
from tests.sampling.brief_plans import draw_from
from tests.sampling.shared_store import MemoryStore, OneWorker

UNIFORM = Policy(PolicyName.UNIFORM, 2, 20)
MOST_ROUNDS = 400


def policies() -> st.SearchStrategy[Policy]:
    """Those that can be shared."""
    return st.builds(
        Policy,
        name=st.sampled_from([PolicyName.VANILLA, PolicyName.UNIFORM, PolicyName.PROP2DIFF]),
        quota=st.integers(1, 6),
        ceiling=st.integers(1, 20),
        probe=st.integers(1, 4),
    )


@given(
    policy=policies(),
    rates=st.lists(st.sampled_from([0.0, 0.2, 0.5, 0.9, 1.0]), min_size=1, max_size=8),
    count=st.integers(1, 4),
    seed=st.integers(0, 1_000_000),
    fail_rate=st.sampled_from([0.0, 0.0, 0.2]),
    lost_rate=st.sampled_from([0.0, 0.0, 0.3]),
    steps=st.integers(0, 300),
)
def test_whatever_is_leased_to_whom_no_number_is_drawn_twice_and_all_quotas_are_met(
    policy: Policy,
    rates: list[float],
    count: int,
    seed: int,
    fail_rate: float,
    lost_rate: float,
    steps: int,
) -> None:
    chance = random.Random(seed)
    ids = [str(place) for place in range(len(rates))]
    by_id = dict(zip(ids, rates, strict=True))
    store = MemoryStore(policy, ids)
    workers = [OneWorker(store, name) for name in range(count)]
    for _ in range(steps):
        place = chance.randrange(count)
        worker, action = workers[place], chance.random()
        if action < 0.4:
            worker.draw()
        elif action < 0.75:
            worker.land(chance, by_id, fail_rate, lost_rate)
        elif action < 0.95:
            worker.exchange(chance, most_given=chance.randint(0, 3), most_taken=chance.randint(0, 3))
        elif action < 0.98:
            worker.refresh()
        else:
            workers[place] = worker.die()
    _bring_to_an_end(store, workers, chance, by_id, lost_rate)
    _assert_all_is_met(store, has_failures=fail_rate > 0)


def _bring_to_an_end(
    store: MemoryStore,
    workers: list[OneWorker],
    chance: random.Random,
    rates: dict[str, float],
    lost_rate: float,
) -> None:
    for _ in range(MOST_ROUNDS):
        for worker in workers:
            worker.refresh()
            worker.exchange(chance, most_given=0, most_taken=len(store.ids))
            for _ in range(4):
                worker.draw()
            while worker.out:
                worker.land(chance, rates, 0.0, lost_rate)
        if not store.open and not store.leases:
            store.reconcile()
            if not store.open:
                return
    raise AssertionError(f"it does not end: {store.open} are open, leased are {store.leases}")


def _assert_all_is_met(store: MemoryStore, *, has_failures: bool) -> None:
    quotas = Scheduler(store.ids, store.policy, 1, store.progress(store.ids)).quotas()
    for id_ in store.ids:
        stored, stop = store.attempts.get(id_, {}), store.stops[id_]
        lost = len(store.lost.get(id_, ()))
        accepted = Counter(stored.values())[Outcome.ACCEPTED]
        if stop.reason is StopReason.QUOTA_MET:
            assert stop.quota == quotas[id_]
            assert stop.quota is not None
            assert accepted >= stop.quota
        elif stop.reason is StopReason.CEILING_REACHED:
            assert len(stored) + lost == store.policy.ceiling
        else:
            assert stop.reason is StopReason.FAILED
            assert has_failures or (not stored and lost == store.policy.ceiling) or lost >= MOST_LOST


def known(accepted: int = 0, rejected: int = 0) -> Progress:
    return Progress(Tally(accepted, rejected), next_number=accepted + rejected)


def held(scheduler: SharedScheduler, **problems: Progress) -> None:
    scheduler.take(problems)


def drawn(scheduler: SharedScheduler) -> list[tuple[str, int]]:
    return [(draw.problem_id, draw.number) for draw in iter(scheduler.next_draw, None)]


def test_at_first_it_holds_nothing_and_draws_nothing_but_expects_more() -> None:
    scheduler = SharedScheduler("abc", UNIFORM, 1)
    assert scheduler.next_draw() is None
    assert (scheduler.held_open, scheduler.expects_more, scheduler.ran_dry.is_set()) == (0, True, True)


def test_what_is_taken_goes_on_where_the_store_says() -> None:
    scheduler = SharedScheduler("abc", UNIFORM, 1)
    held(scheduler, b=Progress(Tally(rejected=2), gaps=(1,), next_number=3))
    assert [number for name, number in drawn(scheduler) if name == "b"][:3] == [1, 3, 4]


def test_what_was_let_go_is_drawn_no_more_not_even_to_complete_those_that_go_together() -> None:
    scheduler = SharedScheduler("ab", Policy(PolicyName.VANILLA, None, 9), 1, together=8)
    held(scheduler, a=known(rejected=1), b=known(rejected=1))
    draw = draw_from(scheduler)
    scheduler.complete(draw, Outcome.REJECTED, 1)
    scheduler.let_go([draw.problem_id])
    assert {name for name, _ in drawn(scheduler)} == {"a", "b"} - {draw.problem_id}


def test_what_has_a_draw_out_is_given_back_once_it_has_landed() -> None:
    scheduler = SharedScheduler("a", Policy(PolicyName.VANILLA, None, 2), 1)
    held(scheduler, a=known())
    assert (scheduler.spare(5), scheduler.stopped()) == (["a"], [])
    draw = draw_from(scheduler)
    scheduler.let_go(["a"])
    assert (scheduler.next_draw(), scheduler.landed(), scheduler.known) == (None, [], {"a"})
    scheduler.complete(draw, Outcome.REJECTED, 1)
    assert (scheduler.landed(), scheduler.landed(), scheduler.known) == (["a"], [], set())
    assert scheduler.drain_stops() == [], "what it comes to is the next one's to tell"


def test_what_is_done_is_not_given_out_before_the_last_of_its_draws_has_landed() -> None:
    scheduler = SharedScheduler("a", Policy(PolicyName.UNIFORM, 2, 9), 1)
    held(scheduler, a=known(accepted=1))
    draws = list(iter(scheduler.next_draw, None))
    assert len(draws) > 1
    for landed, draw in enumerate(draws, 1):
        scheduler.complete(draw, Outcome.ACCEPTED, 1)
        scheduler.let_go(scheduler.stopped())
        assert scheduler.landed() == (["a"] if landed == len(draws) else [])


def test_those_with_the_least_in_flight_are_spared_first_and_of_these_the_last_taken() -> None:
    scheduler = SharedScheduler("abcd", UNIFORM, 1)
    held(scheduler, a=known(), b=known())
    held(scheduler, c=known())
    assert scheduler.spare(2) == ["c", "b"]
    assert scheduler.spare(0) == scheduler.spare(-3) == []
    draw = draw_from(scheduler)
    assert scheduler.spare(3)[-1] == draw.problem_id


def test_it_ran_dry_when_nothing_is_left_to_draw_and_all_has_landed() -> None:
    scheduler = SharedScheduler("ab", Policy(PolicyName.VANILLA, None, 1), 1)
    held(scheduler, a=known())
    draw = draw_from(scheduler)
    assert scheduler.next_draw() is None
    assert not scheduler.ran_dry.is_set()
    scheduler.complete(draw, Outcome.REJECTED, 1)
    assert scheduler.next_draw() is None
    assert scheduler.ran_dry.is_set()


def test_what_others_hold_is_counted_and_never_told() -> None:
    scheduler = SharedScheduler("ab", UNIFORM, 1)
    scheduler.refresh({"a": known(accepted=2, rejected=3)})
    scheduler.refresh({"a": known(accepted=2, rejected=4)})
    assert (scheduler.totals.accepted, scheduler.totals.rejected) == (2, 4)
    assert scheduler.done_share == 0.5
    scheduler.close(finished=True)
    assert scheduler.drain_stops() == []


def test_a_refresh_leaves_what_is_held_or_has_draws_out_as_it_is() -> None:
    scheduler = SharedScheduler("ab", UNIFORM, 1)
    held(scheduler, a=known(), b=known())
    draw = draw_from(scheduler)
    scheduler.refresh({"a": known(accepted=9), "b": known(accepted=9)})
    assert scheduler.totals.attempts == 0
    scheduler.complete(draw, Outcome.ACCEPTED, 1)
    assert scheduler.totals.accepted == 1


def test_what_others_find_out_moves_the_quotas_here() -> None:
    """The hardest problem turns out easier: the others are then nearer to it, and are wanted more of. It is
    planned anew with the next response.
    """
    policy = Policy(PolicyName.PROP2DIFF, 10, 100, probe=2)
    start = {"a": known(rejected=10), "b": known(accepted=5, rejected=5)}
    scheduler = SharedScheduler("ab", policy, 1, start)
    held(scheduler, b=start["b"])
    before = scheduler.quotas()["b"]
    scheduler.refresh({"a": known(accepted=50, rejected=50)})
    draw = draw_from(scheduler)
    scheduler.complete(draw, Outcome.REJECTED, 1)
    after = scheduler.quotas()["b"]
    assert (after or 0) > (before or 0)
