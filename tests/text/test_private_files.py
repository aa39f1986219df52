"""Modes of what is made: its owner's alone, or as the umask says."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from gristmill.text.private_files import SHARED_VARIABLE, make_folder, open_private


@pytest.fixture(autouse=True, params=[0o000, 0o022, 0o077], ids="umask {:o}".format)
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    former = os.umask(request.param)
    yield request.param
    os.umask(former)


@pytest.mark.parametrize(
    ("shared", "folder", "file"), [("", 0o700, 0o600), ("0", 0o700, 0o600), ("1", 0o777, 0o666)]
)
def test_what_is_made_is_private_unless_it_is_shared(
    shared: str, folder: int, file: int, umask: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SHARED_VARIABLE, shared)
    make_folder(tmp_path / "a" / "b")
    open_private(tmp_path / "a" / "new", "xb").close()
    open_private(tmp_path / "a" / "log", "ab").close()
    assert {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "a").rglob("*")} == {
        "b": folder & ~umask,
        "new": file & ~umask,
        "log": file & ~umask,
    }
    assert (tmp_path / "a").stat().st_mode & 0o777 == folder & ~umask


def test_what_is_there_keeps_its_mode(tmp_path: Path) -> None:
    (tmp_path / "log").touch()
    before = (tmp_path / "log").stat().st_mode, tmp_path.stat().st_mode
    make_folder(tmp_path)
    with open_private(tmp_path / "log", "ab") as file:
        file.write(b"more")
    assert ((tmp_path / "log").stat().st_mode, tmp_path.stat().st_mode) == before
    with pytest.raises(FileExistsError):
        open_private(tmp_path / "log", "xb")
    with pytest.raises(FileExistsError):
        make_folder(tmp_path / "log")
