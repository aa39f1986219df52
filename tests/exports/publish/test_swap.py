"""A folder is put in the place of another, and the old one is never lost."""

import sys
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest

from gristmill.exports.publish.swap import replace_folder, replace_in_two_steps, swapped
from tests.exports.disks import mounted_disk, quick_folder
from tests.exports.folders import names, remove
from tests.exports.interrupts import InterruptAtLine


def two_folders(tmp_path: Path) -> tuple[Path, Path]:
    new, final = tmp_path / ".out.ab.part", tmp_path / "out"
    for folder in (new, final):
        folder.mkdir()
        (folder / folder.name).touch()
    return new, final


@pytest.mark.parametrize("put", [replace_folder, replace_in_two_steps])
def test_a_folder_is_put_in_the_place_of_another(tmp_path: Path, put: Callable[[Path, Path], None]) -> None:
    new, final = two_folders(tmp_path)
    put(new, final)
    assert names(final) == [".out.ab.part"]
    assert not new.exists() or names(new) == ["out"]
    assert not (tmp_path / ".out.ab.old").exists()


@pytest.mark.parametrize("put", [replace_folder, replace_in_two_steps])
def test_the_old_folder_comes_back_when_the_new_one_cannot_be_put_there(
    tmp_path: Path, put: Callable[[Path, Path], None]
) -> None:
    new, final = two_folders(tmp_path)
    remove(new)
    with pytest.raises(OSError, match="No such file"):
        put(new, final)
    assert names(tmp_path) == ["out"]
    assert names(final) == ["out"]


def test_a_folder_that_cannot_be_put_aside_stays(tmp_path: Path) -> None:
    """A mounted disk can be renamed neither way."""
    new, _ = two_folders(tmp_path)
    with mounted_disk(tmp_path / "disk", "size=64k") as disk:
        (disk / "mine").touch()
        for put in (replace_folder, replace_in_two_steps):
            with pytest.raises(OSError, match="busy"):
                put(new, disk)
        assert names(disk) == ["mine"]
    assert new.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="two names are swapped in one step on Linux alone")
def test_two_names_are_exchanged_in_one_step(tmp_path: Path) -> None:
    new, final = two_folders(tmp_path)
    assert swapped(new, final)
    assert (names(new), names(final)) == (["out"], [".out.ab.part"])


@pytest.mark.parametrize("put", [replace_folder, replace_in_two_steps])
def test_an_interrupt_at_any_line_never_leaves_the_name_without_a_folder(
    put: Callable[[Path, Path], None],
) -> None:
    with quick_folder() as quick:
        for number in count(1):
            folder = quick / str(number)
            folder.mkdir()
            new, final = two_folders(folder)
            with suppress(KeyboardInterrupt), InterruptAtLine(number) as interrupt:
                put(new, final)
            if not interrupt.line:
                break
            assert names(final) in (["out"], [".out.ab.part"])
    assert number > 5
