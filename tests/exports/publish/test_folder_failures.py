"""Errors, interrupts and full disks: the final name keeps what it had, and nothing else is left."""

import asyncio
import errno
import os
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import BinaryIO

import pytest

from gristmill.exports.publish.errors import write_errors
from gristmill.exports.publish.folder import published_folder
from gristmill.sampling.errors import StoreError
from tests.exports.disks import files_of_at_most, mounted_disk, quick_folder
from tests.exports.folders import contents, export_of, names, publish
from tests.exports.interrupts import InterruptAtLine

ERRORS = [RuntimeError("store gone"), KeyboardInterrupt(), asyncio.CancelledError(), OSError("not ours")]


def publish_until(path: Path, place: str, error: BaseException, *, replace: bool) -> None:
    with published_folder(path, replace=replace) as folder:
        if place == "at once":
            raise error
        with folder.file("data/x") as stream:
            stream.write(b"x")
            if place == "in a file":
                raise error
        raise error


@pytest.mark.parametrize("error", ERRORS, ids=repr)
@pytest.mark.parametrize("place", ["at once", "in a file", "after it"])
@pytest.mark.parametrize("old", [False, True])
def test_an_error_leaves_nothing_and_keeps_what_was_there(
    tmp_path: Path, error: BaseException, place: str, old: bool
) -> None:
    if old:
        publish(tmp_path / "out", "old")
    with pytest.raises(type(error)) as caught:
        publish_until(tmp_path / "out", place, error, replace=old)
    assert caught.value is error
    assert names(tmp_path) == (["out"] if old else [])
    assert not old or contents(tmp_path / "out") == export_of("old")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # between `open` and its `try`
@pytest.mark.parametrize("old", [False, True])
def test_an_interrupt_at_any_line_leaves_the_old_or_the_new_and_nothing_else(old: bool) -> None:
    """But at the lines that clean up, and nowhere before them, what is left is a hidden folder."""
    allowed = [export_of("new"), export_of("old") if old else {}]
    with quick_folder() as quick:
        for number in count(1):
            path = quick / str(number) / "out"
            path.parent.mkdir()
            if old:
                publish(path, "old")
            with suppress(KeyboardInterrupt), InterruptAtLine(number) as interrupt:
                publish(path, replace=old)
            if not interrupt.line:
                break
            assert contents(path) in allowed
            left = [name for name in names(path.parent) if name != "out"]
            assert left == [] or "shutil.rmtree" in interrupt.line or "aside.exists" in interrupt.line
    assert number > 50


def test_the_old_folder_comes_back_when_the_new_one_cannot_be_put_there(tmp_path: Path) -> None:
    publish(tmp_path / "out", "old")
    with (
        pytest.raises(StoreError, match="No such file"),
        published_folder(tmp_path / "out", replace=True),
    ):
        next(tmp_path.glob(".out.*.part")).rmdir()
    assert names(tmp_path) == ["out"]
    assert contents(tmp_path / "out") == export_of("old")


def test_a_full_disk_is_told_and_keeps_what_was_there(tmp_path: Path) -> None:
    with mounted_disk(tmp_path / "disk", "size=256k") as disk:
        publish(disk / "out", "x" * 150_000)
        with pytest.raises(
            StoreError,
            match=r"out was not written: no space for it in .*disk \(No space left on device\): free some "
            "and run the command again$",
        ):
            publish(disk / "out", "y" * 200_000, replace=True)
        assert contents(disk / "out") == export_of("x" * 150_000)
        assert names(disk) == ["out"]


@contextmanager
def dropping_what_a_write_raises() -> Iterator[None]:
    with suppress(StoreError):
        yield


@contextmanager
def raising_something_else() -> Iterator[None]:
    try:
        yield
    except StoreError:
        raise RuntimeError("could not write") from None


@pytest.mark.parametrize("between", [dropping_what_a_write_raises, raising_something_else])
def test_a_failed_write_is_told_whatever_a_library_makes_of_it(
    tmp_path: Path, between: Callable[[], AbstractContextManager[None]]
) -> None:
    with (
        files_of_at_most(100_000),
        pytest.raises(StoreError, match="no space for it"),
        published_folder(tmp_path / "out") as folder,
        folder.file("x") as stream,
        between(),
    ):
        stream.write(b"x" * 200_000)
    assert names(tmp_path) == []


def fail_and_then(path: Path, act: Callable[[BinaryIO], object]) -> None:
    """`act` is given the file in which a write has failed."""
    with published_folder(path) as folder, folder.file("x") as stream:
        with files_of_at_most(100_000), pytest.raises(StoreError):
            stream.write(b"x" * 200_000)
        act(stream)


def test_after_a_failed_write_every_other_fails_in_the_same_way(tmp_path: Path) -> None:
    seen: list[StoreError] = []

    def write_again(stream: BinaryIO) -> None:
        with pytest.raises(StoreError) as again:
            stream.write(b"y")
        seen.append(again.value)

    with pytest.raises(StoreError) as last:
        fail_and_then(tmp_path / "out", write_again)
    assert seen == [last.value]
    assert names(tmp_path) == []


def test_a_failure_is_told_when_a_library_drops_it_and_closes_the_file(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no space for it"):
        fail_and_then(tmp_path / "out", close_quietly)
    assert names(tmp_path) == []


def close_quietly(stream: BinaryIO) -> None:
    with suppress(StoreError):
        stream.close()


def test_an_interrupt_after_a_failed_write_stays_one(tmp_path: Path) -> None:
    def interrupt(_: BinaryIO) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail_and_then(tmp_path / "out", interrupt)
    assert names(tmp_path) == []


def test_a_generator_that_is_never_finished_publishes_nothing(tmp_path: Path) -> None:
    def written() -> Generator[int, None, None]:
        publish(tmp_path / "done")
        with published_folder(tmp_path / "out") as folder, folder.file("x") as stream:
            yield stream.write(b"x")

    rows = written()
    assert next(rows) == 1
    rows.close()
    assert names(tmp_path) == ["done"]


@pytest.mark.parametrize("code", [errno.EROFS, errno.EACCES, errno.EIO])
def test_what_the_system_says_of_a_write_is_told(code: int) -> None:
    with pytest.raises(StoreError, match=f"x was not written: {os.strerror(code)}$"), write_errors(Path("x")):
        raise OSError(code, os.strerror(code))
