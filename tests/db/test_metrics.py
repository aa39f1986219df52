"""Metrics of responses: put in place of what is there, and told from those that are missing."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, select

from gristmill.db.metrics import Measured, add_metrics, lacks_metric, metric_means, metrics_of, put_metrics
from gristmill.db.moments import export_cutoff
from gristmill.db.problems import CHUNK
from gristmill.db.sessions import Session, reading, writing
from gristmill.db.tables.instructions import MetricRow
from gristmill.sampling.records import Outcome
from tests.db.samples import RUN, a_problem, an_attempt, commit, read, start_run, store

ONE, TWO, THREE = a_problem(1), a_problem(2), a_problem(3)
REJECTED = Outcome.REJECTED
LATER = datetime(9999, 1, 1, tzinfo=UTC)


def measure_as(engine: Engine, measured: Sequence[Measured], run_id: str = RUN) -> None:
    commit(engine, put_metrics, run_id, measured)


def found(engine: Engine, run_id: str = RUN, problem_id: str = ONE.id) -> dict[int, list[Measured]]:
    return read(engine, metrics_of, run_id, problem_id)


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


def test_what_is_put_stands_in_place_of_what_is_there_and_the_rest_stays(engine: Engine) -> None:
    start_run(engine, [ONE])
    store(engine, [an_attempt(ONE, number) for number in range(2)])
    first = [Measured(ONE.id, number, name, 1.0, 1) for number in range(2) for name in ("fog", "words")]
    measure_as(engine, first)
    changed = Measured(ONE.id, 0, "words", 2.0, None)
    measure_as(engine, [changed])
    measure_as(engine, [])
    assert found(engine) == {0: [first[0], changed], 1: first[2:]}


def moments(engine: Engine) -> list[datetime | None]:
    with reading(engine) as session:
        rows = session.execute(select(MetricRow.created_at).order_by(MetricRow.number, MetricRow.name))
        return [moment for (moment,) in rows]


@pytest.mark.parametrize("again", [add_metrics, put_metrics])
def test_when_a_metric_was_first_computed_stays(
    engine: Engine, again: Callable[[Session, str, Sequence[Measured]], None]
) -> None:
    start_run(engine, [ONE])
    store(engine, [an_attempt(ONE, number) for number in range(2)])
    words = [Measured(ONE.id, number, "words", 1.0, None) for number in range(2)]
    measure_as(engine, words[:1])
    [first] = moments(engine)
    commit(engine, again, RUN, words)
    stayed, later = moments(engine)
    assert first is not None
    assert later is not None
    assert stayed == first < later


def test_metrics_are_of_one_run_alone(engine: Engine) -> None:
    for run_id, value in ((RUN, 1.0), ("run-2", 2.0)):
        start_run(engine, [ONE], run_id)
        store(engine, [an_attempt(ONE, 0)], run_id)
        measure_as(engine, [Measured(ONE.id, 0, "words", value, 1)], run_id)
    assert [found(engine, run_id)[0][0].value for run_id in (RUN, "run-2")] == [1.0, 2.0]


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


def test_a_run_lacks_a_metric_while_one_of_its_responses_has_no_value(engine: Engine) -> None:
    def lacks(name: str = "words", run_id: str = RUN, as_of: datetime = LATER) -> bool:
        return read(engine, lacks_metric, run_id, name, as_of)

    start_run(engine, [ONE, TWO])
    assert not lacks(), "there is nothing to measure"
    store(engine, [an_attempt(ONE, 0), an_attempt(ONE, 1, REJECTED), an_attempt(TWO, 0)])
    start_run(engine, [ONE], "run-2")
    store(engine, [an_attempt(ONE, 0)], "run-2")
    keys = [(ONE.id, 0), (ONE.id, 1), (TWO.id, 0)]
    measure_as(engine, [Measured(*key, "words", 1.0, None) for key in keys[:2]])
    assert lacks(), "one of another problem is left"
    measure_as(engine, [Measured(*key, "words", 1.0, None) for key in keys])
    assert not lacks()
    assert lacks("characters")
    assert lacks(run_id="run-2"), "values are those of a run"
    moment = commit(engine, export_cutoff, [RUN])
    store(engine, [an_attempt(TWO, 1)])
    assert lacks(), "one was drawn since"
    assert not lacks(as_of=moment)
    assert lacks("characters", as_of=moment)
