"""Every Python string comes back from the store as it went in."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from gristmill.db.attempts import stored_attempts
from gristmill.db.runs import create_run, find_run
from gristmill.db.sessions import writing
from gristmill.db.text import ESCAPE, escaped, unescaped
from tests.db.samples import RUN, a_problem, an_attempt, read, start_run, store

ANY_TEXT = st.text(st.characters(exclude_categories=())) | st.text("\x00\ud800\udfff0a" + ESCAPE)

HARD = [
    "",
    "\x00",
    "a\x00b",
    "\ud83d",
    "\ude00\ud83d",
    "\ud83d\ude00",
    ESCAPE,
    ESCAPE * 3,
    f"{ESCAPE}0000",
    f"{ESCAPE}\x00{ESCAPE}d800",
    "\r\n\t\x1b\x7f\x85\u2028",
    "été 数学 🙂 \u202e",
    "'; DROP TABLE attempts; -- \\ % _",
]


@given(ANY_TEXT)
def test_escaping_is_undone_by_unescaping(given_text: str) -> None:
    assert unescaped(escaped(given_text)) == given_text


@given(ANY_TEXT)
def test_what_is_stored_has_no_nul_and_is_valid_utf8(given_text: str) -> None:
    assert b"\x00" not in escaped(given_text).encode("utf-8")


@given(st.text(st.characters(exclude_categories=("Cs", "Co"), exclude_characters="\x00")))
def test_ordinary_text_is_stored_as_it_is(given_text: str) -> None:
    assert escaped(given_text) == given_text


def test_hard_responses_come_back_exactly(engine: Engine) -> None:
    problem = a_problem(1)
    start_run(engine, [problem])
    store(engine, [an_attempt(problem, number, text=hard) for number, hard in enumerate(HARD)])
    found = [stored.attempt.response.text for stored in read(engine, stored_attempts, RUN, problem.id)]
    assert found == HARD


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(hard=ANY_TEXT)
def test_any_text_comes_back_exactly(engine: Engine, hard: str) -> None:
    with writing(engine) as session:
        session.execute(text("DELETE FROM runs"))
        create_run(session, run_id="x", recipe=hard, config=hard, seed=-(2**63), code_version=hard)
    run = read(engine, find_run, "x")
    assert run is not None
    assert (run.recipe, run.config, run.code_version, run.seed) == (hard, hard, hard, -(2**63))
