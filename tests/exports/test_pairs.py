"""Which accepted response stands beside which rejected one: each rule, and what holds of all of them."""

import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gristmill.db.exports.records import ExportAttempt, ExportProblem
from gristmill.exports.pairs import RULES, pairs, unusable
from gristmill.exports.settings import Pairing
from gristmill.sampling.records import Outcome
from tests.exports.paired import PAIRINGS, accepted, chosen_by, paired, rejected, undecided
from tests.exports.samples import HOSTILE, a_problem, an_attempt, problem_with

SIX = problem_with(
    None,
    accepted(0, 10, -5.0),
    accepted(1, 10, -1.0),
    accepted(2, 10, -9.0),
    rejected(3, 10, -4.0),
    rejected(4, 10, -2.0),
    rejected(5, 10, -8.0),
    metrics={"mtld": {("run", number): value for number, value in enumerate((3.0, 1.0, 8.0, 6.0, 2.0, 4.0))}},
)
"""Six candidates with a metric and a log probability each (the case of AT-B17)."""


def test_every_rule_of_the_settings_is_there() -> None:
    assert set(RULES) == set(PAIRINGS)


def test_max_margin_pairs_the_highest_accepted_with_the_lowest_rejected() -> None:
    found = list(pairs(SIX, paired("max-margin", 3, "mtld")))
    assert [(pair.chosen.number, pair.rejected.number) for pair in found] == [(2, 4), (0, 5), (1, 3)]
    assert [pair.margin for pair in found] == [6.0, -1.0, -5.0]


def test_max_margin_without_a_metric_goes_by_log_probability_per_token() -> None:
    (pair,) = pairs(SIX, paired("max-margin"))
    assert (pair.chosen.number, pair.rejected.number) == (1, 5)
    assert pair.margin == pytest.approx(0.7)


def test_hard_takes_the_likeliest_of_each() -> None:
    found = list(pairs(SIX, paired("hard", 3)))
    assert [(pair.chosen.number, pair.rejected.number) for pair in found] == [(1, 4), (0, 3), (2, 5)]
    assert [pair.margin for pair in found] == [None, None, None]


def test_hard_goes_by_the_token_and_not_by_the_sum() -> None:
    problem = problem_with(None, accepted(0, 10, -1.0), rejected(1, 2, -2.0), rejected(2, 100, -10.0))
    assert chosen_by(problem, paired("hard")) == [(0, 2)]


def test_length_matched_takes_the_nearest_first() -> None:
    problem = problem_with(
        None, accepted(0, 10), accepted(1, 50), rejected(2, 14), rejected(3, 49), rejected(4, 100)
    )
    assert chosen_by(problem, paired("length-matched")) == [(1, 3)]
    assert chosen_by(problem, paired("length-matched", 9)) == [(1, 3), (0, 2)]


def test_equal_differences_go_by_order() -> None:
    problem = problem_with(
        None,
        accepted(0, 10),
        accepted(1, 10),
        rejected(2, 12),
        rejected(3, 8),
        rejected(4, 12),
        rejected(5, 8),
    )
    assert chosen_by(problem, paired("length-matched", 2)) == [(0, 2), (1, 3)]


def nearest_by_trying_all(problem: ExportProblem, most: int) -> list[tuple[int, int]]:
    left = sorted(
        (abs(one.completion_tokens - other.completion_tokens), one.number, other.number)
        for one in problem.with_outcome(Outcome.ACCEPTED)
        for other in problem.with_outcome(Outcome.REJECTED)
        if one.text != other.text
    )
    found: list[tuple[int, int]] = []
    for _, one, other in left:
        if len(found) < most and not any(one == pair[0] or other == pair[1] for pair in found):
            found.append((one, other))
    return found


@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 12), st.sampled_from("abc")), max_size=16),
    st.integers(1, 6),
)
def test_length_matched_is_what_trying_all_finds(drawn: list[tuple[bool, int, str]], most: int) -> None:
    attempts = [
        (accepted if right else rejected)(number, tokens, text=text)
        for number, (right, tokens, text) in enumerate(drawn)
    ]
    problem = problem_with(None, *attempts)
    assert chosen_by(problem, paired("length-matched", most)) == nearest_by_trying_all(problem, most)


