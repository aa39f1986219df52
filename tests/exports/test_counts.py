"""The counts of an export, against counting every row by itself."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gristmill.db.exports.records import ExportAttempt
from gristmill.db.text import escaped
from gristmill.exports.rows import Row
from gristmill.exports.write_rows import MOST_VALUES, OTHERS, Counts
from gristmill.sampling.records import Outcome, Problem
from tests.exports.samples import a_problem, a_rejected, an_attempt

DIMENSIONS = ["split", "source", "level", "run", "model", "verifier", "reason"]
NAMES = st.sampled_from(("a", "b", "", "\ud800", "\x00", "\U00100e5c"))
Counted = tuple[str, Problem, Row]


@st.composite
def attempts(draw: st.DrawFn) -> ExportAttempt:
    made = an_attempt(draw(st.integers(0, 2)), outcome=draw(st.sampled_from(Outcome)))
    return made._replace(
        run_id=draw(NAMES), model=draw(NAMES), verifier=draw(NAMES), reason=draw(st.sampled_from("xy"))
    )


@st.composite
def counted(draw: st.DrawFn) -> Counted:
    problem = a_problem(level=draw(NAMES), source=draw(NAMES))
    of_row = tuple(draw(st.lists(attempts(), max_size=2)))
    return draw(st.sampled_from(("train", "test"))), problem, Row({}, of_row)


def counts_of(rows: list[Counted]) -> Counts:
    counts = Counts()
    for split, problem, row in rows:
        counts.add(split, problem, row)
    return counts


def one_by_one(rows: list[Counted]) -> dict[str, dict[str, int]]:
    found: dict[str, Counter[str]] = {name: Counter() for name in DIMENSIONS}
    for split, problem, row in rows:
        found["split"][escaped(split)] += 1
        found["source"][escaped(problem.source)] += 1
        found["level"][escaped(problem.level)] += 1
        for attempt in row.attempts:
            found["run"][escaped(attempt.run_id)] += 1
            found["model"][escaped(attempt.model)] += 1
            found["verifier"][escaped(attempt.verifier)] += 1
            found["reason"][f"{attempt.outcome.value}: {attempt.reason}"] += 1
    return {name: dict(counter) for name, counter in found.items()}


@given(st.lists(counted(), max_size=12))
def test_tables_are_what_counting_one_by_one_gives(rows: list[Counted]) -> None:
    counts = counts_of(rows)
    assert counts.rows == len(rows)
    assert list(counts.tables()) == DIMENSIONS
    assert counts.tables() == one_by_one(rows)


@given(st.lists(counted(), max_size=12))
def test_models_are_those_of_the_attempts_in_the_rows(rows: list[Counted]) -> None:
    found: dict[str, set[str]] = {}
    for _, _, row in rows:
        for attempt in row.attempts:
            found.setdefault(attempt.run_id, set()).add(attempt.model)
    assert counts_of(rows).models() == {run_id: sorted(models) for run_id, models in found.items()}


@given(st.lists(counted(), max_size=12), st.randoms())
def test_tables_do_not_depend_on_the_order_of_the_rows(rows: list[Counted], random: object) -> None:
    before = {name: list(table.items()) for name, table in counts_of(rows).tables().items()}
    random.shuffle(rows)  # type: ignore[attr-defined]
    assert {name: list(table.items()) for name, table in counts_of(rows).tables().items()} == before


def test_nothing_is_counted_where_there_is_nothing() -> None:
    assert counts_of([]).tables() == {name: {} for name in DIMENSIONS}
    assert counts_of([]).models() == {}
    assert counts_of([]).rows == 0


def test_both_attempts_of_a_pair_count_and_a_record_of_a_problem_alone_counts_none() -> None:
    chosen, rejected = an_attempt(0, run_id="one", model="m"), a_rejected(1)
    problem = replace(a_problem(), level="5")
    counts = counts_of([("train", problem, Row({}, (chosen, rejected))), ("train", problem, Row({}, ()))])
    tables = counts.tables()
    assert tables["split"] == {"train": 2}
    assert tables["level"] == {"5": 2}
    assert tables["run"] == {"one": 1, "run": 1}
    assert tables["reason"] == {"accepted: equal": 1, "rejected: wrong-answer": 1}
    assert counts.models() == {"one": ["m"], "run": ["model"]}


def test_two_names_that_are_escaped_alike_are_still_two() -> None:
    """The escape character is escaped itself, so that no name can pass for another one's escaped form."""
    problems = [a_problem(level=level) for level in ("\ud800", "\U00100e5cd800")]
    tables = counts_of([("train", problem, Row({}, ())) for problem in problems]).tables()
    assert sorted(tables["level"].values()) == [1, 1]


@pytest.mark.parametrize("dimension", ["source", "level"])
def test_beyond_a_thousand_sources_or_levels_the_others_are_counted_together(dimension: str) -> None:
    """A data set may give every problem one of its own: the manifest and the card are not to grow with it."""
    names = [f"{n:05}" for n in range(3_000)]
    rows = [
        ("train", replace(a_problem(), **{dimension: name}), Row({}, ()))  # type: ignore[arg-type]
        for name in (*names, *names[:1_500], names[0])
    ]
    tables = counts_of(rows).tables()
    assert len(tables[dimension]) == MOST_VALUES + 1
    assert tables[dimension][OTHERS] == 2_000 + 500
    assert tables[dimension][names[0]] == 3, "the first that are met keep their name"
    assert tables[dimension][names[MOST_VALUES - 1]] == 2
    assert names[MOST_VALUES] not in tables[dimension]
    assert tables["split"] == {"train": len(rows)}


def test_a_thousand_are_all_named_and_sources_do_not_count_against_levels() -> None:
    problems = [a_problem(source=f"source {n}", level=f"level {n}") for n in range(MOST_VALUES)]
    tables = counts_of([("train", problem, Row({}, ())) for problem in problems]).tables()
    for dimension in ("source", "level"):
        assert len(tables[dimension]) == MOST_VALUES
        assert OTHERS not in tables[dimension]
