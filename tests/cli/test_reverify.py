"""Judging again: verdicts are appended where they changed, and nothing is overwritten."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from gristmill.cli.main import command_line
from gristmill.db.attempts import stored_attempts
from gristmill.db.engine import open_engine
from gristmill.db.problems import run_problems
from gristmill.db.sessions import reading

RUN = ["run", "dart-uniform", "--dataset", "demo", "--limit", "3", "--quota", "1", "--ceiling", "2"]


def does(*arguments: str) -> str:
    result = CliRunner().invoke(command_line(), arguments)
    assert result.exit_code == 0, result.output
    return result.output


def test_only_changed_verdicts_are_appended_and_the_earlier_ones_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    monkeypatch.setenv("GRISTMILL_DATABASE_URL", url)
    does(*RUN, "--backend", "scripted", "--direct", "--run-id", "r")
    assert " 0 verdicts appended" in does("reverify", "r")

    strict = does("reverify", "r", "--extraction", "boxed-only")
    attempts = int(strict.split(" ", 1)[0])
    assert f"{attempts} attempts judged again, {attempts} verdicts appended" in strict
    assert " 0 verdicts appended" in does("reverify", "r", "--extraction", "boxed-only")

    engine = open_engine(url)
    with reading(engine) as session:
        stored = [s for p in run_problems(session, "r") for s in stored_attempts(session, "r", p.id)]
    engine.dispose()
    assert len(stored) == attempts
    for attempt in stored:
        first, second = attempt.verdicts
        assert first.version.endswith("/phrases")
        assert second.version.endswith("/boxed-only")
        assert first.outcome == second.outcome
