"""What is recorded of attempts: all of it, of one moment, in as many queries for many problems as for one."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, event, update

from gristmill.db.clock import now
from gristmill.db.exports.attempt_details import attempt_details
from gristmill.db.exports.records import AttemptDetail
from gristmill.db.metrics import Measured, add_metrics
from gristmill.db.moments import write_timestamp
from gristmill.db.sessions import writing
from gristmill.db.tables.core import table
from gristmill.db.tables.instructions import MetricRow
from gristmill.db.verdicts import append_verdicts
from gristmill.sampling.records import Outcome
from tests.db.samples import RUN, a_problem, a_verdict, an_attempt, commit, read, start_run, store

ONE, TWO, THREE = a_problem(1), a_problem(2), a_problem(3)
LATER = datetime(9999, 1, 1, tzinfo=UTC)
Details = dict[str, dict[int, AttemptDetail]]


def found(engine: Engine, *problem_ids: str, as_of: datetime = LATER, run_id: str = RUN) -> Details:
    return read(engine, attempt_details, run_id, problem_ids, as_of)


def judge_again(engine: Engine, number: int, version: str, outcome: Outcome = Outcome.REJECTED) -> None:
    hostile = a_verdict(outcome, version, detail="\x00\ud800", answer=None, span=None)
    commit(engine, append_verdicts, RUN, [(ONE.id, number, hostile)])


def test_everything_recorded_of_an_attempt_is_there(engine: Engine) -> None:
    start_run(engine, [ONE])
    attempt = an_attempt(ONE, 3)
    store(engine, [attempt])
    judge_again(engine, 3, "2")
    with writing(engine) as session:
        add_metrics(
            session, RUN, [Measured(ONE.id, 3, "words", 4.0, 1), Measured(ONE.id, 3, "fog", -0.5, None)]
        )
    detail = found(engine, ONE.id)[ONE.id][3]
    assert (detail.seed, detail.finish_reason, detail.prompt_tokens, detail.seconds) == (
        attempt.draw.seed,
        "stop",
        11,
        0.5,
    )
    assert detail.metrics == {"words": 4.0, "fog": -0.5}
    assert [stored.ordinal for stored in detail.verdicts] == [0, 1]
    assert detail.verdicts[0].verdict == attempt.verdict
    second = a_verdict(Outcome.REJECTED, "2", detail="\x00\ud800", answer=None, span=None)
    assert detail.verdicts[1].verdict == second
    assert detail.verdicts[0].created_at == detail.created_at
    assert detail.verdicts[1].created_at > detail.created_at


def test_moments_are_utc_to_the_microsecond_on_both_databases(engine: Engine) -> None:
    before = now()
    start_run(engine, [ONE])
    store(engine, [an_attempt(ONE, 0)])
    written = found(engine, ONE.id)[ONE.id][0].created_at
    assert before <= datetime.fromisoformat(written) <= now() + timedelta(seconds=1)
    assert len(written) == len("2026-01-02T03:04:05.000006+00:00")
    assert written.endswith("+00:00")


def test_what_was_written_after_the_moment_is_not_seen(engine: Engine) -> None:
    start_run(engine, [ONE, TWO])
    store(engine, [an_attempt(ONE, 0)])
    moment = datetime.fromisoformat(found(engine, ONE.id)[ONE.id][0].created_at)
    earlier = found(engine, ONE.id, TWO.id, as_of=moment)
    assert len(earlier[ONE.id][0].verdicts) == 1, "what was written at the moment itself is seen"
    store(engine, [an_attempt(ONE, 1), an_attempt(TWO, 0)])
    judge_again(engine, 0, "2")
    assert found(engine, ONE.id, TWO.id, as_of=moment) == earlier
    assert list(earlier) == [ONE.id]
    assert found(engine, ONE.id, as_of=moment - timedelta(microseconds=1)) == {}
    assert list(found(engine, ONE.id, TWO.id)[ONE.id]) == [0, 1]
    assert len(found(engine, ONE.id)[ONE.id][0].verdicts) == 2


def test_metrics_are_those_of_the_moment_and_those_of_which_nobody_knows_it(engine: Engine) -> None:
    start_run(engine, [ONE])
    store(engine, [an_attempt(ONE, 0)])
    for name in ("words", "fog"):
        with writing(engine) as session:
            add_metrics(session, RUN, [Measured(ONE.id, 0, name, 4.0, None)])
            moment = write_timestamp(session, RUN)
        if name == "words":
            between = moment
    assert found(engine, ONE.id, as_of=between)[ONE.id][0].metrics == {"words": 4.0}
    with writing(engine) as session:  # as they were before moments were kept
        session.execute(update(table(MetricRow)).values(created_at=None))
    assert found(engine, ONE.id, as_of=between)[ONE.id][0].metrics == {"words": 4.0, "fog": 4.0}


def test_only_the_run_and_the_problems_asked_for_are_looked_at(engine: Engine) -> None:
    for run_id in (RUN, "run-2"):
        start_run(engine, [ONE, TWO, THREE], run_id)
    store(engine, [an_attempt(problem, n) for problem in (ONE, TWO) for n in (0, 10, 9)])
    store(engine, [an_attempt(ONE, 0)], "run-2")
    judge_again(engine, 0, "2")
    commit(engine, add_metrics, RUN, [Measured(ONE.id, 0, "words", 4.0, None)])
    assert {id_: list(numbers) for id_, numbers in found(engine, TWO.id, THREE.id).items()} == {
        TWO.id: [0, 9, 10]
    }
    (other,) = found(engine, ONE.id, run_id="run-2")[ONE.id].values()
    assert (len(other.verdicts), dict(other.metrics)) == (1, {})
    assert found(engine) == {}


def test_a_hundred_problems_cost_three_queries(engine: Engine) -> None:
    problems = [a_problem(number) for number in range(100)]
    start_run(engine, problems)
    store(engine, [an_attempt(problem, number) for problem in problems for number in range(2)])
    queries: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda _c, _u, query, *_: queries.append(query))
    details = found(engine, *(problem.id for problem in problems))
    assert len([query for query in queries if query.startswith("SELECT")]) == 3
    assert sum(len(of_problem) for of_problem in details.values()) == 200
