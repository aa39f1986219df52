"""Which attempts of a problem are kept: quotas, then the best few of each outcome."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gristmill.db.exports.records import AttemptKey, ExportAttempt, ExportProblem
from gristmill.exports.select import RULES, select_attempts
from gristmill.exports.settings import ExportSettings, FilterSettings, Keep, KeepSettings, OutputSettings
from gristmill.sampling.records import Outcome
from tests.exports.samples import (
    HOSTILE,
    HOSTILE_TEXTS,
    a_problem,
    a_rejected,
    an_attempt,
    an_undecided,
    problem_with,
)

WITH_SURPLUS = FilterSettings(with_surplus=True)
LENGTHS = (30, 10, 20, 10, 40)


def of_lengths(*lengths: int) -> list[ExportAttempt]:
    return [an_attempt(number, f"text {number}", tokens=tokens) for number, tokens in enumerate(lengths)]


def keeping(
    keep: Keep | None, most: int | None = None, *, metric: str | None = None, seed: int = 0
) -> ExportSettings:
    if keep in ("highest", "lowest"):
        metric = metric or "mtld"
    return ExportSettings(
        keep=KeepSettings(keep=keep, per_problem=most, keep_metric=metric), output=OutputSettings(seed=seed)
    )


def numbers(problem: ExportProblem) -> list[int]:
    return [attempt.number for attempt in problem.attempts]


def keys(problem: ExportProblem) -> list[AttemptKey]:
    return [(attempt.run_id, attempt.number) for attempt in problem.attempts]


def with_quotas(quotas: Mapping[str, int | None], *attempts: ExportAttempt) -> ExportProblem:
    return replace(problem_with(None, *attempts), quotas=quotas)


def test_every_rule_of_the_settings_is_there() -> None:
    assert set(RULES) == set(get_args(Keep))


@pytest.mark.parametrize("quota", [None, 5, 9])
def test_a_problem_that_loses_nothing_is_the_same_object(quota: int | None) -> None:
    problem = with_quotas({"run": quota}, *of_lengths(*LENGTHS))
    assert select_attempts(problem, ExportSettings()) is problem
    assert select_attempts(problem, keeping("shortest", 5)) is problem


def test_a_quota_takes_the_lowest_numbers_of_its_own_run() -> None:
    attempts = [
        *(an_attempt(number, run_id="one") for number in (0, 2, 5)),
        *(an_attempt(number, run_id="two") for number in (0, 1, 2)),
        *(an_attempt(number, run_id="without") for number in (3, 4)),
    ]
    problem = with_quotas({"one": 2, "two": 1, "without": None}, *attempts)
    expected = [("one", 0), ("one", 2), ("two", 0), ("without", 3), ("without", 4)]
    assert keys(select_attempts(problem, ExportSettings())) == expected


@pytest.mark.parametrize(("quota", "kept"), [(1, [0, 1, 2, 3]), (0, [0, 1, 3])])
def test_a_quota_counts_accepted_attempts_alone(quota: int, kept: list[int]) -> None:
    problem = with_quotas(
        {"run": quota}, a_rejected(0), an_undecided(1), an_attempt(2), a_rejected(3), an_attempt(4)
    )
    assert numbers(select_attempts(problem, ExportSettings())) == kept


def test_a_large_quota_of_one_run_spares_no_other() -> None:
    attempts = [an_attempt(0, run_id="one"), an_attempt(1, run_id="one"), an_attempt(0, run_id="two")]
    problem = with_quotas({"one": 1, "two": 9}, *attempts)
    assert keys(select_attempts(problem, ExportSettings())) == [("one", 0), ("two", 0)]


def test_the_rule_chooses_within_the_quota_unless_surplus_is_asked_for() -> None:
    problem = with_quotas({"run": 3}, *of_lengths(30, 20, 25, 10))
    assert numbers(select_attempts(problem, keeping("shortest"))) == [1]
    assert select_attempts(problem, ExportSettings(filter=WITH_SURPLUS)) is problem
    surplus = keeping("shortest").model_copy(update={"filter": WITH_SURPLUS})
    assert numbers(select_attempts(problem, surplus)) == [3]


@pytest.mark.parametrize(
    ("keep", "most", "expected"),
    [
        (None, 2, [0, 1]),
        ("first", 3, [0, 1, 2]),
        ("first", None, [0]),
        ("shortest", 1, [1]),
        ("shortest", 3, [1, 2, 3]),
        ("longest", 2, [0, 4]),
        ("longest", 4, [0, 1, 2, 4]),
        ("highest", 2, [1, 3]),
        ("lowest", 2, [0, 3]),
        ("highest", 4, [0, 1, 2, 3]),
        ("lowest", 4, [0, 1, 2, 3]),
    ],
)
def test_a_rule_keeps_these_in_order_of_number(
    keep: Keep | None, most: int | None, expected: list[int]
) -> None:
    values = {("run", 0): -2.0, ("run", 1): 7.0, ("run", 2): float("nan"), ("run", 3): 0.5}
    problem = problem_with(None, *of_lengths(*LENGTHS), metrics={"mtld": values})
    assert numbers(select_attempts(problem, keeping(keep, most))) == expected


def test_an_attempt_without_the_metric_comes_last_whichever_end_is_wanted() -> None:
    problem = problem_with(None, *of_lengths(1, 2, 3), metrics={"mtld": {("run", 2): -1e300}})
    assert numbers(select_attempts(problem, keeping("highest", 1))) == [2]
    assert numbers(select_attempts(problem, keeping("lowest", 2))) == [0, 2]
    assert numbers(select_attempts(problem, keeping("lowest", 1, metric="absent"))) == [0]


def test_each_outcome_has_its_own_few() -> None:
    problem = problem_with(None, an_attempt(0), an_attempt(1), a_rejected(2), a_rejected(3), an_undecided(4))
    assert numbers(select_attempts(problem, keeping("first", 1))) == [0, 2, 4]


def test_what_is_kept_by_lot_depends_on_seed_and_problem() -> None:
    attempts = of_lengths(*[1] * 50)
    chosen = {
        tuple(
            numbers(
                select_attempts(problem_with(a_problem(prompt), *attempts), keeping("random", 5, seed=seed))
            )
        )
        for seed in range(3)
        for prompt in ("one", "two")
    }
    assert len(chosen) == 6
    again = select_attempts(problem_with(a_problem("one"), *attempts), keeping("random", 5, seed=0))
    assert tuple(numbers(again)) in chosen


def test_every_attempt_is_as_likely_to_be_kept() -> None:
    problem = problem_with(None, *of_lengths(*[1] * 10))
    counts = [0] * 10
    for seed in range(1_000):
        for number in numbers(select_attempts(problem, keeping("random", 2, seed=seed))):
            counts[number] += 1
    assert all(150 <= count <= 250 for count in counts), counts


@given(st.sets(st.integers(0, 40), min_size=2), st.integers(0, 5))
def test_an_attempt_drawn_later_changes_the_lot_by_no_more_than_itself(drawn: set[int], seed: int) -> None:
    *before, last = (an_attempt(number) for number in sorted(drawn))
    settings = keeping("random", 3, seed=seed)
    old = set(numbers(select_attempts(problem_with(None, *before), settings)))
    new = set(numbers(select_attempts(problem_with(None, *before, last), settings)))
    assert new - old <= {last.number}


@pytest.mark.parametrize(
    ("texts", "most", "expected"),
    [
        (("red fox", "red fox!", "Red  FOX", "blue whale"), 2, [0, 3]),
        (("a b c d", "a b c x", "a b y z", "p q r s"), 3, [0, 2, 3]),
        (("a b", "c d", "c d e", "a b f"), 2, [0, 1]),
        (("", " ", "...", "word"), 2, [0, 3]),
        (("狐狸跑了", "狐狸跑", "鯨魚游泳"), 2, [0, 2]),
    ],
)
def test_diverse_keeps_those_with_the_fewest_words_in_common(
    texts: Sequence[str], most: int, expected: list[int]
) -> None:
    problem = problem_with(None, *(an_attempt(number, text) for number, text in enumerate(texts)))
    assert numbers(select_attempts(problem, keeping("diverse", most))) == expected


def test_more_than_can_be_compared_are_kept_first_come() -> None:
    problem = problem_with(None, *of_lengths(*[1] * 300))
    assert numbers(select_attempts(problem, keeping("diverse", 250))) == list(range(250))


def test_diverse_looks_at_the_start_of_a_long_text_alone() -> None:
    same, like_it = "red fox " * 2_500, "red fox whale " * 2_000
    texts = (same + "wild words alone " * 100_000, same + "quite other ones " * 100_000, like_it)
    problem = problem_with(None, *(an_attempt(number, text) for number, text in enumerate(texts)))
    assert numbers(select_attempts(problem, keeping("diverse", 2))) == [0, 2]


@pytest.mark.timeout(60)
def test_diverse_ends_on_long_and_hostile_text() -> None:
    long = [an_attempt(number, f"w{number} x\ud800 \ufdfa" * 1_000_000) for number in range(3)]
    short = [an_attempt(number, f"w{number} common words") for number in range(3, 1_000)]
    assert numbers(select_attempts(problem_with(None, *long, *short), keeping("diverse", 150))) == [
        0,
        *range(3, 152),
    ]


@given(
    st.lists(st.tuples(HOSTILE, st.sampled_from(Outcome), st.integers(0, 9)), max_size=12),
    st.sampled_from(get_args(Keep)),
    st.integers(1, 4),
)
def test_as_many_of_each_outcome_as_there_are_or_may_be(
    drawn: list[tuple[str, Outcome, int]], keep: Keep, most: int
) -> None:
    attempts = [
        an_attempt(number // 2, text, outcome, tokens=tokens, run_id=f"run{number % 2}")
        for number, (text, outcome, tokens) in enumerate(drawn)
    ]
    problem = problem_with(None, *sorted(attempts, key=lambda one: (one.run_id, one.number)))
    found = select_attempts(problem, keeping(keep, most))
    for outcome in Outcome:
        assert len(found.with_outcome(outcome)) == min(most, len(problem.with_outcome(outcome)))
    assert keys(found) == sorted(keys(found))
    assert select_attempts(found, keeping(keep, most)) is found


@pytest.mark.parametrize("keep", get_args(Keep))
def test_no_text_stops_a_rule(keep: Keep) -> None:
    problem = problem_with(None, *(an_attempt(number, text) for number, text in enumerate(HOSTILE_TEXTS)))
    assert len(select_attempts(problem, keeping(keep, 3)).attempts) == 3


@given(st.lists(st.lists(st.sampled_from("abcdefghijklmnopqrstuvwxyz"), max_size=6), min_size=2, max_size=8))
def test_diverse_is_what_comparing_sets_of_words_finds(drawn: list[list[str]]) -> None:
    words = [frozenset(text) for text in drawn]
    expected = [0]
    while len(expected) < 3 and len(expected) < len(words):
        near = {
            at: max(len(words[at] & words[by]) / len(words[at] | words[by] or {""}) for by in expected)
            if words[at]
            else float(any(not words[by] for by in expected))
            for at in range(len(words))
            if at not in expected
        }
        expected.append(min(near, key=lambda at: (near[at], at)))
    problem = problem_with(None, *(an_attempt(number, " ".join(text)) for number, text in enumerate(drawn)))
    assert numbers(select_attempts(problem, keeping("diverse", 3))) == sorted(expected)
