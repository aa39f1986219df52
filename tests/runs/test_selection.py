"""The choice among accepted responses by a metric: which one is kept, and what stays of the others."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import fmean

import pytest
from pydantic import ValidationError
from sqlalchemy import Engine

import gristmill.runs.selection
from gristmill.db.metrics import Measured, metric_means, metrics_of
from gristmill.db.sessions import Session, reading, writing
from gristmill.db.verdicts import Verified, append_verdicts
from gristmill.runs.selection import measure, measured
from gristmill.runs.settings.selection import SelectionSettings
from gristmill.sampling.records import Outcome
from gristmill.verifiers.metrics import METRICS, Metric
from tests.db.samples import RUN, a_problem, a_verdict, an_attempt, commit
from tests.support.selections import exported, selected, start, stored

EXPECTED_MAXIMUM = {1: 0.0, 2: 0.5642, 4: 1.0294, 8: 1.4236}
"""Of k independent standard normal values."""


@pytest.fixture(autouse=True)
def number_metric(monkeypatch: pytest.MonkeyPatch) -> None:
    """A metric that reads its value from the text, so that a test can say what it is to be."""
    monkeypatch.setitem(METRICS, "number", Metric("number", float, "the number that the text is"))


def by_number(select: str = "highest", **more: object) -> SelectionSettings:
    return SelectionSettings.model_validate({"select_by": "number", "select": select, **more})


def responses(values: list[float], outcomes: dict[int, Outcome] | None = None) -> list[Verified]:
    """The responses to one problem, their values in order of number; accepted unless said otherwise."""
    problem = a_problem(1)
    found = []
    for number, value in enumerate(values):
        attempt = an_attempt(problem, number, (outcomes or {}).get(number, Outcome.ACCEPTED), repr(value))
        found.append(Verified(problem, number, attempt.response, attempt.verdict))
    return found


def ranks(measures: list[Measured]) -> list[int | None]:
    return [one.rank for one in sorted(measures, key=lambda one: one.number)]


def normal_values(problems: int, each: int, seed: int = 12) -> list[list[float]]:
    rng = random.Random(seed)
    return [[rng.gauss() for _ in range(each)] for _ in range(problems)]


@pytest.mark.parametrize(
    "k", [4, *(pytest.param(k, marks=pytest.mark.full) for k in EXPECTED_MAXIMUM if k != 4)]
)
def test_the_best_of_k_normal_values_has_the_mean_of_their_maximum(k: int) -> None:
    """AT-A12: 5,000 problems with k accepted responses each, whose metric is standard normal."""
    kept = []
    for values in normal_values(5_000, k):
        found = list(measured(responses(values), by_number()))
        assert len(found) == k, "losers keep their value"
        assert sorted(rank for rank in ranks(found) if rank) == list(range(1, k + 1)), "and their rank"
        kept += [one.value for one in found if one.rank == 1]
    assert len(kept) == 5_000
    assert fmean(kept) == pytest.approx(EXPECTED_MAXIMUM[k], abs=0.05)


@pytest.mark.parametrize("select", ["highest", "lowest"])
def test_through_the_store_each_problem_gives_its_best_and_the_others_stay_with_value_and_rank(
    engine: Engine, select: str
) -> None:
    best = max if select == "highest" else min
    values = normal_values(50, 8)
    start(engine, values)
    assert measure(engine, RUN, by_number(select)) == 400
    assert selected(engine) == [best(of_problem) for of_problem in values]
    assert exported(engine, select) == selected(engine)
    with reading(engine) as session:
        [(name, count, mean, first)] = metric_means(session, RUN)
        measures = metrics_of(session, RUN, a_problem(0).id)
    assert (name, count) == ("number", 400)
    assert mean == pytest.approx(fmean(value for of_problem in values for value in of_problem))
    assert first == pytest.approx(fmean(map(best, values)))
    in_order = sorted(values[0], reverse=select == "highest")
    for number, value in enumerate(values[0]):
        rank = 1 + in_order.index(value)
        assert measures[number] == [Measured(a_problem(0).id, number, "number", value, rank)]


@pytest.mark.parametrize(
    ("values", "select", "expected"),
    [
        ([1.0, 3.0, 2.0], "highest", [3, 1, 2]),
        ([1.0, 3.0, 2.0], "lowest", [1, 3, 2]),
        ([2.0, 2.0, 2.0], "highest", [1, 2, 3]),
        ([2.0, 2.0, 2.0], "lowest", [1, 2, 3]),
        ([0.0, -0.0, 1.0], "highest", [2, 3, 1]),
        ([-0.0, 0.0, -1.0], "lowest", [2, 3, 1]),
        ([-1e308, 1e308, 5e-324, 0.0], "highest", [4, 1, 2, 3]),
        ([7.0], "highest", [1]),
        ([], "highest", []),
    ],
)
def test_of_equal_values_the_earlier_drawn_comes_first(
    values: list[float], select: str, expected: list[int]
) -> None:
    assert ranks(list(measured(responses(values), by_number(select)))) == expected


@pytest.mark.parametrize("select", ["highest", "lowest"])
def test_an_export_breaks_ties_as_ranks_do(engine: Engine, select: str) -> None:
    values = [[2.0, 2.0, 1.0, 1.0], [0.0, -0.0], [-0.0, 0.0], [7.0], []]
    start(engine, values)
    measure(engine, RUN, by_number(select))
    assert list(map(repr, exported(engine, select))) == list(map(repr, selected(engine)))


def test_a_response_that_is_not_accepted_is_measured_and_not_ranked() -> None:
    outcomes = {1: Outcome.REJECTED, 3: Outcome.UNDECIDED}
    found = list(measured(responses([1.0, 9.0, 2.0, 9.0], outcomes), by_number()))
    assert ranks(found) == [2, None, 1, None]
    assert [one.value for one in found] == [1.0, 9.0, 2.0, 9.0]
    none = list(measured(responses([1.0], {0: Outcome.REJECTED}), by_number()))
    assert ranks(none) == [None]


def test_only_the_metric_that_is_selected_by_is_ranked() -> None:
    settings = by_number(metrics=("words", "number", "characters", "words"))
    assert settings.wanted == ("number", "words", "characters")
    found = list(measured(responses([1.0, 22.0]), settings))
    assert [(one.number, one.name, one.value, one.rank) for one in found] == [
        (0, "number", 1.0, 2),
        (0, "words", 1.0, None),
        (0, "characters", 3.0, None),
        (1, "number", 22.0, 1),
        (1, "words", 1.0, None),
        (1, "characters", 4.0, None),
    ]
    plain = SelectionSettings.model_validate({"metrics": ["characters"]})
    assert ranks(list(measured(responses([1.0, 22.0]), plain))) == [None, None]


def test_measuring_twice_changes_nothing(engine: Engine) -> None:
    start(engine, normal_values(5, 4))
    settings = by_number(metrics=("words",))
    assert measure(engine, RUN, settings) == 20
    first = stored(engine)
    assert len(first) == 40
    assert measure(engine, RUN, settings) == 20
    assert stored(engine) == first


def test_measuring_again_follows_the_verdicts_of_today(engine: Engine) -> None:
    start(engine, [[1.0, 2.0, 3.0]])
    measure(engine, RUN, by_number())
    commit(engine, append_verdicts, RUN, [(a_problem(0).id, 2, a_verdict(Outcome.REJECTED, "2"))])
    measure(engine, RUN, by_number())
    assert [row[4] for row in stored(engine)] == [2, 1, None]
    assert selected(engine) == [2.0]


def test_other_settings_take_no_metric_away_and_rank_by_their_own(engine: Engine) -> None:
    start(engine, [[1.0, 22.0]])
    measure(engine, RUN, by_number())
    measure(engine, RUN, SelectionSettings.model_validate({"select_by": "characters", "select": "lowest"}))
    told = [(name, value, rank) for _, _, name, value, rank in stored(engine)]
    assert ("characters", 3.0, 1) in told
    assert ("characters", 4.0, 2) in told
    assert [value for name, value, _ in told if name == "number"] == [1.0, 22.0]
    measure(engine, RUN, by_number("lowest"))
    assert [row[4] for row in stored(engine) if row[2] == "number"] == [1, 2]


def test_whoever_reads_while_ranks_change_finds_every_metric(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store is read between any two transactions, as another process might."""
    monkeypatch.setattr(gristmill.runs.selection, "_GROUP", 2)
    start(engine, [[1.0, 2.0, 3.0], [4.0, 5.0], [6.0]])
    measure(engine, RUN, by_number())
    seen: list[list[tuple[object, ...]]] = []

    @contextmanager
    def watched(opened: Engine) -> Iterator[Session]:
        seen.append(stored(engine))
        with writing(opened) as session:
            yield session
        seen.append(stored(engine))

    monkeypatch.setattr(gristmill.runs.selection, "writing", watched)
    assert measure(engine, RUN, by_number("lowest")) == 6
    assert len(seen) > 4
    assert {tuple(row[:4] for row in rows) for rows in seen} == {tuple(row[:4] for row in stored(engine))}
    assert seen[0] != seen[-1], "ranks did change"
    assert selected(engine) == [1.0, 4.0, 6.0]


def test_where_no_metric_is_wanted_nothing_is_read_or_written(engine: Engine) -> None:
    start(engine, [[1.0]])
    measure(engine, RUN, by_number())
    assert measure(engine, RUN, SelectionSettings.model_validate({})) == 0
    assert len(stored(engine)) == 1


def test_what_is_measured_is_written_in_groups_and_whole(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gristmill.runs.selection, "_GROUP", 7)
    values = normal_values(12, 5)
    start(engine, values)
    assert measure(engine, RUN, by_number()) == 60
    assert len(stored(engine)) == 60
    assert selected(engine) == [max(of_problem) for of_problem in values]


@pytest.mark.parametrize(
    "fields",
    [{"select_by": "mtdl"}, {"select_by": ""}, {"metrics": ["words", "x\x00"]}, {"select": "best"}],
)
def test_a_metric_that_is_not_known_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        SelectionSettings.model_validate(fields)
