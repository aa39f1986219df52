"""What a report is told of a run, against the summary, and against plain counting over the same attempts."""

import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from gristmill.db.attempts import record
from gristmill.db.exports.log import record_export
from gristmill.db.reports import report as queries
from gristmill.db.reports.records import ExportUse, PassRates, UnsolvedRow
from gristmill.db.reports.summary import by_level, by_reason, examples
from gristmill.db.sessions import reading, writing
from gristmill.db.verdicts import append_verdicts
from gristmill.sampling.records import Attempt, Outcome, Problem, Stop, StopReason, problem_id
from tests.db.samples import RUN, a_problem, a_verdict, an_attempt, start_run, store

ACCEPTED, REJECTED, UNDECIDED = Outcome.ACCEPTED, Outcome.REJECTED, Outcome.UNDECIDED
HOSTILE = "odd \x00 \ud800 \U00100e5c"
ODD = Problem(problem_id(HOSTILE * 40, "\x00"), HOSTILE * 40, "\x00", level=HOSTILE, source="tests")
PROBLEMS = [*(a_problem(number, f"level {number % 3}") for number in range(25)), ODD]
COUNTS = {  # problems by number: accepted, rejected, undecided
    **{number: (number % 4, number % 6, number % 2) for number in range(20)},
    20: (0, 7, 0),
    21: (0, 0, 3),
    22: (5, 0, 0),
    25: (1, 2, 0),
}
QUOTA = 2


def lot_of_attempts() -> Iterator[Attempt]:
    """With lengths of their own, and outcomes that do not come in order."""
    lot = random.Random(3)
    for at, counts in COUNTS.items():
        outcomes = [outcome for outcome, count in zip(Outcome, counts, strict=True) for _ in range(count)]
        lot.shuffle(outcomes)
        for number, outcome in enumerate(outcomes):
            attempt = an_attempt(PROBLEMS[at], number, outcome, text=f"{HOSTILE} {number}")
            tokens = lot.choice([0, 3, 17, 400, 10_000])
            yield replace(attempt, response=replace(attempt.response, completion_tokens=tokens))


ATTEMPTS = list(lot_of_attempts())


@pytest.fixture
def filled(engine: Engine) -> Engine:
    """A run that was recorded in three groups, one attempt in which was verified again, beside another."""
    start_run(engine, PROBLEMS)
    for first in range(0, len(ATTEMPTS), 40):
        store(engine, ATTEMPTS[first : first + 40])
    stops = [Stop(problem.id, StopReason.QUOTA_MET, QUOTA, 9) for problem in PROBLEMS[:10]]
    with writing(engine) as session:
        record(session, RUN, [], [], stops)
        turned = next(a for a in ATTEMPTS if a.verdict.outcome is ACCEPTED)
        for version, outcome in (("2", UNDECIDED), ("3", ACCEPTED)):
            item = (turned.draw.problem_id, turned.draw.number, a_verdict(outcome, version))
            append_verdicts(session, RUN, [item])
    start_run(engine, PROBLEMS, "other")
    store(engine, [an_attempt(problem, 0, REJECTED) for problem in PROBLEMS], "other")
    return engine


@pytest.fixture
def session(filled: Engine) -> Iterator[Session]:
    with reading(filled) as session:
        yield session


def total(outcome: Outcome) -> int:
    return sum(attempt.verdict.outcome is outcome for attempt in ATTEMPTS)


def test_what_is_within_the_quota_is_counted_by_problem(session: Session) -> None:
    expected = sum(min(COUNTS[at][0], QUOTA) for at in range(10))
    expected += sum(counts[0] for at, counts in COUNTS.items() if at >= 10)
    assert expected < total(ACCEPTED)
    assert queries.within_quota(session, RUN) == expected


