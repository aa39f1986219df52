"""`gristmill withdraw` and `gristmill exports`: what is marked, what is said, and what is refused."""

from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from sqlalchemy import Engine

from gristmill.cli.exports import exports, withdraw_command
from gristmill.db.engine import open_engine
from gristmill.db.exports.log import record_export
from gristmill.db.exports.withdrawals import withdrawals
from gristmill.db.schema import prepare_schema
from gristmill.db.sessions import reading, writing
from gristmill.exports.manifest import manifest_json
from gristmill.sampling.errors import ConfigError
from tests.db.samples import a_problem, an_attempt, read, start_run, store
from tests.exports.manifests import a_manifest


@pytest.fixture
def stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """The runs `run-1` and `run-2`, with responses of `tiny-model` in the first."""
    url = f"sqlite:///{tmp_path / 'store.db'}"
    monkeypatch.setenv("GRISTMILL_DATABASE_URL", url)
    engine = open_engine(url)
    prepare_schema(engine)
    problem = a_problem(1)
    for run_id in ("run-1", "run-2"):
        start_run(engine, [problem], run_id)
    store(engine, [an_attempt(problem, 0)], "run-1")
    yield engine
    engine.dispose()


def exported(engine: Engine, path: str, run_id: str, model: str) -> None:
    counts = {"split": {"train": 6}, "run": {run_id: 6}, "model": {model: 6}}
    with writing(engine) as session:
        record_export(
            session,
            path=path,
            format="sft",
            manifest_json=manifest_json(a_manifest(counts=counts)),
            run_ids=[run_id],
            row_count=6,
            checksum="0f",
            filter_json="{}",
        )


def says(capsys: pytest.CaptureFixture[str], command: click.Command, *arguments: str) -> list[str]:
    capsys.readouterr()
    command.main(list(arguments), standalone_mode=False)
    return capsys.readouterr().out.splitlines()


def test_withdrawing_a_run_marks_and_names_what_holds_its_rows(
    stored: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    exported(stored, "/out/one", "run-1", "tiny-model")
    exported(stored, "/out/two", "run-2", "other-model")
    lines = says(capsys, withdraw_command, "run", "run-1", "--because", "its seed was wrong")
    assert lines[:2] == ["run run-1 is withdrawn: its seed was wrong", "exports that hold its rows: 1"]
    assert lines[2].startswith("1  20")
    assert lines[2].endswith(" UTC  sft  6 rows  /out/one")
    assert lines[3].startswith("   withdrawn 20")
    assert lines[3].endswith(": run run-1: its seed was wrong")
    two, one, mark = says(capsys, exports)
    assert two.endswith("/out/two")
    assert [one, mark] == lines[2:]


def test_withdrawing_a_model_again_keeps_the_first_reason(
    stored: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    exported(stored, "/out/one", "run-2", "tiny-model")
    first = says(capsys, withdraw_command, "model", "tiny-model", "--because", "its licence")
    again = says(capsys, withdraw_command, "model", "tiny-model", "--because", "another")
    assert again[0] == "model tiny-model is withdrawn: its licence (withdrawn before; the first reason stays)"
    assert again[1:] == first[1:]
    with reading(stored) as session:
        assert [w.reason for w in withdrawals(session)] == ["its licence"]


@pytest.mark.parametrize(
    ("kind", "name", "message"),
    [
        ("run", "run1", "there is no run 'run1' in this store; near are run-1, run-2"),
        ("run", "zzz", "there is no run 'zzz' in this store; known are run-1, run-2"),
        ("model", "tinymodel", "there is no model 'tinymodel' in this store; near are tiny-model"),
        ("model", "run-1", "there is no model 'run-1' in this store; known are tiny-model"),
    ],
)
def test_an_unknown_name_is_refused_with_near_ones(
    stored: Engine, kind: str, name: str, message: str
) -> None:
    with pytest.raises(ConfigError) as refused:
        withdraw_command.main([kind, name, "--because", "x"], standalone_mode=False)
    assert str(refused.value) == message
    assert read(stored, withdrawals) == []


def test_a_reason_is_wanted(stored: Engine) -> None:
    with pytest.raises(ConfigError, match="--because is empty"):
        withdraw_command.main(["run", "run-1", "--because", " "], standalone_mode=False)
    with pytest.raises(click.MissingParameter):
        withdraw_command.main(["run", "run-1"], standalone_mode=False)


def test_text_from_outside_does_nothing_to_the_terminal(
    stored: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    exported(stored, "/out/\x1b[31m\nnext [red]", "run-1", "tiny-model")
    reason = "a\x1b]0;title\x07\nb [red]\ud800"
    lines = says(capsys, withdraw_command, "run", "run-1", "--because", reason) + says(capsys, exports)
    assert not {"\x1b", "\x07"} & set("".join(lines))
    assert len(lines) == 6
    assert "/out/\\x1b[31m\\nnext [red]" in lines[2]


def test_withdrawing_instructions_says_where_the_responses_to_them_are(
    stored: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    start_run(stored, [], "run-1.instructions")
    told = says(capsys, withdraw_command, "run", "run-1.instructions", "--because", "x")
    assert told[-1] == "the responses to its instructions are another run's; withdraw that one, too"


def test_a_store_without_exports_says_so(stored: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    assert says(capsys, exports) == ["nothing was exported from this store"]
