"""How `gristmill budget` divides a budget, and what it says: with runs to set the limits, and without."""

import math
from collections import Counter
from collections.abc import Mapping
from fractions import Fraction

import pytest
from click.testing import CliRunner
from hypothesis import assume, given
from hypothesis import strategies as st

from gristmill.cli.budget import Available, advice, budget, preference_share
from gristmill.db.attempts import record
from gristmill.db.problems import add_problems
from gristmill.db.sessions import writing
from gristmill.runs.prepare import write_new_run
from gristmill.runs.settings.recipe import run_config
from gristmill.runs.store import open_store
from gristmill.sampling.errors import ConfigError
from gristmill.sampling.records import Outcome, Stop, StopReason
from tests.db.samples import a_problem, an_attempt
from tests.support.commands import Workplace

COSTS = st.floats(1e-3, 1e4)
BUDGETS = st.floats(1e-2, 1e9)
AVAILABLE = st.just(math.inf) | st.integers(0, 10) | st.integers(0, 10**7)


@pytest.mark.parametrize(
    ("money", "pair_cost", "sft", "pairs"),
    [
        *((money, 1, money, 0) for money in (1, 2, 800, 999, 1_000)),
        (2_000, 1, 1_730, 270),
        (5_000, 1, 3_428, 1_572),
        (10_000, 1, 5_500, 4_500),
        (100_000, 1, 10_000, 90_000),
        (5_000, 4, 3_428, 1_572 // 4),
        (2_000, 1_500, 2_000, 0),  # a pair is too dear for its share, which is left to SFT
    ],
)
def test_a_small_budget_is_all_sft_and_a_larger_one_a_mixture(
    money: int, pair_cost: int, sft: int, pairs: int
) -> None:
    found = advice(money, 1, pair_cost)
    assert (found.sft.rows, found.pairs.rows, found.unspent) == (sft, pairs, 0)
    assert found.share(found.pairs) == pairs * pair_cost / money


@given(BUDGETS, COSTS, COSTS, AVAILABLE, AVAILABLE)
def test_advice_keeps_to_its_bounds(
    money: float, sft_cost: float, pair_cost: float, sft: float, pairs: float
) -> None:
    assume(money >= sft_cost)
    found = advice(money, sft_cost, pair_cost, sft, pairs)
    sft_spent, pairs_spent = found.sft.rows * Fraction(sft_cost), found.pairs.rows * Fraction(pair_cost)
    assert min(found.sft.rows, found.pairs.rows, found.sft.missing, found.pairs.missing) >= 0
    assert sft_spent + pairs_spent <= Fraction(money)
    assert sft_spent * 9 >= pairs_spent
    assert found.sft.rows <= sft
    assert found.pairs.rows <= pairs
    assert not found.pairs.rows or found.sft.rows
    assert found.sft.spent + found.pairs.spent + found.unspent == pytest.approx(money)
    if money < 1_000 * sft_cost:
        assert found.pairs.rows == 0
    if sft == math.inf:
        assert found.sft.rows
        assert found.sft.missing == 0
        assert found.unspent < sft_cost * (1 + 1e-9)


@given(st.integers(1, 10**9), st.integers(1, 10**9))
def test_a_larger_budget_has_no_smaller_share_of_pairs_and_no_fewer(one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert 0 <= preference_share(low) <= preference_share(high) <= 0.9
    assert advice(low, 1, 1).pairs.rows <= advice(high, 1, 1).pairs.rows


EVERY = math.inf


@pytest.mark.parametrize(
    ("money", "there", "rows", "missing", "said"),
    [
        (5_000, (3_428, 1_572), (3_428, 1_572), (0, 0), ""),
        (5_000, (2_000, EVERY), (2_000, 3_000), (1_428, 0), "1,428 SFT rows are missing: 1,428 more pairs"),
        (5_000, (2_000, 1_700), (2_000, 1_700), (1_428, 0), "1,428 SFT rows are missing: 128 more pairs"),
        (5_000, (100, EVERY), (100, 900), (3_328, 0), "672 pairs are held back, to keep SFT at a tenth"),
        (5_000, (0, EVERY), (0, 0), (3_428, 0), "1,572 pairs are held back, to keep SFT at a tenth"),
        (5_000, (EVERY, 1_000), (4_000, 1_000), (0, 572), "572 preference pairs are missing: 572 more"),
        (5_000, (3_500, 0), (3_500, 0), (0, 1_572), "1,572 preference pairs are missing: 72 more"),
        (5_000, (3_000, 1_000), (3_000, 1_000), (428, 572), "572 preference pairs are missing: no SFT rows"),
        (800, (300, EVERY), (300, 0), (500, 0), "500 SFT rows are missing: no pairs take"),
    ],
)
def test_what_is_missing_is_said_and_made_up_for_within_the_bounds(
    money: int, there: tuple[float, float], rows: tuple[int, int], missing: tuple[int, int], said: str
) -> None:
    found = advice(money, 1, 1, *there)
    assert (found.sft.rows, found.pairs.rows) == rows
    assert (found.sft.missing, found.pairs.missing) == missing
    assert said in " ".join(found.reasons())


def test_reasons_tell_the_source_from_what_is_ours() -> None:
    small, large = " ".join(advice(800, 1, 1).reasons()), " ".join(advice(5_000, 1, 1).reasons())
    assert "arXiv 2502.11284" in small
    assert "arXiv 2502.11284" in large
    assert "31% of the budget for pairs is a rule of our own" in large


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((0.0, 1.0, 1.0), "--budget: 0 is not a positive number"),
        ((float("inf"), 1.0, 1.0), "--budget: inf is not"),
        ((float("nan"), 1.0, 1.0), "--budget: nan is not"),
        ((5.0, float("nan"), 1.0), "--sft-cost: nan is not"),
        ((5.0, 1.0, -1.0), "--pair-cost: -1 is not"),
        ((0.5, 1.0, 1.0), "budget: 0.5 does not buy one SFT row, which costs 1"),
    ],
)
def test_a_wrong_number_is_named(arguments: tuple[float, float, float], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        advice(*arguments)


def test_the_extremes_of_floats_are_numbers_like_others() -> None:
    found = advice(1.7e308, 5e-324, 5e-324)
    assert found.share(found.sft) == pytest.approx(0.1)


@pytest.mark.parametrize(("pairs", "per_problem"), [(0, 1), (3, 1), (4, 2), (5, 2), (6, 3), (8, 5), (99, 5)])
def test_so_many_pairs_need_so_many_of_a_problem(pairs: int, per_problem: int) -> None:
    assert Available(9, Counter({0: 4, 1: 1, 2: 1, 5: 1})).per_problem(pairs) == per_problem
    assert Available(0, Counter()).per_problem(pairs) == 1


UNIT = ("--sft-cost", "1", "--pair-cost", "1")
DONE = {
    "one": (2, "AAARRRR"),
    "two": (2, "ARR"),
    "three": (None, "AAAAU"),
    "four": (1, "RRRU"),
    "five": (2, ""),
}
"""Problems with their quota and what came of each draw: accepted, rejected, undecided."""


def fill(run_id: str, drawn: Mapping[str, tuple[int | None, str]], *flags: str) -> None:
    """A run in the store of the working directory, with the flags as of a recipe's selection."""
    dataset, selection = {"dataset": "demo"}, dict(zip(flags[::2], flags[1::2], strict=True))
    config = run_config("dart-uniform", {"dataset": dataset, "selection": selection})
    problems = {name: a_problem(name) for name in drawn}
    outcomes = {"A": Outcome.ACCEPTED, "R": Outcome.REJECTED, "U": Outcome.UNDECIDED}
    attempts = [
        an_attempt(problems[name], number, outcomes[letter], f"{name} {number}")
        for name, (_, letters) in drawn.items()
        for number, letter in enumerate(letters)
    ]
    stops = [Stop(problems[name].id, StopReason.QUOTA_MET, quota, 9) for name, (quota, _) in drawn.items()]
    with open_store() as engine, writing(engine) as session:
        assert write_new_run(session, run_id, config)
        add_problems(session, run_id, list(problems.values()), {})
        record(session, run_id, attempts, [], stops)


def says(*arguments: str) -> str:
    result = CliRunner().invoke(budget, [*UNIT, *arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def cells(printed: str, kind: str) -> list[str]:
    (line,) = (line for line in printed.splitlines() if line.startswith(kind))
    return line.removeprefix(kind).split()


def test_without_runs_the_command_needs_no_store(workplace: Workplace) -> None:
    printed = says("--budget", "5000")
    assert cells(printed, "SFT rows") == ["3,428", "3,428", "68.6%"]
    assert cells(printed, "preference pairs") == ["1,572", "1,572", "31.4%"]
    assert "gristmill export RUN --format sft   # 3,428 rows of it" in printed
    assert "gristmill export RUN --format dpo   # 1,572 pairs of it" in printed
    assert not workplace.store.exists()


def test_runs_set_the_limits(workplace: Workplace) -> None:
    fill("done", DONE)
    printed = says("--budget", "5000", "--run", "done", "--run", "done")
    assert cells(printed, "SFT rows") == ["7", "7", "70.0%", "7", "3,421"]
    assert cells(printed, "preference pairs") == ["3", "3", "30.0%", "3", "1,569"]
    assert "3,421 SFT rows are missing: no pairs take their place." in printed
    assert "gristmill export done --format dpo --pairs-per-problem 2   # 3 pairs of it" in printed


def test_several_runs_over_the_same_problems_add_up(workplace: Workplace) -> None:
    fill("done", DONE)
    fill("my run", {"two": (1, "AA"), "four": (1, "ARA"), "six": (3, "A")})
    printed = says("--budget", "5000", "--run", "done", "--run", "my run")
    assert cells(printed, "SFT rows")[3] == "10"
    assert cells(printed, "preference pairs")[3] == "5"  # two of `one` and of `two`, one of `four`
    assert "gristmill export done 'my run' --format sft" in printed


def test_a_run_that_chooses_one_response_has_one_of_each_problem(workplace: Workplace) -> None:
    fill("best", DONE, "select_by", "mtld")
    printed = says("--budget", "800", "--run", "best")
    assert cells(printed, "SFT rows")[3] == "3"
    assert cells(printed, "preference pairs")[3] == "3"


def test_a_run_that_is_not_there_is_named(workplace: Workplace) -> None:
    fill("done", DONE)
    with pytest.raises(ConfigError, match="there is no run 'nobody'"):
        says("--budget", "5", "--run", "nobody")
