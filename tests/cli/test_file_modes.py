"""Whose are the files that commands make: of this user alone, or with `--shared` as the umask says."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from gristmill.db.engine import open_engine
from gristmill.db.sessions import reading
from gristmill.text.private_files import SHARED_VARIABLE
from tests.support.commands import SCRIPTED, Workplace, verify_here


@pytest.fixture(autouse=True)
def umask(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv(SHARED_VARIABLE, "")  # and so put back, where a flag sets it
    former = os.umask(0o022)
    yield
    os.umask(former)


def modes(folder: Path) -> tuple[set[str], set[str]]:
    """Of files and of folders below `folder`, in octal."""
    found = list(folder.rglob("*"))
    files = {f"{path.stat().st_mode & 0o777:o}" for path in found if path.is_file()}
    return files, {f"{path.stat().st_mode & 0o777:o}" for path in found if path.is_dir()}


@pytest.mark.parametrize(
    ("flags", "of_files", "of_folders"), [((), "600", "700"), (("--shared",), "644", "755")]
)
def test_store_export_and_report_are_their_owners_unless_they_are_shared(
    flags: tuple[str, ...],
    of_files: str,
    of_folders: str,
    workplace: Workplace,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    verify_here(monkeypatch)
    run = (
        "run",
        "dart-uniform",
        *SCRIPTED,
        "--limit",
        "2",
        "--quota",
        "1",
        "--ceiling",
        "4",
        "--run-id",
        "a",
    )
    workplace.does(*run, *flags)
    workplace.does("export", "a", "--container", "datasets", *flags)
    workplace.does("report", "a", *flags)
    engine = open_engine(f"sqlite:///{workplace.store}")
    with reading(engine):
        beside = {path.name for path in workplace.folder.glob("gristmill.db*")}
        found = modes(workplace.folder)
    engine.dispose()
    assert beside == {"gristmill.db", "gristmill.db-wal", "gristmill.db-shm"}
    assert found == ({of_files}, {of_folders})


def test_an_export_in_the_place_of_one_that_others_could_read_is_private(
    workplace: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    verify_here(monkeypatch)
    workplace.does("run", "dart-uniform", *SCRIPTED, "--limit", "2", "--quota", "1", "--run-id", "a")
    workplace.does("export", "a", "--shared")
    assert modes(workplace.folder / "a-sft") == ({"644"}, {"755"})
    monkeypatch.setenv(SHARED_VARIABLE, "")
    workplace.does("export", "a", "--replace")
    assert modes(workplace.folder / "a-sft") == ({"600"}, {"700"})
    assert (workplace.folder / "a-sft").stat().st_mode & 0o777 == 0o700
