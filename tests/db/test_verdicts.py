"""Verifying stored attempts again."""

import gc
import tracemalloc
from dataclasses import replace

import pytest
from sqlalchemy import Engine

from gristmill.db.attempts import stored_attempts
from gristmill.db.sessions import reading, writing
from gristmill.db.verdicts import append_verdicts, attempts_to_verify, differs
from gristmill.sampling.errors import DataError
from gristmill.sampling.records import Outcome
from tests.db.samples import RUN, a_problem, a_verdict, an_attempt, commit, read, start_run, store

ONE, TWO = replace(a_problem(1), parents=("p",)), a_problem(2)


def test_every_attempt_is_verified_once_with_its_current_verdict(engine: Engine) -> None:
    start_run(engine, [ONE, TWO])
    start_run(engine, [ONE], run_id="run-2")
    attempts = [an_attempt(problem, number) for problem in (ONE, TWO) for number in range(3)]
    store(engine, attempts)
    store(engine, [an_attempt(ONE, 0)], run_id="run-2")
    better = a_verdict(Outcome.REJECTED, version="2")
    commit(engine, append_verdicts, RUN, [(ONE.id, 1, better)])
    with reading(engine) as session:
        found = list(attempts_to_verify(session, RUN))
    by_key = {(item.problem.id, item.number): item for item in found}
    assert len(found) == len(by_key) == len(attempts)
    for attempt in attempts:
        item = by_key[attempt.draw.problem_id, attempt.draw.number]
        assert item.problem == (ONE if attempt.draw.problem_id == ONE.id else TWO)
        assert item.response == attempt.response
        assert item.verdict == (better if item is by_key[ONE.id, 1] else attempt.verdict)


def test_verdicts_appended_on_the_way_do_not_come_round_again(engine: Engine) -> None:
    start_run(engine, [ONE])
    store(engine, [an_attempt(ONE, number) for number in range(500)])
    seen = []
    with reading(engine) as session:
        for item in attempts_to_verify(session, RUN):
            seen.append(item.number)
            if item.number % 50 == 0:
                with writing(engine) as other:
                    append_verdicts(other, RUN, [(ONE.id, item.number, a_verdict(version="2"))])
    assert seen == list(range(500))


@pytest.mark.full
def test_reading_attempts_takes_constant_memory(engine: Engine) -> None:
    start_run(engine, [ONE])
    long = "x" * 10_000
    for start in range(0, 1_500, 500):
        store(engine, [an_attempt(ONE, number, text=long) for number in range(start, start + 500)])
    with reading(engine) as session:
        tracemalloc.start()
        count = sum(1 for _ in attempts_to_verify(session, RUN))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert count == 1_500
    assert peak < 6_000_000 < count * len(long)


def test_reading_that_is_broken_off_leaves_nothing_open(engine: Engine) -> None:
    start_run(engine, [ONE])
    store(engine, [an_attempt(ONE, number) for number in range(500)])
    with reading(engine) as session:
        assert next(attempts_to_verify(session, RUN)).number == 0
    gc.collect()  # a cursor that is still open then warns, and a warning is an error
    with reading(engine) as session:
        assert sum(1 for _ in attempts_to_verify(session, RUN)) == 500


def test_verdicts_are_appended_in_order_also_within_one_call(engine: Engine) -> None:
    start_run(engine, [ONE])
    store(engine, [an_attempt(ONE, 0), an_attempt(ONE, 1)])
    first, second, third = (a_verdict(Outcome.REJECTED, version=version) for version in "234")
    with writing(engine) as session:
        append_verdicts(session, RUN, [(ONE.id, 0, first), (ONE.id, 1, first), (ONE.id, 0, second)])
        append_verdicts(session, RUN, [])
    commit(engine, append_verdicts, RUN, [(ONE.id, 0, third)])
    zero, one = read(engine, stored_attempts, RUN, ONE.id)
    assert zero.verdicts == (a_verdict(), first, second, third)
    assert zero.attempt.verdict == third
    assert one.verdicts == (a_verdict(), first)


def test_appending_to_a_run_that_is_not_there_says_so(engine: Engine) -> None:
    with pytest.raises(DataError, match="there is no run 'x'"), writing(engine) as session:
        append_verdicts(session, "x", [(ONE.id, 0, a_verdict())])


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, False),
        ({"detail": "longer", "answer": "5", "span": None, "seconds": 9.0}, False),
        ({"outcome": Outcome.UNDECIDED}, True),
        ({"reason": "other"}, True),
        ({"verifier": "code"}, True),
        ({"version": "2"}, True),
    ],
)
def test_a_verdict_differs_by_what_it_says_and_who_says_it(
    changes: dict[str, object], expected: bool
) -> None:
    assert differs(a_verdict(), replace(a_verdict(), **changes)) is expected  # type: ignore[arg-type]


@pytest.mark.parametrize("reason", ["time-out", "out-of-memory", "crash"])
def test_a_busy_machine_does_not_replace_a_decided_verdict(reason: str) -> None:
    for version in ("1", "2"):
        unlucky = replace(a_verdict(Outcome.UNDECIDED, version), reason=reason)
        assert not differs(a_verdict(Outcome.ACCEPTED), unlucky)
        assert not differs(a_verdict(Outcome.REJECTED), unlucky)
        assert differs(replace(a_verdict(Outcome.UNDECIDED), reason="unproved"), unlucky)
        assert differs(unlucky, a_verdict(Outcome.ACCEPTED))
        assert differs(a_verdict(Outcome.ACCEPTED), replace(unlucky, reason="unproved"))
