"""DART-Math's allocation on its published strata and fail rates, and what a budget buys."""

import pytest

from gristmill.sampling.policy import Budget, BudgetUnit, Policy, PolicyName
from gristmill.sampling.records import Progress, StopReason
from gristmill.sampling.scheduler import Scheduler
from tests.sampling.simulation import simulate

FAIL_RATES = (0.044, 0.074, 0.175, 0.286, 0.415, 0.558)
PER_STRATUM = 50
UNSOLVED = str(6 * PER_STRATUM)


def strata() -> list[float]:
    """Pass rates: as many problems in each stratum, and one that is never solved."""
    return [1.0 - rate for rate in FAIL_RATES for _ in range(PER_STRATUM)] + [0.0]


def test_prop2diff_with_known_fail_rates_gives_the_quotas_of_dart_math() -> None:
    rates = strata()
    known = {str(i): Progress(fail_rate=1.0 - rate) for i, rate in enumerate(rates)}
    run = simulate(Policy(PolicyName.PROP2DIFF, 192, 400), rates, in_flight=256, progress=known)
    quotas = list(run.scheduler.quotas().values())
    assert [quotas[i * PER_STRATUM] for i in range(6)] == [9, 15, 34, 55, 80, 108]
    assert quotas[-1] == 192
    assert all(run.accepted[str(i)] >= (quotas[i] or 0) for i in range(6 * PER_STRATUM))
    assert (run.attempts[UNSOLVED], run.accepted[UNSOLVED]) == (400, 0)


def test_uniform_fulfils_all_but_the_never_solved_with_surplus_under_one_percent() -> None:
    rates = strata()
    run = simulate(Policy(PolicyName.UNIFORM, 40, 2000), rates, in_flight=256, together=4)
    assert all(run.accepted[str(i)] >= 40 for i in range(6 * PER_STRATUM))
    assert run.attempts[UNSOLVED] == 2000
    expected = sum(40.0 / rate for rate in rates if rate) + 2000
    assert len(run.ordered) == pytest.approx(expected, rel=0.02)
    assert run.scheduler.surplus < 0.01 * len(run.ordered)


def test_vanilla_draws_the_same_number_for_every_problem() -> None:
    rates = strata()
    run = simulate(Policy(PolicyName.VANILLA, None, 52), rates, in_flight=256)
    assert set(run.attempts.values()) == {52}
    for stratum, fail_rate in enumerate(FAIL_RATES):
        ids = [str(i) for i in range(stratum * PER_STRATUM, (stratum + 1) * PER_STRATUM)]
        mean = sum(run.accepted[i] for i in ids) / PER_STRATUM
        assert mean == pytest.approx(52 * (1.0 - fail_rate), rel=0.05)


def test_prop2diff_with_a_probe_comes_near_the_quotas_of_known_fail_rates() -> None:
    rates = strata()
    run = simulate(Policy(PolicyName.PROP2DIFF, 64, 400, probe=16), rates, in_flight=64)
    known = {str(i): Progress(fail_rate=1.0 - rate) for i, rate in enumerate(rates)}
    exact = Scheduler([str(i) for i in range(len(rates))], Policy(PolicyName.PROP2DIFF, 64, 400), 1, known)
    pairs = zip(run.scheduler.quotas().values(), exact.quotas().values(), strict=True)
    errors = [abs((found or 0) - (true or 0)) for found, true in pairs]
    assert sum(errors) / len(errors) < 4.0


def test_probes_come_before_anything_else() -> None:
    run = simulate(Policy(PolicyName.PROP2DIFF, 10, 100, probe=4), [0.5] * 20, in_flight=5)
    first = run.ordered[:80]
    assert {draw.number for draw in first} == {0, 1, 2, 3}


@pytest.mark.parametrize("part", [0.25, 0.5, 0.75])
def test_budgeted_fulfils_more_and_covers_no_less_than_uniform_at_the_same_draws(part: float) -> None:
    rates = [0.95] * 30 + [0.6] * 30 + [0.2] * 30 + [0.0] * 2
    whole = len(simulate(Policy(PolicyName.UNIFORM, 20, 600), rates).ordered)
    draws = round(part * whole)
    uniform = simulate(Policy(PolicyName.UNIFORM, 20, 600), rates, stop_after=draws)
    budget = Budget(draws, BudgetUnit.DRAWS)
    policy = Policy(PolicyName.BUDGETED, 20, 600, budget=budget, give_up_below=0.005)
    ours = simulate(policy, rates, together=4)

    def met(accepted: dict[str, int]) -> int:
        return sum(count >= 20 for count in accepted.values())

    def covered(accepted: dict[str, int]) -> int:
        return sum(count > 0 for count in accepted.values())

    assert len(ours.ordered) <= draws
    assert met(ours.accepted) > met(uniform.accepted)
    assert covered(ours.accepted) >= covered(uniform.accepted)


def test_budgeted_gives_up_what_it_never_solves_and_says_what_the_budget_did_not_reach() -> None:
    rates = [0.9] * 30 + [0.0] * 5
    budget = Budget(100_000, BudgetUnit.DRAWS)
    run = simulate(Policy(PolicyName.BUDGETED, 5, 5000, budget=budget, give_up_below=0.02), rates)
    reasons = [stop.reason for stop in run.scheduler.drain_stops()]
    assert reasons.count(StopReason.GIVEN_UP) == 5
    assert len(run.ordered) < 5000
    short = simulate(Policy(PolicyName.BUDGETED, 5, 50, budget=Budget(40, BudgetUnit.DRAWS)), rates)
    assert StopReason.BUDGET_SPENT in {stop.reason for stop in short.scheduler.drain_stops()}
    assert len(short.ordered) == 40


def test_a_budget_of_tokens_is_kept_within_what_is_in_flight() -> None:
    policy = Policy(PolicyName.BUDGETED, 50, 500, budget=Budget(2000, BudgetUnit.TOKENS))
    run = simulate(policy, [0.5] * 20, in_flight=8)
    assert 2000 <= run.scheduler.totals.tokens <= 2000 + 8 * 10


def test_a_budget_of_seconds_counts_the_time_of_the_whole_run() -> None:
    policy = Policy(PolicyName.BUDGETED, 5, 50, budget=Budget(60.0, BudgetUnit.SECONDS))
    scheduler = Scheduler(["a"], policy, 1)
    assert scheduler.next_draw(elapsed_seconds=59.9) is not None
    assert scheduler.next_draw(elapsed_seconds=60.0) is None
