"""How a budget is divided between SFT rows and pairs, and the reasons that are given for it."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gristmill.cli.budget_advice import Advice, advice, preference_share
from gristmill.sampling.errors import ConfigError

COSTS = st.floats(1e-3, 1e4)
BUDGETS = st.floats(1e-2, 1e9)
AVAILABLE = st.none() | st.integers(0, 10) | st.integers(0, 10**7)


@pytest.mark.parametrize("money", [1, 2, 800, 999, 1_000])
def test_a_small_budget_is_all_sft(money: int) -> None:
    found = advice(money, 1, 1)
    assert (found.sft_rows, found.pairs, found.sft_share) == (money, 0, 1.0)


@pytest.mark.parametrize(
    ("money", "sft", "pairs"),
    [(2_000, 1_730, 270), (5_000, 3_428, 1_572), (10_000, 5_500, 4_500), (100_000, 10_000, 90_000)],
)
def test_a_larger_budget_is_a_mixture(money: int, sft: int, pairs: int) -> None:
    found = advice(money, 1, 1)
    assert (found.sft_rows, found.pairs) == (sft, pairs)
    assert found.spent == money
    assert found.unspent == 0


def test_a_pair_that_costs_more_leaves_fewer_of_them() -> None:
    found = advice(5_000, 1, 4)
    assert found.pairs == 1_572 // 4
    assert found.pair_share == pytest.approx(0.3144, abs=0.001)


def test_pairs_too_dear_for_their_share_leave_it_to_sft() -> None:
    found = advice(2_000, 1, 1_500)
    assert (found.sft_rows, found.pairs, found.unspent) == (2_000, 0, 0)


@given(BUDGETS, COSTS, COSTS, AVAILABLE, AVAILABLE)
def test_advice_keeps_to_its_bounds(
    money: float, sft_cost: float, pair_cost: float, sft: int | None, pairs: int | None
) -> None:
    assume(money >= sft_cost)
    found = advice(money, sft_cost, pair_cost, sft_available=sft, pairs_available=pairs)
    sft_spent, pairs_spent = found.sft_rows * Fraction(sft_cost), found.pairs * Fraction(pair_cost)
    assert min(found.sft_rows, found.pairs, found.missing_sft, found.missing_pairs) >= 0
    assert sft_spent + pairs_spent <= Fraction(money)
    assert sft_spent * 9 >= pairs_spent
    assert sft is None or found.sft_rows <= sft
    assert pairs is None or found.pairs <= pairs
    assert not found.pairs or found.sft_rows
    assert found.spent + found.unspent == pytest.approx(money)
    if money < 1_000 * sft_cost:
        assert found.pairs == 0
    if sft is None:
        assert found.sft_rows
        assert found.missing_sft == 0
        assert found.unspent < sft_cost * (1 + 1e-9)


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_the_share_of_preference_never_falls(one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert 0 <= preference_share(low) <= preference_share(high) <= 0.9


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_a_larger_budget_makes_no_fewer_pairs(one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert advice(low, 1, 1).pairs <= advice(high, 1, 1).pairs


@pytest.mark.parametrize(
    ("sft", "pairs", "rows", "missing", "said"),
    [
        (3_428, 1_572, (3_428, 1_572), (0, 0), ""),
        (
            2_000,
            None,
            (2_000, 3_000),
            (1_428, 0),
            "1,428 SFT rows are missing: 1,428 more pairs take their place.",
        ),
        (
            2_000,
            1_700,
            (2_000, 1_700),
            (1_428, 0),
            "1,428 SFT rows are missing: 128 more pairs take their place.",
        ),
        (100, None, (100, 900), (3_328, 0), "672 pairs are held back, to keep SFT at a tenth or more."),
        (0, None, (0, 0), (3_428, 0), "1,572 pairs are held back, to keep SFT at a tenth or more."),
        (None, 1_000, (4_000, 1_000), (0, 572), "572 preference pairs are missing: 572 more SFT rows take"),
        (3_500, 0, (3_500, 0), (0, 1_572), "1,572 preference pairs are missing: 72 more SFT rows take"),
        (3_000, 1_000, (3_000, 1_000), (428, 572), "572 preference pairs are missing: no SFT rows take"),
    ],
)
def test_what_is_missing_is_said_and_made_up_for_within_the_bounds(
    sft: int | None, pairs: int | None, rows: tuple[int, int], missing: tuple[int, int], said: str
) -> None:
    found = advice(5_000, 1, 1, sft_available=sft, pairs_available=pairs)
    assert (found.sft_rows, found.pairs) == rows
    assert (found.missing_sft, found.missing_pairs) == missing
    assert said in " ".join(found.reasons)


def test_pairs_do_not_stand_in_for_sft_in_a_small_budget() -> None:
    found = advice(800, 1, 1, sft_available=300)
    assert (found.sft_rows, found.pairs, found.missing_sft, found.unspent) == (300, 0, 500, 500)
    assert found.reasons[-1] == "500 SFT rows are missing: no pairs take their place."


def test_reasons_tell_the_source_from_what_is_ours() -> None:
    small, large = " ".join(advice(800, 1, 1).reasons), " ".join(advice(5_000, 1, 1).reasons)
    assert "arXiv 2502.11284" in small
    assert "arXiv 2502.11284" in large
    assert "a rule of our own" in large
    assert "31% of the budget" in large
    elsewhere = advice(5_000, 1, 1, math=False)
    assert elsewhere.reasons[-1].endswith("For other subjects this is a caution.")
    assert (elsewhere.sft_rows, elsewhere.pairs) == (3_428, 1_572)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((0.0, 1.0, 1.0), "--budget: 0 is not a positive number"),
        ((float("inf"), 1.0, 1.0), "--budget: inf is not"),
        ((5.0, float("nan"), 1.0), "--sft-cost: nan is not"),
        ((5.0, 1.0, -1.0), "--pair-cost: -1 is not"),
        ((0.5, 1.0, 1.0), "budget: 0.5 does not buy one SFT row, which costs 1"),
    ],
)
def test_a_wrong_number_is_named(arguments: tuple[float, float, float], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        advice(*arguments)


def test_availability_below_nothing_is_refused() -> None:
    with pytest.raises(ConfigError, match="pairs_available: -1"):
        advice(5, 1, 1, pairs_available=-1)


def test_the_extremes_of_floats_are_numbers_like_others() -> None:
    found = advice(1.7e308, 5e-324, 5e-324)
    assert isinstance(found, Advice)
    assert found.sft_share == pytest.approx(0.1)
