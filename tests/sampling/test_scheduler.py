"""What holds for every policy, and the order in which draws go out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gristmill.sampling.policy import Budget, BudgetUnit, Policy, PolicyName
from gristmill.sampling.problem_state import MOST_LOST
from gristmill.sampling.records import Draw, Outcome, Progress, StopReason, Tally
from gristmill.sampling.scheduler import Scheduler
from tests.sampling.brief_plans import draw_from
from tests.sampling.simulation import simulate


def policies() -> st.SearchStrategy[Policy]:
    budgets = st.builds(
        Budget,
        st.integers(1, 300),
        st.sampled_from([BudgetUnit.DRAWS, BudgetUnit.TOKENS]),
    )
    return st.builds(
        Policy,
        name=st.sampled_from(PolicyName),
        quota=st.integers(1, 8),
        ceiling=st.integers(1, 30),
        probe=st.integers(1, 6),
        quotas=st.sampled_from([PolicyName.UNIFORM, PolicyName.PROP2DIFF]),
        budget=st.none() | budgets,
        give_up_below=st.sampled_from([0.0, 0.05, 0.3]),
    )


@given(
    policy=policies(),
    rates=st.lists(st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0]), min_size=0, max_size=12),
    in_flight=st.integers(1, 40),
    seed=st.integers(0, 5),
    undecided_rate=st.sampled_from([0.0, 0.3]),
    together=st.sampled_from([1, 4]),
    lost_rate=st.sampled_from([0.0, 0.25, 1.0]),
)
def test_a_run_ends_within_its_bounds_and_never_draws_a_number_twice(
    policy: Policy,
    rates: list[float],
    in_flight: int,
    seed: int,
    undecided_rate: float,
    together: int,
    lost_rate: float,
) -> None:
    run = simulate(
        policy,
        rates,
        in_flight=in_flight,
        seed=seed,
        undecided_rate=undecided_rate,
        together=together,
        lost_rate=lost_rate,
    )
    totals = run.scheduler.totals
    assert len(set(run.ordered)) == len(run.ordered) == totals.attempts + totals.lost
    assert all(attempts <= policy.ceiling for attempts in run.attempts.values())
    stops = run.scheduler.drain_stops()
    assert {stop.problem_id for stop in stops} == {str(i) for i in range(len(rates))}
    if policy.budget is not None and policy.budget.unit is BudgetUnit.DRAWS:
        assert len(run.ordered) <= policy.budget.amount
    for stop in stops:
        accepted = run.accepted.get(stop.problem_id, 0)
        if stop.reason is StopReason.QUOTA_MET:
            assert stop.quota is not None
            assert accepted >= stop.quota
        if stop.reason is StopReason.CEILING_REACHED:
            assert run.attempts[stop.problem_id] + run.lost.get(stop.problem_id, 0) == policy.ceiling
        if stop.reason is StopReason.FAILED:
            assert lost_rate > 0


@given(policy=policies(), rates=st.lists(st.sampled_from([0.0, 0.3, 0.9]), min_size=1, max_size=8))
def test_a_finished_run_that_is_started_again_draws_nothing(policy: Policy, rates: list[float]) -> None:
    first = simulate(policy, rates)
    stored = {
        str(i): Progress(
            tally=Tally(
                accepted=first.accepted.get(str(i), 0),
                rejected=first.attempts.get(str(i), 0) - first.accepted.get(str(i), 0),
                tokens=10 * first.attempts.get(str(i), 0),
            ),
            next_number=first.attempts.get(str(i), 0),
        )
        for i in range(len(rates))
    }
    again = Scheduler([str(i) for i in range(len(rates))], policy, 1, stored)
    assert again.nothing_to_draw()
    assert again.next_draw() is None


def test_the_same_responses_give_the_same_draws_in_the_same_order() -> None:
    policy = Policy(PolicyName.PROP2DIFF, 6, 40, probe=3)
    rates = [0.1, 0.5, 0.9, 0.0, 1.0]
    assert simulate(policy, rates, seed=4).ordered == simulate(policy, rates, seed=4).ordered


def test_a_problem_never_has_more_in_flight_than_its_remainder_needs() -> None:
    known = {name: Progress(tally=Tally(accepted=1, rejected=1), next_number=2) for name in "ab"}
    scheduler = Scheduler(["a", "b"], Policy(PolicyName.UNIFORM, 3, 100), 1, known)
    draws = []
    while (draw := scheduler.next_draw()) is not None:
        draws.append(draw.problem_id)
    assert {name: draws.count(name) for name in "ab"} == {"a": 4, "b": 4}  # 2 / 0.5, the posterior mean


def test_before_its_first_response_a_problem_has_one_draw_out_unless_slots_would_be_idle() -> None:
    ids = ["a", "b", "c"]
    scheduler = Scheduler(ids, Policy(PolicyName.UNIFORM, 2, 10), 1, together=4)
    draws = list(iter(scheduler.next_draw, None))
    assert [draw.problem_id for draw in draws] == ids + ids
    scheduler.complete(draws[0], Outcome.REJECTED, 1)
    assert {draw.problem_id for draw in iter(scheduler.next_draw, None)} == {"a"}


def test_a_problem_that_wants_one_response_has_one_draw_out_before_its_first() -> None:
    scheduler = Scheduler(["a", "b"], Policy(PolicyName.UNIFORM, 1, 10), 1)
    assert len(list(iter(scheduler.next_draw, None))) == 2


def test_a_budget_of_tokens_counts_what_is_in_flight_before_anything_is_known() -> None:
    policy = Policy(PolicyName.BUDGETED, 50, 500, budget=Budget(2000, BudgetUnit.TOKENS))
    scheduler = Scheduler([str(i) for i in range(50)], policy, 1, expected_tokens=800)
    assert len(list(iter(scheduler.next_draw, None))) == 3


def test_numbers_left_open_by_a_crash_are_drawn_first() -> None:
    progress = {"a": Progress(tally=Tally(rejected=3), gaps=(1, 4), next_number=5)}
    scheduler = Scheduler(["a"], Policy(PolicyName.VANILLA, None, 7), 1, progress)
    assert [draw.number for draw in iter(scheduler.next_draw, None)] == [1, 4, 5, 6]


def test_a_failed_draw_is_ordered_again_under_its_number() -> None:
    scheduler = Scheduler(["a"], Policy(PolicyName.VANILLA, None, 2), 1)
    first = draw_from(scheduler)
    scheduler.fail(first, refused=False)
    assert scheduler.next_draw() == first


def test_a_refused_problem_is_left_and_the_others_go_on() -> None:
    scheduler = Scheduler(["a", "b"], Policy(PolicyName.VANILLA, None, 1), 1)
    first = draw_from(scheduler)
    scheduler.fail(first, refused=True)
    assert [stop.reason for stop in scheduler.drain_stops()] == [StopReason.FAILED]
    second = draw_from(scheduler)
    assert second.problem_id == "b"
    assert scheduler.next_draw() is None


def test_an_outage_fails_no_problem_but_a_problem_that_fails_beside_others_is_left() -> None:
    scheduler = Scheduler(["bad", *"abcdef"], Policy(PolicyName.UNIFORM, 1, 50), 1)

    def next_of(name: str) -> Draw:
        """The next draw of one problem; those of the other fail, which at most repeats what is tested."""
        while (draw := scheduler.next_draw()) is not None and draw.problem_id != name:
            scheduler.fail(draw, refused=False)
        assert draw is not None
        return draw

    for _ in range(10):
        scheduler.fail(next_of("bad"), refused=False)
    assert scheduler.drain_stops() == []
    for _ in range(4):
        bad = next_of("bad")
        other = draw_from(scheduler)
        assert other.problem_id != "bad"
        scheduler.complete(other, Outcome.REJECTED, 1)
        scheduler.fail(bad, refused=False)
    assert [(stop.problem_id, stop.reason) for stop in scheduler.drain_stops()] == [
        ("bad", StopReason.FAILED)
    ]


def test_a_lost_draw_counts_against_the_ceiling_and_is_not_drawn_again() -> None:
    scheduler = Scheduler(["a"], Policy(PolicyName.VANILLA, None, 3), 1)
    first, second, third = iter(scheduler.next_draw, None)
    assert not scheduler.fail(first, lost=True)
    scheduler.complete(second, Outcome.REJECTED, 1)
    assert scheduler.fail(third, lost=True)
    assert scheduler.next_draw() is None
    assert [stop.reason for stop in scheduler.drain_stops()] == [StopReason.CEILING_REACHED]
    assert (scheduler.totals.attempts, scheduler.totals.lost) == (1, 2)


def test_a_run_that_goes_on_knows_what_was_lost() -> None:
    progress = {
        "a": Progress(Tally(rejected=2), gaps=(1,), next_number=6, lost=3),
        "b": Progress(next_number=7, lost=7),
    }
    scheduler = Scheduler(["a", "b"], Policy(PolicyName.VANILLA, None, 7), 1, progress)
    assert [draw.number for draw in iter(scheduler.next_draw, None)] == [1, 6]
    scheduler.close(finished=False)
    stops = {stop.problem_id: stop.reason for stop in scheduler.drain_stops()}
    assert stops == {"a": None, "b": StopReason.FAILED}


@pytest.mark.parametrize(("ceiling", "draws"), [(4, 4), (1000, MOST_LOST)])
def test_a_problem_whose_every_draw_is_lost_is_left_as_failed_and_the_others_go_on(
    ceiling: int, draws: int
) -> None:
    scheduler = Scheduler(["bad", "good"], Policy(PolicyName.UNIFORM, 3, ceiling), 1)
    lost = 0
    while (draw := scheduler.next_draw()) is not None:
        if draw.problem_id == "bad":
            lost += 1
            scheduler.fail(draw, lost=True)
        else:
            scheduler.complete(draw, Outcome.ACCEPTED, 1)
    assert lost == draws
    stops = {stop.problem_id: stop.reason for stop in scheduler.drain_stops()}
    assert stops == {"bad": StopReason.FAILED, "good": StopReason.QUOTA_MET}


def test_lost_draws_are_paid_for_by_a_budget_of_draws() -> None:
    policy = Policy(PolicyName.BUDGETED, 5, 50, budget=Budget(30, BudgetUnit.DRAWS))
    run = simulate(policy, [0.5] * 10, lost_rate=0.5)
    assert len(run.ordered) == run.scheduler.totals.attempts + run.scheduler.totals.lost == 30


def test_undecided_attempts_count_against_the_ceiling_and_not_in_the_difficulty() -> None:
    run = simulate(Policy(PolicyName.UNIFORM, 2, 10), [1.0], undecided_rate=1.0)
    assert run.attempts == {"0": 10}
    assert run.scheduler.totals.undecided == 10
    assert [stop.reason for stop in run.scheduler.drain_stops()] == [StopReason.CEILING_REACHED]


def test_breadth_first_a_run_cut_short_has_every_problem_as_far_as_the_others() -> None:
    rates = [0.9] * 50 + [0.3] * 50
    run = simulate(Policy(PolicyName.UNIFORM, 20, 2000), rates, in_flight=10, stop_after=1200)
    counts = [run.accepted.get(str(i), 0) for i in range(100)]
    assert min(counts) >= 5
    assert max(counts) - min(counts) <= 3


def test_draws_of_one_problem_go_out_together_where_none_can_be_one_too_many() -> None:
    rates = [1.0] * 6
    progress = {str(i): Progress(Tally(rejected=1), next_number=1) for i in range(6)}
    run = simulate(Policy(PolicyName.UNIFORM, 4, 50), rates, in_flight=24, progress=progress, together=4)
    first = [draw.problem_id for draw in run.ordered[:24]]
    assert first == [str(i) for i in range(6) for _ in range(4)]
    single = simulate(Policy(PolicyName.UNIFORM, 1, 50), [0.3] * 6, in_flight=6, together=4)
    assert [draw.problem_id for draw in single.ordered[:6]] == [str(i) for i in range(6)]