def test_random_pairs_depend_on_seed_and_problem_alone() -> None:
    attempts = [*(accepted(number) for number in range(9)), *(rejected(number) for number in range(9, 18))]
    found = {
        tuple(chosen_by(problem_with(a_problem(prompt), *attempts), paired("random", 3, seed=seed)))
        for seed in range(3)
        for prompt in ("one", "two")
    }
    assert len(found) == 6
    again = chosen_by(problem_with(a_problem("one"), *attempts), paired("random", 3, seed=2))
    assert tuple(again) in found


def test_a_log_probability_that_is_missing_or_no_number_is_passed_over_and_counted() -> None:
    problem = problem_with(
        None,
        accepted(0),
        accepted(1, 10, -3.0),
        rejected(2, 10, math.nan),
        rejected(3, 10, -math.inf),
        rejected(4, 10, -7.0),
        undecided(5),
        an_attempt(6, "undecided", Outcome.UNDECIDED),
    )
    assert chosen_by(problem, paired("hard", 5)) == [(1, 4)]
    assert chosen_by(problem, paired("max-margin", 5)) == [(1, 4)]
    assert unusable(problem, paired("hard")) == unusable(problem, paired("max-margin")) == 3
    assert unusable(problem, paired("max-margin", 1, "mtld")) == 5
    assert unusable(problem, paired("random")) == unusable(problem, paired("length-matched", 1, "mtld")) == 0


def test_a_response_of_no_tokens_divides_nothing_by_nothing() -> None:
    assert chosen_by(problem_with(None, accepted(0, 0, -1.0), rejected(1, 0, 0.0)), paired("hard")) == [
        (0, 1)
    ]


@pytest.mark.parametrize("pairing", PAIRINGS)
def test_the_same_text_is_never_paired_with_itself(pairing: Pairing) -> None:
    same = problem_with(None, accepted(0, 10, -1.0, "42"), rejected(1, 10, -1.0, "42"))
    assert chosen_by(same, paired(pairing, 3)) == []
    more = problem_with(None, *same.attempts, accepted(2, 90, -900.0, "6 * 7"))
    assert chosen_by(more, paired(pairing, 3)) == [(2, 1)]


@pytest.mark.parametrize("pairing", PAIRINGS)
@pytest.mark.parametrize(
    "attempts", [(), (accepted(0, 1, -1.0),), (rejected(0, 1, -1.0),), (accepted(0, 1, -1.0), undecided(1))]
)
def test_without_both_kinds_there_is_no_pair(pairing: Pairing, attempts: Sequence[ExportAttempt]) -> None:
    assert chosen_by(problem_with(None, *attempts), paired(pairing, 3)) == []


@given(
    st.lists(
        st.tuples(HOSTILE, st.sampled_from(Outcome), st.integers(0, 20), st.none() | st.floats(max_value=0)),
        max_size=14,
    ),
    st.sampled_from(PAIRINGS),
    st.integers(1, 5),
)
def test_pairs_keep_their_promises(
    drawn: list[tuple[str, Outcome, int, float | None]], pairing: Pairing, most: int
) -> None:
    attempts = [
        an_attempt(number, text, outcome, tokens=tokens, logprob=logprob)
        for number, (text, outcome, tokens, logprob) in enumerate(drawn)
    ]
    found = list(pairs(problem_with(None, *attempts), paired(pairing, most)))
    assert len(found) <= most
    used = [one.number for pair in found for one in (pair.chosen, pair.rejected)]
    assert len(used) == len(set(used))
    for chosen, other, margin in found:
        assert (chosen.outcome, other.outcome) == (Outcome.ACCEPTED, Outcome.REJECTED)
        assert chosen.text != other.text
        assert margin is None or math.isfinite(margin)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("pairing", PAIRINGS)
def test_a_problem_of_thousands_of_attempts_is_paired_in_the_end(pairing: Pairing) -> None:
    """To try all that are left for every pair takes an hour."""
    right = [accepted(number, number * 7 % 911, -number) for number in range(2_000)]
    wrong = [rejected(number, number * 5 % 1013, -number) for number in range(2_000, 8_000)]
    problem = problem_with(None, *right, *wrong)
    assert len(list(pairs(problem, paired(pairing, 2_000)))) == 2_000
