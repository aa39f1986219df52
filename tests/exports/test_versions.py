"""New versions of an export: made when the rows are others, and only then."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from gristmill.db.attempts import record
from gristmill.db.engine import open_engine
from gristmill.db.exports.withdrawals import Kind, withdraw
from gristmill.db.schema import prepare_schema
from gristmill.db.sessions import Engine, reading, writing
from gristmill.exports.export import Exported
from gristmill.exports.manifest import Manifest
from gristmill.exports.recipe import export_settings
from gristmill.exports.settings import ExportSettings
from gristmill.exports.versions import NotExported, check_folder, export_new_version, last_version
from gristmill.sampling.errors import ConfigError, StoreError
from gristmill.sampling.records import Outcome
from tests.db.samples import an_attempt
from tests.exports.stores import MODEL_A, RUN_A, a_problem, fill


@pytest.fixture
def filled(tmp_path: Path) -> Iterator[Engine]:
    """The standard store, on SQLite."""
    engine = open_engine(f"sqlite:///{tmp_path / 'store.db'}")
    prepare_schema(engine)
    fill(engine)
    yield engine
    engine.dispose()


def settings(**output: object) -> ExportSettings:
    return export_settings(None, {"filter": {"runs": (RUN_A,)}, "output": output})


def made(engine: Engine, folder: Path, **output: object) -> tuple[str, Manifest]:
    version = export_new_version(engine, settings(**output), folder, "set")
    assert isinstance(version, Exported)
    return version.path.name, version.manifest


def add(engine: Engine, number: int, outcome: Outcome) -> None:
    with writing(engine) as session:
        record(session, RUN_A, [an_attempt(a_problem(1), number, outcome)], [], [])


def test_the_same_rows_again_are_no_version(filled: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    name, first = made(filled, folder)
    assert name == "set-v1"
    assert first.rows > 0
    looked: list[int] = []
    again = export_new_version(
        filled, settings(), folder, "set", lambda done, problems, rows: looked.append(rows)
    )
    assert again == NotExported(folder / "set-v1")
    assert looked == []  # nothing was written
    assert [path.name for path in folder.iterdir()] == ["set-v1"]


def test_attempts_that_add_no_row_bring_no_version(filled: Engine, tmp_path: Path) -> None:
    made(filled, tmp_path / "sets")
    add(filled, 90, Outcome.REJECTED)
    again = export_new_version(filled, settings(), tmp_path / "sets", "set")
    assert again == NotExported(tmp_path / "sets" / "set-v1")
    assert [path.name for path in (tmp_path / "sets").iterdir()] == ["set-v1"]


def test_attempts_that_change_a_record_bring_one(filled: Engine, tmp_path: Path) -> None:
    made(filled, tmp_path / "sets", format="kto")
    add(filled, 90, Outcome.REJECTED)
    name, _ = made(filled, tmp_path / "sets", format="kto")
    assert name == "set-v2"


def test_other_settings_bring_a_version_and_then_no_more(filled: Engine, tmp_path: Path) -> None:
    made(filled, tmp_path / "sets")
    name, _ = made(filled, tmp_path / "sets", format="kto")
    assert name == "set-v2"
    again = export_new_version(filled, settings(format="kto"), tmp_path / "sets", "set")
    assert again == NotExported(tmp_path / "sets" / "set-v2")


def test_a_model_that_was_withdrawn_brings_one_without_its_rows(filled: Engine, tmp_path: Path) -> None:
    add(filled, 90, Outcome.ACCEPTED)  # of another model than the rest, and beyond the quota
    _, first = made(filled, tmp_path / "sets")
    assert list(first.counts["model"]) == [MODEL_A]
    with writing(filled) as session:
        withdraw(session, Kind.MODEL, MODEL_A, "a licence")
    name, second = made(filled, tmp_path / "sets")
    assert (name, second.rows) == ("set-v2", 1)


def test_a_version_that_is_gone_is_made_anew_under_the_next_number(filled: Engine, tmp_path: Path) -> None:
    _, first = made(filled, tmp_path / "sets")
    (tmp_path / "sets" / "set-v1").rename(tmp_path / "elsewhere")
    name, second = made(filled, tmp_path / "sets")
    assert name == "set-v2"
    assert second.rows_sha256 == first.rows_sha256


def test_folders_of_other_names_are_no_versions(filled: Engine, tmp_path: Path) -> None:
    for name in ("set-v01", "set-v2-old", "my-set-v7", "set-v", "set-vx", "set-v99999999999"):
        (tmp_path / "sets" / name).mkdir(parents=True)
    with reading(filled) as session:
        assert last_version(session, tmp_path / "sets", "set").number == 0
    name, _ = made(filled, tmp_path / "sets")
    assert name == "set-v1"


class Overtaken:
    """While an export goes on, another of the same name begins and ends, each time one of the next format."""

    def __init__(self, engine: Engine, folder: Path, *formats: str) -> None:
        self.others: list[str] = []
        self._engine = engine
        self._folder = folder
        self._formats = list(formats)

    def __call__(self, done: int, problems: int, rows: int) -> None:
        if self._formats and done == 0:
            self.others.append(made(self._engine, self._folder, format=self._formats.pop(0))[0])


def test_of_two_exports_at_once_of_the_same_rows_the_second_is_no_version(
    filled: Engine, tmp_path: Path
) -> None:
    folder = tmp_path / "sets"
    overtaken = Overtaken(filled, folder, "sft")
    again = export_new_version(filled, settings(format="sft"), folder, "set", overtaken)
    assert again == NotExported(folder / "set-v1")
    assert overtaken.others == [path.name for path in folder.iterdir()] == ["set-v1"]


def test_of_two_exports_at_once_of_other_rows_the_second_is_the_next_version(
    filled: Engine, tmp_path: Path
) -> None:
    folder = tmp_path / "sets"
    overtaken = Overtaken(filled, folder, "kto")
    version = export_new_version(filled, settings(format="sft"), folder, "set", overtaken)
    assert isinstance(version, Exported)
    assert (overtaken.others, version.path.name) == (["set-v1"], "set-v2")
    assert sorted(path.name for path in folder.iterdir()) == ["set-v1", "set-v2"]


def test_an_export_that_is_overtaken_again_and_again_ends(filled: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "sets"
    overtaken = Overtaken(filled, folder, "kto", "prompt-completion", "kto")
    with pytest.raises(StoreError, match="set-v2 was not written"):
        export_new_version(filled, settings(format="sft"), folder, "set", overtaken)
    assert overtaken.others == ["set-v1", "set-v2"]


def test_a_version_that_cannot_be_written_is_no_other_export(filled: Engine, tmp_path: Path) -> None:
    folder, exports = tmp_path / "sets", list[int]()

    def taken_away(done: int, problems: int, rows: int) -> None:
        if done == 0:
            exports.append(rows)
            shutil.rmtree(folder)
            folder.touch()

    with pytest.raises(StoreError, match="set-v1 was not written"):
        export_new_version(filled, settings(), folder, "set", taken_away)
    assert len(exports) == 1


def test_no_row_is_an_error_and_no_version(filled: Engine, tmp_path: Path) -> None:
    nothing = export_settings(None, {"filter": {"runs": (RUN_A,), "max_tokens": 1}})
    with pytest.raises(ConfigError, match="nothing to export"):
        export_new_version(filled, nothing, tmp_path / "sets", "set")
    assert list((tmp_path / "sets").iterdir()) == []


def test_a_file_is_no_folder_for_versions(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match="no folder"):
        check_folder(tmp_path / "file")
    check_folder(tmp_path / "new")
