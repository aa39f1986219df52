"""What came of a run, by hand and by SQL."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from gristmill.db.attempts import record
from gristmill.db.reports.summary import (
    LevelRow,
    ReasonCount,
    ReasonRow,
    by_level,
    by_reason,
    by_stop,
    examples,
    failure_kinds,
    reason_counts,
)
from gristmill.db.sessions import reading, writing
from gristmill.db.verdicts import append_verdicts
from gristmill.sampling.records import Outcome, Stop, StopReason
from tests.db.samples import RUN, a_failure, a_problem, a_verdict, an_attempt, start_run, store

EASY, HARD, NEVER, NEW = (
    a_problem(1, "easy"),
    a_problem(2, "Hard"),
    a_problem(3, "Hard"),
    a_problem(4, ""),
)
ACCEPTED, REJECTED, UNDECIDED = Outcome.ACCEPTED, Outcome.REJECTED, Outcome.UNDECIDED


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """Three problems drawn, one not; one rejection turned into an acceptance; another run beside it."""
    start_run(engine, [EASY, HARD, NEVER, NEW])
    start_run(engine, [EASY], run_id="run-2")
    store(engine, [an_attempt(EASY, number, UNDECIDED) for number in range(9)], run_id="run-2")
    drawn = [
        *(an_attempt(EASY, number, ACCEPTED) for number in range(3)),
        *(an_attempt(HARD, number, REJECTED) for number in range(3)),
        an_attempt(NEVER, 0, UNDECIDED),
        an_attempt(NEVER, 1, REJECTED),
    ]
    failures = [a_failure(HARD, 3, "http-503"), a_failure(HARD, 4), a_failure(NEVER, 2, "http-503")]
    stops = [Stop(EASY.id, StopReason.QUOTA_MET, 2, 8), Stop(NEVER.id, StopReason.CEILING_REACHED, 2, 2)]
    with writing(engine) as writer:
        record(writer, RUN, drawn, failures, stops)
        append_verdicts(writer, RUN, [(HARD.id, 1, a_verdict(ACCEPTED, version="2"))])
    with reading(engine) as reader:
        yield reader


def test_levels_add_up_to_the_run(session: Session) -> None:
    assert by_level(session, RUN) == [
        LevelRow("", 1, 0, 0, 0, 0, 0, 0, 0, 0.0, 1),
        LevelRow("Hard", 2, 0, 5, 1, 3, 1, 55, 25, 2.5, 1),
        LevelRow("easy", 1, 1, 3, 3, 0, 0, 33, 15, 1.5, 0),
    ]


def test_reasons_are_counted_once_per_attempt(session: Session) -> None:
    assert by_reason(session, RUN) == [
        ReasonRow(ACCEPTED, "equal", 4),
        ReasonRow(REJECTED, "not-equal", 3),
        ReasonRow(UNDECIDED, "time-out", 1),
    ]


def test_attempts_and_tokens_are_counted_by_reason_on_current_verdicts(session: Session) -> None:
    assert reason_counts(session, RUN) == [
        ReasonCount(ACCEPTED, "equal", 4, 44, 20),
        ReasonCount(REJECTED, "not-equal", 3, 33, 15),
        ReasonCount(UNDECIDED, "time-out", 1, 11, 5),
    ]
    assert reason_counts(session, "x") == []


def test_problems_are_counted_by_why_they_stopped(session: Session) -> None:
    assert by_stop(session, RUN) == {StopReason.QUOTA_MET: 1, StopReason.CEILING_REACHED: 1, None: 2}


def test_failures_are_counted_by_kind_the_most_frequent_first(session: Session) -> None:
    assert list(failure_kinds(session, RUN).items()) == [("http-503", 2), ("timeout", 1)]


@pytest.mark.parametrize(
    ("outcome", "limit", "expected"),
    [
        (ACCEPTED, 2, [(EASY, 0), (EASY, 1)]),
        (ACCEPTED, 9, [(EASY, 0), (EASY, 1), (HARD, 1), (EASY, 2)]),
        (REJECTED, 9, [(HARD, 0), (NEVER, 1), (HARD, 2)]),
        (UNDECIDED, 9, [(NEVER, 0)]),
    ],
)
def test_examples_go_by_current_verdict_and_vary_over_problems(
    session: Session, outcome: Outcome, limit: int, expected: list[tuple[object, int]]
) -> None:
    found = examples(session, RUN, outcome, limit)
    assert [(row.problem, row.attempt.draw.number) for row in found] == expected
    assert {row.attempt.verdict.outcome for row in found} == {outcome}


def test_a_run_that_is_not_there_is_empty(session: Session) -> None:
    assert by_level(session, "x") == []
    assert by_reason(session, "x") == []
    assert by_stop(session, "x") == {}
