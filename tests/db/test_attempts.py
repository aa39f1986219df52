"""Recording attempts, and what a run that goes on finds."""

import math
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from gristmill.db.attempts import StoredAttempt, fail_rates, failures_of, progress, record, stored_attempts
from gristmill.db.reports.summary import by_stop
from gristmill.db.sessions import reading, writing
from gristmill.db.verdicts import append_verdicts
from gristmill.sampling.records import UNREADABLE, Outcome, Problem, Progress, Stop, StopReason, Tally
from tests.db.samples import (
    RUN,
    a_failure,
    a_problem,
    a_verdict,
    an_attempt,
    commit,
    read,
    start_run,
    store,
)

ONE, TWO = a_problem(1), a_problem(2)
OUTCOMES = st.sampled_from(list(Outcome))


def test_an_attempt_comes_back_whole(engine: Engine) -> None:
    start_run(engine, [ONE])
    attempt = an_attempt(ONE, 3, Outcome.REJECTED)
    store(engine, [attempt])
    assert read(engine, stored_attempts, RUN, ONE.id) == [StoredAttempt(attempt, (attempt.verdict,))]


@pytest.mark.parametrize(
    ("logprob", "kept"), [(None, None), (0.0, 0.0), (-math.inf, -math.inf), (math.nan, None)]
)
def test_an_attempt_without_span_and_answer_comes_back_whole_and_a_logprob_that_is_a_number(
    engine: Engine, logprob: float | None, kept: float | None
) -> None:
    start_run(engine, [ONE])
    bare = replace(an_attempt(ONE, 0), verdict=a_verdict(span=None, answer=None))
    store(engine, [replace(bare, response=replace(bare.response, cumulative_logprob=logprob))])
    expected = replace(bare, response=replace(bare.response, cumulative_logprob=kept))
    assert read(engine, stored_attempts, RUN, ONE.id)[0].attempt == expected


def test_recording_again_changes_nothing(engine: Engine) -> None:
    start_run(engine, [ONE, TWO])
    attempts = [an_attempt(ONE, 0), an_attempt(TWO, 0), an_attempt(ONE, 1, Outcome.UNDECIDED)]
    failures = [a_failure(ONE, 2), a_failure(ONE, 2)]
    stops = [Stop(ONE.id, StopReason.QUOTA_MET, 1, 8)]
    for _ in range(2):
        commit(engine, record, RUN, attempts, failures, stops, batch="first")
    with reading(engine) as session:
        assert [len(stored_attempts(session, RUN, problem.id)) for problem in (ONE, TWO)] == [2, 1]
        assert failures_of(session, RUN, ONE.id) == failures
        assert by_stop(session, RUN) == {StopReason.QUOTA_MET: 1, None: 1}


def test_who_comes_first_keeps_text_and_verdict(engine: Engine) -> None:
    start_run(engine, [ONE])
    first = an_attempt(ONE, 0, Outcome.ACCEPTED, text="first")
    store(engine, [first])
    store(engine, [an_attempt(ONE, 0, Outcome.REJECTED, text="second"), an_attempt(ONE, 1, text="new")])
    found = read(engine, stored_attempts, RUN, ONE.id)
    assert [stored.attempt.response.text for stored in found] == ["first", "new"]
    assert found[0] == StoredAttempt(first, (first.verdict,))


def test_recording_again_does_not_undo_a_later_verdict(engine: Engine) -> None:
    start_run(engine, [ONE])
    attempt = an_attempt(ONE, 0, Outcome.REJECTED)
    store(engine, [attempt])
    better = a_verdict(Outcome.ACCEPTED, version="2")
    commit(engine, append_verdicts, RUN, [(ONE.id, 0, better)])
    store(engine, [attempt])
    with reading(engine) as session:
        assert stored_attempts(session, RUN, ONE.id)[0].verdicts == (attempt.verdict, better)
        assert progress(session, RUN)[ONE.id].tally == Tally(accepted=1, tokens=5)


def test_the_same_numbers_in_two_runs_are_two_attempts(engine: Engine) -> None:
    start_run(engine, [ONE])
    start_run(engine, [ONE], run_id="run-2")
    store(engine, [an_attempt(ONE, 0, text="here")])
    store(engine, [an_attempt(ONE, 0, text="there")], run_id="run-2")
    with reading(engine) as session:
        assert stored_attempts(session, RUN, ONE.id)[0].attempt.response.text == "here"
        assert stored_attempts(session, "run-2", ONE.id)[0].attempt.response.text == "there"


def test_a_group_is_kept_whole_or_not_at_all(engine: Engine) -> None:
    start_run(engine, [ONE])
    with suppress(KeyError), writing(engine) as session:
        record(session, RUN, [an_attempt(ONE, 0)], [a_failure(ONE, 1)], [])
        raise KeyError
    with reading(engine) as session:
        assert progress(session, RUN) == {ONE.id: Progress()}
        assert failures_of(session, RUN, ONE.id) == []


