"""What was withdrawn: once, for the first reason, under names of any text."""

import pytest
from sqlalchemy import Engine

from gristmill.db.exports.withdrawals import Kind, known_names, withdraw, withdrawals
from gristmill.db.sessions import reading, writing
from tests.db.samples import RUN, a_problem, an_attempt, commit, read, start_run, store

ODD = ["", "a\nb", "nul \x00", "lone \ud800", "' OR 1 = 1 --", "right \u202e to left", "\U00100e5cd800"]


def test_withdrawing_again_keeps_the_first_reason_and_moment(engine: Engine) -> None:
    first = commit(engine, withdraw, Kind.RUN, "r", "its seed was wrong")
    assert commit(engine, withdraw, Kind.RUN, "r", "another") == first
    assert read(engine, withdrawals) == [first]
    assert (first.kind, first.name, first.reason) == (Kind.RUN, "r", "its seed was wrong")
    assert first.created_at.tzinfo is not None


def test_a_run_and_a_model_of_one_name_are_two(engine: Engine) -> None:
    with writing(engine) as session:
        made = [withdraw(session, kind, "same", f"because {kind}") for kind in (Kind.MODEL, Kind.RUN)]
        assert withdrawals(session) == made


@pytest.mark.parametrize("text", ODD, ids=ascii)
def test_any_text_is_kept_as_it_is(engine: Engine, text: str) -> None:
    with writing(engine) as session:
        withdraw(session, Kind.MODEL, text, text)
        withdraw(session, Kind.MODEL, text, "again")
    assert [(w.name, w.reason) for w in read(engine, withdrawals)] == [(text, text)]


def test_known_are_the_runs_and_the_models_that_responded(engine: Engine) -> None:
    problem = a_problem(1)
    start_run(engine, [problem])
    start_run(engine, [problem], run_id="empty")
    store(engine, [an_attempt(problem, number) for number in range(3)])
    with reading(engine) as session:
        assert known_names(session, Kind.RUN) == ["empty", RUN]
        assert known_names(session, Kind.MODEL) == ["tiny-model"]
