"""Counts by reason, on both databases."""

from gristmill.db.reports.run_counts import ReasonCount, reason_counts
from gristmill.db.sessions import Engine, writing
from gristmill.db.verdicts import append_verdicts
from gristmill.sampling.records import Outcome
from tests.db.samples import RUN, a_problem, a_verdict, an_attempt, read, start_run, store

PROBLEMS = [a_problem(number) for number in range(2)]


def counts(engine: Engine, run_id: str = RUN) -> list[ReasonCount]:
    return read(engine, reason_counts, run_id)


def test_attempts_and_tokens_are_counted_by_reason_in_their_own_run(engine: Engine) -> None:
    for run_id in (RUN, "other"):
        start_run(engine, PROBLEMS, run_id)
    store(engine, [an_attempt(PROBLEMS[0], 0), an_attempt(PROBLEMS[1], 0)])
    store(engine, [an_attempt(PROBLEMS[0], 1, Outcome.REJECTED)])
    assert counts(engine) == [
        ReasonCount(Outcome.ACCEPTED, "equal", 2, 22, 10),
        ReasonCount(Outcome.REJECTED, "not-equal", 1, 11, 5),
    ]
    assert counts(engine, "other") == []


def test_the_current_verdict_counts(engine: Engine) -> None:
    start_run(engine, PROBLEMS)
    store(engine, [an_attempt(PROBLEMS[0], 0)])
    with writing(engine) as session:
        verdict = a_verdict(Outcome.UNDECIDED, version="2")
        append_verdicts(session, RUN, [(PROBLEMS[0].id, 0, verdict)])
    assert [(row.outcome, row.attempts) for row in counts(engine)] == [(Outcome.UNDECIDED, 1)]
