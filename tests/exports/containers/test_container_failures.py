"""A container that is broken off, by an error, an interrupt or a full disk: half of it is never seen."""

import asyncio
import random
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from gristmill.exports.rows import Record
from gristmill.sampling.errors import StoreError
from tests.exports.contained import NAMES, READERS, publish, quick_path, record
from tests.exports.disks import files_of_at_most, mounted_disk

tmp_path = quick_path  # in place of pytest's: hundreds of exports are made here


def breaking(error: BaseException, after: int) -> Iterator[Sequence[Record]]:
    for number in range(after):
        yield [record(number=number)]
    raise error


ERRORS = [RuntimeError("store gone"), KeyboardInterrupt(), asyncio.CancelledError(), OSError("not ours")]


@pytest.mark.parametrize("error", ERRORS, ids=repr)
@pytest.mark.parametrize("old", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_an_interrupted_export_leaves_nothing_and_keeps_what_was_there(
    tmp_path: Path, name: str, old: bool, error: BaseException
) -> None:
    path = tmp_path / "out"
    if old:
        kept = publish(name, path, [[record("old")]])
    for after in (0, 3):
        with pytest.raises(type(error)) as caught:
            publish(name, path, breaking(error, after), replace=old)
        assert caught.value is error
        assert [entry.name for entry in tmp_path.iterdir()] == (["out"] if old else [])
    assert not old or READERS[name](kept) == [record("old")]


def incompressible(rows: int, size: int) -> Iterator[Sequence[Record]]:
    numbers = random.Random(0)
    for _ in range(rows):
        yield [record(numbers.randbytes(size // 2).hex())]


SIZES = pytest.mark.parametrize(
    ("rows", "size"), [(400, 1_000), (20, 1_000_000)], ids=["at the end", "on the way"]
)


@SIZES
@pytest.mark.parametrize("name", NAMES)
def test_a_full_disk_is_told_and_keeps_what_was_there(
    tmp_path: Path, name: str, rows: int, size: int
) -> None:
    with mounted_disk(tmp_path / "disk", "size=256k") as disk:
        kept = publish(name, disk / "out", [[record("old")]])
        (disk / "filler").write_bytes(bytes(140_000))
        with pytest.raises(StoreError, match=r"out was not written: .*No space left on device\): free some"):
            publish(name, disk / "out", incompressible(rows, size), replace=True)
        assert sorted(entry.name for entry in disk.iterdir()) == ["filler", "out"]
        assert READERS[name](kept) == [record("old")]


@SIZES
@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_grows_past_its_limit_is_told_and_leaves_nothing(
    tmp_path: Path, name: str, rows: int, size: int
) -> None:
    with files_of_at_most(100_000), pytest.raises(StoreError, match=r"out was not written: no space for it"):
        publish(name, tmp_path / "out", incompressible(rows, size))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", NAMES)
def test_an_interrupt_on_a_full_disk_stays_an_interrupt(tmp_path: Path, name: str) -> None:
    def batches() -> Iterator[Sequence[Record]]:
        yield next(incompressible(1, 40_000))
        with suppress(OSError):
            (tmp_path / "disk" / "filler").write_bytes(bytes(300_000))
        raise KeyboardInterrupt

    with mounted_disk(tmp_path / "disk", "size=256k") as disk:
        with pytest.raises(KeyboardInterrupt):
            publish(name, disk / "out", batches())
        assert [entry.name for entry in disk.iterdir()] == ["filler"]
