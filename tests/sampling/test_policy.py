"""The quotas of DART-Math (arXiv 2407.13690), and the gain by which `budgeted` chooses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gristmill.sampling.policy import draws_wanted, fulfilment, marginal_gain, prop2diff_quota

DART_MATH_QUOTAS = [(0.044, 9), (0.074, 15), (0.175, 34), (0.286, 55), (0.415, 80), (0.558, 108), (1.0, 192)]
"""Fail rate by stratum (GSM8K, levels 1 to 5, never solved) and its quota at k = 192."""


@pytest.mark.parametrize(("fail_rate", "quota"), DART_MATH_QUOTAS)
def test_prop2diff_gives_the_quotas_of_the_paper(fail_rate: float, quota: int) -> None:
    assert prop2diff_quota(192, fail_rate, hardest=1.0) == quota


def test_a_quota_that_is_whole_is_not_rounded_up() -> None:
    assert prop2diff_quota(10, 0.3, hardest=1.0) == 3
    assert prop2diff_quota(192, 0.7, hardest=0.7) == 192


@given(
    k=st.integers(1, 500),
    rates=st.lists(st.floats(0.0, 1.0, allow_nan=False), min_size=1, max_size=50),
)
def test_every_problem_keeps_one_and_the_hardest_gets_k(k: int, rates: list[float]) -> None:
    hardest = max(rates)
    quotas = [prop2diff_quota(k, rate, hardest) for rate in rates]
    assert all(1 <= quota <= k for quota in quotas)
    assert max(quotas) == (k if hardest > 0 else 1)
    assert [quota for _, quota in sorted(zip(rates, quotas, strict=True))] == sorted(quotas)


@pytest.mark.parametrize(
    ("remaining", "pass_rate", "draws"), [(1, 1.0, 1), (1, 0.5, 2), (3, 0.9, 4), (40, 0.01, 4000)]
)
def test_draws_wanted_is_the_remainder_over_the_pass_rate(
    remaining: int, pass_rate: float, draws: int
) -> None:
    assert draws_wanted(remaining, pass_rate) == draws


def test_fulfilment_goes_by_quota_or_by_ceiling_whichever_is_nearer() -> None:
    assert fulfilment(20, 40, attempts=30, ceiling=2048) == 0.5
    assert fulfilment(0, 40, attempts=1024, ceiling=2048) == 0.5
    assert fulfilment(0, None, attempts=13, ceiling=52) == 0.25


def test_covering_a_problem_counts_more_than_a_further_response() -> None:
    assert marginal_gain(0.1, accepted=0, in_flight=0, quota=40) > marginal_gain(
        0.9, accepted=1, in_flight=0, quota=40
    )


def test_a_problem_whose_quota_is_in_flight_gains_nothing() -> None:
    assert marginal_gain(0.9, accepted=38, in_flight=4, quota=40) == 0.0
    assert marginal_gain(0.9, accepted=20, in_flight=4, quota=40) > 0.0
