"""An export whose manifest does not give the same bytes any more: nothing is published, and one line says
what in the store, or beside it, has changed.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import ColumnElement, delete, update

from gristmill.db.exports.withdrawals import Kind, withdraw
from gristmill.db.sessions import Engine, writing
from gristmill.db.tables.core import AttemptRow, Base, ProblemRow, VerdictRow, table
from gristmill.db.tables.exports import QuotaRow, StepRow
from gristmill.db.tables.instructions import MetricRow
from gristmill.exports.export import export
from gristmill.exports.query import CONTAMINATED
from gristmill.sampling.errors import ConfigError, DataError, GristmillError
from gristmill.sampling.records import Outcome
from tests.exports import stores
from tests.exports.cases import CASES, OF_PROBLEMS, exports_recorded, replayed
from tests.exports.disks import quick_folder
from tests.exports.loading import checksums, names
from tests.exports.stores import MODEL_B, PROBLEMS, RUN_A, RUN_B, fill, grow


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """Hundreds of exports are made here."""
    with quick_folder() as folder:
        yield folder


def refused(engine: Engine, folder: Path, error: type[GristmillError] = DataError) -> str:
    """What is said when it cannot be made again: one line, and nothing is left or recorded."""
    before = names(folder.parent), exports_recorded(engine)
    with pytest.raises(error) as caught:
        replayed(engine, folder)
    assert (names(folder.parent), exports_recorded(engine)) == before
    assert "\n" not in str(caught.value)
    return str(caught.value)


def change(model: type[Base], *conditions: ColumnElement[bool], **values: object) -> Callable[[Engine], None]:
    """An update of the rows of a table, or their deletion where no values are given."""

    def act(engine: Engine) -> None:
        statement = update(table(model)).values(values) if values else delete(table(model))
        with writing(engine) as session:
            assert session.connection().execute(statement.where(*conditions)).rowcount > 0

    return act


FIRST = PROBLEMS[0].id
"""Of run A alone, with steps; attempts 0 and 3 are in by its quota, 5 is surplus."""


def in_turn(*acts: Callable[[Engine], None]) -> Callable[[Engine], None]:
    def act(engine: Engine) -> None:
        for one in acts:
            one(engine)

    return act


QUICK = ("a response", "steps deleted")
OF_FIRST = (VerdictRow.problem_id == FIRST, VerdictRow.number == 0)
UNTIMED = "must have been changed in the store by other means; "
CHANGES: dict[str, tuple[str, Callable[[Engine], None], str]] = {
    "a quota": ("sft", change(QuotaRow, QuotaRow.problem_id == FIRST, quota=1), "quotas_sha256"),
    "a row deleted": (
        "sft",
        in_turn(
            change(StepRow, StepRow.problem_id == FIRST),
            change(VerdictRow, *OF_FIRST),
            change(AttemptRow, AttemptRow.problem_id == FIRST, AttemptRow.number == 0),
        ),
        "run run-a: attempts: accepted: equal: 90 -> 89",
    ),
    "a verdict": (
        "kto",
        change(VerdictRow, *OF_FIRST, outcome=Outcome.REJECTED),
        "run run-a: attempts: rejected: equal is new: 1",
    ),
    "a response": (
        "sft",
        change(AttemptRow, AttemptRow.problem_id == FIRST, AttemptRow.number == 0, text="Other."),
        UNTIMED,
    ),
    "a prompt": (
        "rlvr",
        change(ProblemRow, ProblemRow.id == FIRST, prompt="Other?"),
        UNTIMED,
    ),
    "a level": (
        "sft",
        change(ProblemRow, ProblemRow.id == FIRST, level="6"),
        UNTIMED + "count by level: 1: 27 -> 25; count by level: 6 is new: 2",
    ),
    "steps deleted": ("stepwise", change(StepRow, StepRow.problem_id == FIRST), "rows: 16 -> 14"),
    "a step's value": ("stepwise", change(StepRow, StepRow.problem_id == FIRST, value=0.0), UNTIMED),
}


@pytest.mark.parametrize(
    "what",
    [name if name in QUICK else pytest.param(name, marks=pytest.mark.full) for name in CHANGES],
)
def test_what_has_changed_is_told_and_nothing_is_published(engine: Engine, tmp_path: Path, what: str) -> None:
    format_name, act, told = CHANGES[what]
    fill(engine)
    export(engine, stores.settings(format_name), tmp_path / "out")
    replayed(engine, tmp_path / "out")
    act(engine)
    message = refused(engine, tmp_path / "out")
    assert message.startswith("the store does not give the same bytes any more, and nothing was published: ")
    assert told in message


@pytest.mark.full
@pytest.mark.parametrize("name", ["kto highest", "reward by metric", "markers"])
def test_a_metric_that_has_changed_is_told(engine: Engine, tmp_path: Path, name: str) -> None:
    fill(engine)
    export(engine, CASES[name], tmp_path / "out")
    replayed(engine, tmp_path / "out")
    change(MetricRow, MetricRow.number == 0, value=-1e6)(engine)
    assert UNTIMED in refused(engine, tmp_path / "out")


def test_a_benchmark_that_was_edited_is_told(engine: Engine, tmp_path: Path) -> None:
    fill(engine)
    items = tmp_path / "items.jsonl"
    items.write_text(json.dumps({"question": PROBLEMS[3].prompt + " one two three four"}))
    asked = stores.settings("sft", filter={"runs": [RUN_A], "benchmarks": [str(items)]})
    assert export(engine, asked, tmp_path / "out").manifest.left_out[CONTAMINATED] == 1
    replayed(engine, tmp_path / "out")
    items.write_text(json.dumps({"question": "Something else that has more than ten words in a row in it?"}))
    message = refused(engine, tmp_path / "out")
    assert f"input {items}: " in message
    assert f"left out by {CONTAMINATED} is gone: 1" in message
    items.unlink()
    assert f"{items} cannot be read" in refused(engine, tmp_path / "out", ConfigError)


def test_a_run_that_was_withdrawn_is_told(engine: Engine, tmp_path: Path) -> None:
    fill(engine)
    export(engine, stores.settings(), tmp_path / "out")
    with writing(engine) as session:
        withdraw(session, Kind.RUN, RUN_B, "its prompts leaked")
    assert refused(engine, tmp_path / "out", ConfigError) == "run run-b was withdrawn: its prompts leaked"


def test_a_model_that_was_withdrawn_is_told(engine: Engine, tmp_path: Path) -> None:
    fill(engine)
    export(engine, stores.settings(), tmp_path / "out")
    export(engine, stores.settings(filter={"runs": [RUN_A]}), tmp_path / "without it")
    with writing(engine) as session:
        withdraw(session, Kind.MODEL, MODEL_B, "its licence")
    message = refused(engine, tmp_path / "out")
    assert "nothing was published: model model-b was withdrawn; " in message
    assert replayed(engine, tmp_path / "without it").manifest.rows


def test_a_run_that_is_gone_is_told(engine: Engine, tmp_path: Path) -> None:
    fill(engine)
    export(engine, stores.settings("reference"), tmp_path / "out")
    manifest = tmp_path / "out" / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"run-b"', '"gone"'))
    assert "there is no run 'gone' in this store" in refused(engine, tmp_path / "out", ConfigError)


@pytest.mark.parametrize("name", OF_PROBLEMS)
def test_problems_that_came_to_a_run_later_are_told(engine: Engine, tmp_path: Path, name: str) -> None:
    """Only to records of problems alone do they matter: a place in a run carries no moment."""
    fill(engine)
    export(engine, CASES[name], tmp_path / name)
    grow(engine, problems=False)
    assert checksums(replayed(engine, tmp_path / name))
    grow(engine)
    assert "run run-a: problems: 30 -> 36" in refused(engine, tmp_path / name)