def test_stops_are_kept_with_the_quota_and_ceiling_of_the_moment_and_taken_back(engine: Engine) -> None:
    start_run(engine, [ONE, TWO])

    def stops(*told: Stop) -> list[tuple[object, ...]]:
        commit(engine, record, RUN, [], [], told)
        query = text("SELECT quota, ceiling, stop_reason FROM run_problems ORDER BY position")
        with reading(engine) as session:
            return [tuple(row) for row in session.execute(query)]

    first = stops(Stop(TWO.id, StopReason.CEILING_REACHED, None, 8), Stop(ONE.id, StopReason.GIVEN_UP, 4, 16))
    assert first == [(4, 16, "given_up"), (None, 8, "ceiling_reached")]
    opened = stops(Stop(ONE.id, None, 6, 16), Stop(TWO.id, StopReason.QUOTA_MET, 2, 16))
    assert opened == [(6, 16, None), (2, 16, "quota_met")]
    assert read(engine, by_stop, RUN) == {None: 1, StopReason.QUOTA_MET: 1}


def test_draws_that_were_given_up_as_unreadable_are_progress_too(engine: Engine) -> None:
    start_run(engine, [ONE, TWO])
    kinds = {1: "bad-body", 2: UNREADABLE, 4: "timeout", 5: UNREADABLE}
    failures = [a_failure(ONE, number, kind) for number, kind in kinds.items()]
    again = [a_failure(ONE, number, UNREADABLE) for number in (3, 5)]  # 3 was drawn by another worker, too
    commit(engine, record, RUN, [an_attempt(ONE, 0), an_attempt(ONE, 3)], [*failures, *again], [])
    commit(engine, record, RUN, [], [a_failure(TWO, 0, UNREADABLE)], [])
    tally = Tally(accepted=2, tokens=10)
    expected = {ONE.id: Progress(tally, (1, 4), 6, lost=2), TWO.id: Progress(next_number=1, lost=1)}
    assert read(engine, progress, RUN) == expected
    assert read(engine, progress, RUN, [TWO.id]) == {TWO.id: expected[TWO.id]}


def test_a_problem_without_attempts_has_made_no_progress(engine: Engine) -> None:
    start_run(engine, [TWO, ONE])
    found = read(engine, progress, RUN)
    assert found == {TWO.id: Progress(), ONE.id: Progress()}
    assert list(found) == [TWO.id, ONE.id]


def test_fail_rates_leave_out_what_was_not_decided(engine: Engine) -> None:
    start_run(engine, [ONE, TWO])
    outcomes = [Outcome.REJECTED, Outcome.REJECTED, Outcome.REJECTED, Outcome.ACCEPTED, Outcome.UNDECIDED]
    store(engine, [an_attempt(ONE, number, outcome) for number, outcome in enumerate(outcomes)])
    store(engine, [an_attempt(TWO, 0, Outcome.UNDECIDED)])
    assert read(engine, fail_rates, RUN) == {ONE.id: 0.75}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    drawn=st.lists(st.dictionaries(st.integers(0, 12), OUTCOMES, max_size=6), min_size=1, max_size=4),
    again=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5), OUTCOMES), max_size=8),
)
def test_progress_counts_current_verdicts_and_finds_the_gaps(
    engine: Engine, drawn: list[dict[int, Outcome]], again: list[tuple[int, int, Outcome]]
) -> None:
    with writing(engine) as session:
        for name in ("verdicts", "attempts", "run_problems", "problems", "runs"):
            session.execute(text(f"DELETE FROM {name}"))  # noqa: S608
    problems = [a_problem(name) for name in range(len(drawn))]
    start_run(engine, problems)
    attempts = {
        (problem.id, number): outcome
        for problem, outcomes in zip(problems, drawn, strict=True)
        for number, outcome in outcomes.items()
    }
    for problem, outcomes in zip(problems, drawn, strict=True):
        store(engine, [an_attempt(problem, number, outcome) for number, outcome in outcomes.items()])
    for place, index, outcome in again:
        numbers = list(drawn[place % len(drawn)])
        if numbers:
            key = (problems[place % len(drawn)].id, numbers[index % len(numbers)])
            attempts[key] = outcome
            commit(engine, append_verdicts, RUN, [(*key, a_verdict(outcome))])
    assert read(engine, progress, RUN) == {problem.id: expected(problem, attempts) for problem in problems}


def expected(problem: Problem, attempts: dict[tuple[str, int], Outcome]) -> Progress:
    """The same, counted by hand."""
    mine = {number: outcome for (problem_id, number), outcome in attempts.items() if problem_id == problem.id}
    outcomes = list(mine.values())
    following = max(mine, default=-1) + 1
    return Progress(
        tally=Tally(
            accepted=outcomes.count(Outcome.ACCEPTED),
            rejected=outcomes.count(Outcome.REJECTED),
            undecided=outcomes.count(Outcome.UNDECIDED),
            tokens=5 * len(mine),
        ),
        gaps=tuple(number for number in range(following) if number not in mine),
        next_number=following,
    )
