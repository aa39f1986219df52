"""Metrics of responses: written anew as a whole, and what is selected by them."""

from collections.abc import Sequence

import pytest
from sqlalchemy import Engine

from db.exports import accepted_rows
from db.metrics import (
    Measured,
    add_metrics,
    clear_metrics,
    metric_means,
    metrics_of,
    ranks_are_current,
)
from db.problems import CHUNK
from db.sessions import reading, writing
from db.verdicts import append_verdicts
from sampling.errors import DataError
from sampling.records import Outcome
from tests.db.samples import RUN, a_problem, a_verdict, an_attempt, start_run, store

ONE, TWO, THREE = a_problem(1), a_problem(2), a_problem(3)
REJECTED = Outcome.REJECTED


def measure_as(engine: Engine, measured: Sequence[Measured], run_id: str = RUN) -> None:
    with writing(engine) as session:
        clear_metrics(session, run_id)
        add_metrics(session, run_id, measured)


def found(engine: Engine, run_id: str = RUN, problem_id: str = ONE.id) -> dict[int, list[Measured]]:
    with reading(engine) as session:
        return metrics_of(session, run_id, problem_id)


def chosen(engine: Engine, *run_ids: str, with_surplus: bool = False) -> list[tuple[str, str, int]]:
    with reading(engine) as session:
        rows = accepted_rows(session, run_ids, with_surplus=with_surplus, selected=True)
        return [(row.run_id, row.problem.reference, row.number) for row in rows]


def current(engine: Engine, run_id: str = RUN) -> bool:
    with reading(engine) as session:
        return ranks_are_current(session, run_id)


def test_metrics_come_back_by_number_and_name(engine: Engine) -> None:
    start_run(engine, [ONE, TWO])
    store(engine, [an_attempt(problem, number) for problem in (ONE, TWO) for number in (0, 9, 10)])
    words = [Measured(ONE.id, number, "words", number / 3, rank) for number, rank in ((10, 1), (9, None))]
    fog = Measured(ONE.id, 9, "gunning-fog", -1e300, None)
    measure_as(engine, [*words, fog, Measured(TWO.id, 0, "words", 1.0, 1)])
    assert found(engine) == {9: [fog, words[1]], 10: [words[0]]}
    assert list(found(engine)) == [9, 10]


def test_what_is_there_stays_when_it_is_added_again(engine: Engine) -> None:
    start_run(engine, [ONE])
    store(engine, [an_attempt(ONE, 0)])
    first, second = Measured(ONE.id, 0, "words", 1.0, 1), Measured(ONE.id, 0, "words", 2.0, None)
    with writing(engine) as session:
        add_metrics(session, RUN, [first])
        add_metrics(session, RUN, [second, first])
        add_metrics(session, RUN, [])
    assert found(engine) == {0: [first]}


def test_clearing_is_for_one_run_alone(engine: Engine) -> None:
    for run_id in (RUN, "run-2"):
        start_run(engine, [ONE], run_id)
        store(engine, [an_attempt(ONE, 0)], run_id)
        measure_as(engine, [Measured(ONE.id, 0, "words", 1.0, 1)], run_id)
    with writing(engine) as session:
        clear_metrics(session, RUN)
    assert found(engine) == {}
    assert len(found(engine, "run-2")) == 1


def test_clearing_a_run_that_is_not_there_says_so(engine: Engine) -> None:
    with pytest.raises(DataError, match="there is no run 'x'"), writing(engine) as session:
        clear_metrics(session, "x")


def test_more_than_one_statement_takes_is_written_whole(engine: Engine) -> None:
    start_run(engine, [ONE])
    store(engine, [an_attempt(ONE, number) for number in range(CHUNK + 1)])
    measured = [Measured(ONE.id, number, "words", float(number), None) for number in range(CHUNK + 1)]
    measure_as(engine, measured)
    assert [item for items in found(engine).values() for item in items] == measured


def test_means_are_of_all_measured_and_of_those_that_rank_first(engine: Engine) -> None:
    start_run(engine, [ONE, TWO])
    store(engine, [an_attempt(problem, number) for problem in (ONE, TWO) for number in range(2)])
    values = {(ONE.id, 0): 1.0, (ONE.id, 1): 5.0, (TWO.id, 0): 4.0, (TWO.id, 1): 2.0}
    ranked = [Measured(*key, "words", value, 1 if value > 3 else 2) for key, value in values.items()]
    plain = [Measured(*key, "characters", 10 * value, None) for key, value in values.items()]
    measure_as(engine, [*ranked, *plain])
    with reading(engine) as session:
        assert metric_means(session, RUN) == [("characters", 4, 30.0, None), ("words", 4, 3.0, 4.5)]
        assert metric_means(session, "run-2") == []


def test_of_each_problem_the_first_by_rank_is_exported_whatever_its_number_and_the_quota(
    engine: Engine,
) -> None:
    for run_id in (RUN, "run-2"):
        start_run(engine, [TWO, ONE, THREE], run_id)
        store(engine, [an_attempt(problem, n) for problem in (ONE, TWO) for n in range(3)], run_id)
        store(engine, [an_attempt(THREE, 0, REJECTED)], run_id)
    first = [(ONE.id, 2), (TWO.id, 0)]
    measured = [
        Measured(problem.id, n, "words", 1.0, 1 if (problem.id, n) in first else 2 + n)
        for problem in (ONE, TWO)
        for n in range(3)
    ]
    measure_as(engine, [*measured, Measured(THREE.id, 0, "words", 9.0, None)])
    assert chosen(engine, RUN) == [(RUN, "2", 0), (RUN, "1", 2)]
    assert chosen(engine, "run-2") == [], "nothing of it is ranked"
    with reading(engine) as session:
        assert sum(1 for _ in accepted_rows(session, [RUN], with_surplus=True)) == 6


def test_a_response_that_is_no_longer_accepted_is_not_exported_though_it_ranks_first(engine: Engine) -> None:
    start_run(engine, [ONE])
    store(engine, [an_attempt(ONE, 0), an_attempt(ONE, 1)])
    measure_as(engine, [Measured(ONE.id, n, "words", 1.0, n + 1) for n in range(2)])
    with writing(engine) as session:
        append_verdicts(session, RUN, [(ONE.id, 0, a_verdict(REJECTED, "2"))])
    assert chosen(engine, RUN) == []


def test_ranks_are_current_when_what_is_accepted_now_is_what_is_ranked(engine: Engine) -> None:
    start_run(engine, [ONE, TWO])
    assert current(engine), "there is nothing to rank"
    store(engine, [an_attempt(ONE, 0), an_attempt(ONE, 1, REJECTED)])
    assert not current(engine), "nothing is ranked yet"
    plain = [Measured(ONE.id, n, "characters", 1.0, None) for n in range(2)]
    ranked = [Measured(ONE.id, 0, "words", 1.0, 1), Measured(ONE.id, 1, "words", 1.0, None)]
    measure_as(engine, plain)
    assert not current(engine), "measured and not ranked"
    measure_as(engine, [*plain, *ranked])
    assert current(engine)
    with writing(engine) as session:
        append_verdicts(session, RUN, [(ONE.id, 1, a_verdict(Outcome.ACCEPTED, "2"))])
    assert not current(engine), "one more is accepted"
    with writing(engine) as session:
        append_verdicts(session, RUN, [(ONE.id, 1, a_verdict(REJECTED, "3"))])
    assert current(engine)
    with writing(engine) as session:
        append_verdicts(session, RUN, [(ONE.id, 0, a_verdict(REJECTED, "3"))])
    assert not current(engine), "the one that is ranked is rejected"
