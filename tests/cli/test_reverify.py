"""Judging again: verdicts are appended where they changed, and nothing is overwritten."""

from gristmill.db.attempts import stored_attempts
from gristmill.db.engine import open_engine
from gristmill.db.problems import run_problems
from gristmill.db.sessions import reading
from tests.support.commands import Workplace


def test_only_changed_verdicts_are_appended_and_the_earlier_ones_stay(finished: Workplace) -> None:
    assert " 0 verdicts appended" in finished.does("reverify", "done")
    strict = finished.does("reverify", "done", "--extraction", "boxed-only")
    attempts = int(strict.split(" ", 1)[0])
    assert f"{attempts} attempts judged again, {attempts} verdicts appended" in strict
    assert " 0 verdicts appended" in finished.does("reverify", "done", "--extraction", "boxed-only")
    engine = open_engine(f"sqlite:///{finished.store}")
    with reading(engine) as session:
        stored = [s for p in run_problems(session, "done") for s in stored_attempts(session, "done", p.id)]
    engine.dispose()
    assert len(stored) == attempts
    for attempt in stored:
        first, second = attempt.verdicts
        assert first.version.endswith("/phrases")
        assert second.version.endswith("/boxed-only")
        assert first.outcome == second.outcome
