"""Querying a training set: order, several runs, windows, any text, constant memory."""

import gc
import tracemalloc
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, event

import gristmill.db.exports.query
from gristmill.db.exports.query import export_problems
from gristmill.db.exports.records import ExportAttempt, ExportProblem
from gristmill.db.sessions import reading
from gristmill.db.tables.core import ParentRow
from gristmill.sampling.records import Outcome, Tally
from tests.db.export_queries import ONE, THREE, TWO, keys, query
from tests.db.histories import (
    LATEST,
    POOL,
    found,
    kept,
    write_run,
)
from tests.db.samples import RUN, a_problem, start_run, store
from tests.db.samples import an_attempt as recorded

ACCEPTED, REJECTED = Outcome.ACCEPTED, Outcome.REJECTED
TEXTS = ("", "plain", "\x00", "\ud800", "\U00100e5c0041", "\u202e", '{"a": "b"}\n', "\U0001f600" * 9)


def test_problems_come_by_id_and_attempts_by_number_wherever_they_stand_in_the_run(engine: Engine) -> None:
    attempts = [kept(problem, number) for problem in (TWO, ONE) for number in (10, 9, 0)]
    write_run(engine, [THREE, TWO, ONE], *attempts)
    problems = found(engine, query())
    assert [problem.problem for problem in problems] == [ONE, TWO, THREE]
    assert [[number for _, number in keys(problem)] for problem in problems] == [[0, 9, 10], [0, 9, 10], []]


def test_runs_are_merged_problem_by_problem_in_the_order_they_are_named(engine: Engine) -> None:
    write_run(engine, [ONE, TWO], kept(ONE, 1), kept(TWO, 0), run_id="a")
    write_run(engine, [THREE, ONE], kept(ONE, 0), kept(THREE, 2), run_id="b")
    write_run(engine, [ONE], kept(ONE, 7), run_id="c")
    problems = {problem.problem.id: keys(problem) for problem in found(engine, query("b", "a"))}
    assert problems == {ONE.id: [("b", 0), ("a", 1)], TWO.id: [("a", 0)], THREE.id: [("b", 2)]}


def test_everything_that_explains_an_attempt_and_its_problem_is_there(engine: Engine) -> None:
    made = replace(ONE, parents=("z", "a", "\ud800"), origin={"file": "a.jsonl", "line": "\x00"})
    one = kept(made, 3, REJECTED, ACCEPTED, model="m", completion_tokens=8, cumulative_logprob=None, text="t")
    write_run(engine, [made], one)
    [problem] = found(engine, query())
    assert problem == ExportProblem(
        made, {RUN: None}, [ExportAttempt(RUN, 3, 1, "m", ACCEPTED, "equal", "math", 8, None, "t")]
    )


def test_a_problem_without_attempts_that_are_wanted_comes_without_any(engine: Engine) -> None:
    write_run(engine, [ONE, TWO], kept(ONE, 0, REJECTED))
    assert [(problem.problem, list(problem.attempts)) for problem in found(engine, query())] == [
        (ONE, []),
        (TWO, []),
    ]


def test_where_no_outcome_is_wanted_the_problems_come_alone(engine: Engine) -> None:
    write_run(engine, [ONE, TWO], kept(ONE, 0), kept(TWO, 0, REJECTED))
    problems = found(engine, query(outcomes=(), tally=True))
    assert [list(problem.attempts) for problem in problems] == [[], []]
    assert [problem.tally for problem in problems] == [
        Tally(accepted=1, tokens=5),
        Tally(rejected=1, tokens=5),
    ]


@pytest.mark.parametrize("run_ids", [("nope",), (RUN, "nope"), ()])
def test_runs_without_problems_give_nothing(engine: Engine, run_ids: tuple[str, ...]) -> None:
    write_run(engine, [])
    assert found(engine, replace(query(), run_ids=run_ids)) == []


def test_parents_of_problems_of_other_runs_are_not_read(engine: Engine) -> None:
    """A store of many runs has more of them than fit into memory."""
    ours = replace(ONE, parents=("a", "b"))
    others = [replace(a_problem(f"other {n}"), parents=("c", "d", "e")) for n in range(50)]
    write_run(engine, [ours])
    write_run(engine, [ours, *others], run_id="run-2")
    asked: list[tuple[str, Any]] = []
    event.listen(engine, "before_cursor_execute", lambda _c, _u, sql, values, *_: asked.append((sql, values)))
    assert [problem.problem for problem in found(engine, query())] == [ours]
    of_parents = [(sql, values) for sql, values in asked if f"FROM {ParentRow.__tablename__}" in sql]
    with engine.connect() as connection:
        rows = [len(connection.exec_driver_sql(sql, values).all()) for sql, values in of_parents]
    assert rows == [2]


def test_what_was_recorded_in_the_usual_way_is_cut(engine: Engine) -> None:
    start_run(engine, [ONE])
    store(engine, [recorded(ONE, 0), recorded(ONE, 1, REJECTED)])
    [problem] = found(engine, query(outcomes=(ACCEPTED, REJECTED)))
    assert [attempt.outcome for attempt in problem.attempts] == [ACCEPTED, REJECTED]


@pytest.mark.parametrize("text", TEXTS)
def test_any_text_comes_back_equal(engine: Engine, text: str) -> None:
    odd = replace(a_problem(f"odd {text}"), level=text, source=text)
    write_run(engine, [odd], kept(odd, 0, text=text, model=text))
    conditions = query(levels=(text,), sources=(text,), models=(text,))
    [problem] = found(engine, conditions)
    assert problem.problem == odd
    assert [(attempt.text, attempt.model) for attempt in problem.attempts] == [(text, text)]


@pytest.mark.parametrize("size", [1, 2, 3, 4, 7, 8])
def test_windows_of_any_size_take_in_every_problem_once(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(gristmill.db.exports.query, "WINDOW_PROBLEMS", size)
    in_order = sorted(POOL[:7], key=lambda problem: problem.id)
    write_run(engine, in_order, *(kept(problem, 0) for problem in in_order), run_id="a")
    write_run(engine, in_order[3:], run_id="b")
    write_run(engine, in_order[:1], kept(in_order[0], 4), run_id="c")
    problems = found(engine, query("a", "b", "c"))
    assert [problem.problem for problem in problems] == in_order
    assert [keys(problem) for problem in problems] == [[("a", 0), ("c", 4)], *[[("a", 0)]] * 6]


def test_a_query_takes_constant_memory(engine: Engine) -> None:
    problems = [a_problem(name) for name in range(60)]
    start_run(engine, problems)
    long = "x" * 10_000
    for number in range(25):
        store(engine, [recorded(problem, number, text=long) for problem in problems])
    with reading(engine) as session:
        tracemalloc.start()
        attempts = sum(len(problem.attempts) for problem in export_problems(session, query()))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert attempts == 1_500
    assert peak < 9_000_000 < attempts * len(long)


def test_a_query_that_is_broken_off_leaves_nothing_open(engine: Engine) -> None:
    for run_id in ("a", "b"):
        attempts = [kept(ONE, number) for number in range(600)]
        write_run(engine, [ONE, TWO], *attempts, kept(TWO, 0), run_id=run_id)
    with reading(engine) as session:
        assert next(export_problems(session, query("a", "b"))).problem == ONE
    gc.collect()  # a cursor that is still open then warns, and a warning is an error
    assert [len(problem.attempts) for problem in found(engine, query("a", "b", as_of=LATEST))] == [1_200, 2]