def test_every_problem_is_in_one_bar_of_the_pass_rates(session: Session) -> None:
    none = sum(not a and bool(r) for a, r, _ in COUNTS.values())
    every = sum(bool(a) and not r for a, r, _ in COUNTS.values())
    tenths = [0] * 10
    for a, r, _ in COUNTS.values():
        if a and r:
            tenths[10 * a // (a + r)] += 1
    undecided = len(PROBLEMS) - none - every - sum(tenths)
    assert queries.pass_rates(session, RUN) == PassRates(none, tuple(tenths), every, undecided)


@pytest.mark.parametrize("points", [1, 4, 200])
def test_points_of_difficulty_hold_every_decided_problem_hardest_first(session: Session, points: int) -> None:
    found = queries.by_difficulty(session, RUN, points)
    decided = [(a, a + r + u) for a, r, u in COUNTS.values() if a + r]
    assert len(found) == min(points, len(decided))
    assert sum(point.problems for point in found) == len(decided)
    assert sum(point.attempts for point in found) == sum(attempts for _, attempts in decided)
    assert sum(point.accepted for point in found) == sum(accepted for accepted, _ in decided)
    if points == 200:
        assert (found[0].attempts, found[0].accepted) == (7, 0)
        assert (found[-1].attempts, found[-1].accepted) == (5, 5)


@pytest.mark.parametrize("points", [1, 3, 500])
def test_growth_adds_up_to_the_summary_in_order_of_time(session: Session, points: int) -> None:
    found = queries.growth(session, RUN, points)
    levels = by_level(session, RUN)
    assert len(found) == min(points, len(ATTEMPTS))
    assert sum(point.attempts for point in found) == sum(row.attempts for row in levels) == len(ATTEMPTS)
    assert sum(point.accepted for point in found) == sum(row.accepted for row in levels) == total(ACCEPTED)
    assert all(one.moment <= other.moment for one, other in pairwise(found))


@pytest.mark.parametrize("bins", [1, 7, 40])
def test_lengths_add_up_to_the_reasons_in_the_bins_asked_for(session: Session, bins: int) -> None:
    found = queries.lengths(session, RUN, bins)
    reasons = by_reason(session, RUN)
    for outcome in Outcome:
        tokens = [a.response.completion_tokens for a in ATTEMPTS if a.verdict.outcome is outcome]
        counts = [0] * bins
        for count in tokens:
            counts[count // found.width] += 1
        assert found.counts[outcome] == tuple(counts)
        assert sum(counts) == sum(row.attempts for row in reasons if row.outcome is outcome)


def test_the_unsolved_are_those_that_no_response_of_was_accepted(session: Session) -> None:
    counts = [COUNTS.get(at, (0, 0, 0)) for at in range(len(PROBLEMS))]
    expected = [
        (problem, sum(tried), StopReason.QUOTA_MET if at < 10 else None)
        for at, (problem, tried) in enumerate(zip(PROBLEMS, counts, strict=True))
        if not tried[0]
    ]
    assert sum(level.unsolved for level in by_level(session, RUN)) == len(expected) > 5
    found = queries.first_unsolved(session, RUN, 5, 9)
    assert found == [
        UnsolvedRow(problem.id, problem.prompt[:9], problem.reference, problem.level, tried, stopped)
        for problem, tried, stopped in expected[:5]
    ]
    assert queries.first_unsolved(session, "x", 5, 9) == []


def test_examples_are_of_every_level_before_the_second_of_one(session: Session) -> None:
    ids = queries.telling_problems(session, RUN, 99)
    by_id = {problem.id: (COUNTS.get(at, (0, 0, 0)), problem) for at, problem in enumerate(PROBLEMS)}
    two_sided = [bool(a and r) for (a, r, _), _ in map(by_id.__getitem__, ids)]
    assert two_sided == sorted(two_sided, reverse=True)
    assert {by_id[id_][1].level for id_ in ids[:4]} == {problem.level for problem in PROBLEMS}
    assert len(ids) == len(set(ids)) == sum(bool(a + r) for a, r, _ in COUNTS.values())
    assert queries.telling_problems(session, RUN, 3) == ids[:3]


@pytest.mark.parametrize("outcome", list(Outcome))
def test_the_first_attempt_of_an_outcome_is_whole(session: Session, outcome: Outcome) -> None:
    every = examples(session, RUN, outcome, 999)
    for problem in PROBLEMS:
        of_problem = [row for row in every if row.problem.id == problem.id]
        found = queries.first_attempt(session, RUN, problem.id, outcome)
        assert found == min(of_problem, key=lambda row: row.attempt.draw.number, default=None)


def test_a_run_without_attempts_has_nothing_in_it(engine: Engine) -> None:
    start_run(engine, PROBLEMS[:2])
    with reading(engine) as session:
        assert queries.within_quota(session, RUN) == 0
        assert queries.pass_rates(session, RUN) == PassRates(0, (0,) * 10, 0, 2)
        assert queries.by_difficulty(session, RUN, 9) == []
        assert queries.growth(session, RUN, 9) == []
        assert queries.telling_problems(session, RUN, 9) == []
        assert queries.exports_of(session, RUN, 9) == []
        found = queries.lengths(session, RUN, 4)
        assert (found.width, set(found.counts.values())) == (1, {(0, 0, 0, 0)})
        assert sum(level.unsolved for level in by_level(session, RUN)) == 2
        assert by_level(session, "nope") == []


def test_exports_are_those_that_hold_the_run_and_were_not_replaced(engine: Engine) -> None:
    manifests = [
        ("a", '{"counts": {"run": {"run-1": 7, "other": 2}}}', [RUN, "other"], 5),
        ("b", '{"counts": {"run": {}}}', [RUN], 4),
        ("c", None, [RUN], 3),
        ("d", '{"counts": {"run": {"run-10": 7}}}', ["run-10"], 7),
        ("e", '{"counts": {"run": {"run-1": 1}}}', [RUN], 1),
        ("e", '{"counts": {"run": {"run-1": 2}}}', [RUN], 2),
        ("f", '{"counts": {"run": {}}}', [RUN], 0),
    ]
    with writing(engine) as session:
        for path, manifest, run_ids, rows in manifests:
            record_export(
                session,
                path=path,
                format="sft",
                manifest_json=manifest,
                run_ids=run_ids,
                row_count=rows,
                checksum="",
                filter_json="{}",
            )
    expected = [
        ExportUse(7, "sft", "f", 0, 0, 1, False),
        ExportUse(6, "sft", "e", 2, 2, 1, False),
        ExportUse(3, "sft", "c", 3, None, 1, False),
        ExportUse(2, "sft", "b", 4, None, 1, False),
        ExportUse(1, "sft", "a", 5, 7, 2, False),
    ]
    with reading(engine) as session:
        assert queries.exports_of(session, RUN, 9) == expected
        assert queries.exports_of(session, RUN, 2) == expected[:2]
