"""Times of verifiers, on both databases."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine

from gristmill.db.reports.verifier_times import VerifierTime, verifier_times
from gristmill.db.sessions import reading
from gristmill.sampling.records import Attempt
from tests.db.samples import RUN, a_problem, an_attempt, start_run, store


def test_the_slowest_verifier_comes_first(engine: Engine) -> None:
    problem = a_problem(1)
    start_run(engine, [problem])
    start_run(engine, [problem], "other")
    seconds = [("math", 0.1), ("math", 0.3), ("code", 2.0), ("math", 0.2)]
    store(engine, [timed(an_attempt(problem, at), *pair) for at, pair in enumerate(seconds)])
    store(engine, [timed(an_attempt(problem, 0), "math", 99.0)], "other")
    with reading(engine) as session:
        code, maths = verifier_times(session, RUN)
        assert verifier_times(session, "none") == []
    assert code == VerifierTime("code", "1", 1, 2.0, 2.0)
    assert (maths.verdicts, maths.most_seconds) == (3, 0.3)
    assert maths.mean_seconds == pytest.approx(0.2)


def timed(attempt: Attempt, verifier: str, seconds: float) -> Attempt:
    return replace(attempt, verdict=replace(attempt.verdict, verifier=verifier, seconds=seconds))
