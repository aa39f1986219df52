"""Provenance: every row is found again with its attempts, and the checksum is over what is written."""

import gc
import hashlib
import io
import sys
import tracemalloc
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO, cast

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gristmill.exports import provenance
from gristmill.exports.provenance import Origin, ProvenanceWriter, read_provenance
from gristmill.exports.rows import Row
from gristmill.sampling.errors import DataError, StoreError
from tests.exports.samples import HOSTILE, a_rejected, an_attempt

Added = tuple[str, str, Row]

SOME: list[Added] = [
    ("train", "p1", Row({}, (an_attempt(4, ordinal=2),))),
    ("train", "p1", Row({}, (an_attempt(5), a_rejected(6, run_id="other")))),
    ("test", "p2", Row({}, ())),
    ("train", "p3", Row({}, (an_attempt(0), an_attempt(1), an_attempt(2)))),
]
LINES = [
    Origin("train", 0, "", "run", "p1", 4, 2),
    Origin("train", 1, "chosen", "run", "p1", 5, 0),
    Origin("train", 1, "rejected", "other", "p1", 6, 0),
    Origin("test", 0, "", None, "p2", None, None),
    Origin("train", 2, "", "run", "p3", 0, 0),
    Origin("train", 2, "", "run", "p3", 1, 0),
    Origin("train", 2, "", "run", "p3", 2, 0),
]


def written_to(file: BinaryIO, added: Sequence[Added]) -> ProvenanceWriter:
    with ProvenanceWriter(file) as writer:
        for split, problem_id, row in added:
            writer.add(split, problem_id, row)
    return writer


def written(path: Path, added: Sequence[Added]) -> ProvenanceWriter:
    with path.open("wb") as file:
        return written_to(file, added)


def digest(lines: Sequence[Origin]) -> str:
    """The documented checksum, computed from what was read."""
    text = "".join("".join(f"{'' if v is None else v}\t" for v in line) + "\n" for line in lines)
    return hashlib.sha256(text.encode()).hexdigest()


def test_every_row_is_read_back_with_its_attempts(tmp_path: Path) -> None:
    writer = written(tmp_path / "p.parquet", SOME)
    assert list(read_provenance(tmp_path / "p.parquet")) == LINES
    assert writer.rows == {"train": 3, "test": 1}
    assert writer.sha256 == digest(LINES)


def test_nothing_makes_an_empty_file(tmp_path: Path) -> None:
    writer = written(tmp_path / "p.parquet", [])
    assert list(read_provenance(tmp_path / "p.parquet")) == []
    assert (writer.rows, writer.sha256) == ({}, hashlib.sha256().hexdigest())


@given(
    st.lists(
        st.builds(
            lambda split, runs: (split, "p", Row({}, tuple(an_attempt(run_id=run) for run in runs))),
            st.sampled_from(["train", "test"]),
            st.lists(HOSTILE, max_size=3),
        ),
        max_size=12,
    ),
    st.integers(1, 5),
)
def test_any_name_and_any_batch_give_the_same_bytes_and_their_checksum(
    tmp_path_factory: pytest.TempPathFactory, added: list[Added], batch: int
) -> None:
    folder = tmp_path_factory.mktemp("provenance")
    one, two = (written(folder / name, added) for name in ("one", "two"))
    lines = list(read_provenance(folder / "one"))
    assert (folder / "one").read_bytes() == (folder / "two").read_bytes()
    assert one.sha256 == two.sha256 == digest(lines)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(provenance, "_BATCH", batch)
        assert written(folder / "three", added).sha256 == one.sha256
        assert list(read_provenance(folder / "three")) == lines
    assert len(lines) == sum(max(1, len(row.attempts)) for _, _, row in added)


@pytest.mark.parametrize(
    "changed",
    [
        ("test", "p1", Row({}, (an_attempt(4, ordinal=2),))),
        ("train", "p0", Row({}, (an_attempt(4, ordinal=2),))),
        ("train", "p1", Row({}, (an_attempt(4, ordinal=1),))),
        ("train", "p1", Row({}, (an_attempt(3, ordinal=2),))),
        ("train", "p1", Row({}, (an_attempt(4, ordinal=2, run_id="other"),))),
        ("train", "p1", Row({}, ())),
    ],
)
def test_the_checksum_tells_any_change_of_a_row(tmp_path: Path, changed: Added) -> None:
    assert written(tmp_path / "a", SOME).sha256 != written(tmp_path / "b", [changed, *SOME[1:]]).sha256


def test_many_rows_take_constant_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provenance, "_BATCH", 500)
    row = Row({}, (an_attempt(),))
    with (tmp_path / "p").open("wb") as file, ProvenanceWriter(file) as writer:
        tracemalloc.start()
        for number in range(10_000):
            writer.add("train", f"{number:032x}", row)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 700_000
    assert sum(1 for _ in read_provenance(tmp_path / "p")) == 10_000


class Full(io.RawIOBase):
    """A disk that takes so many bytes; then it raises what a staged file makes of a full disk."""

    def __init__(self, room: int) -> None:
        self._room = room

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        self._room -= len(data)
        if self._room < 0:
            raise StoreError("the disk is full")
        return len(data)


def unraised(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What is printed as ignored, from now on: it comes when something is collected."""
    gc.collect()
    ignored: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", ignored.append)
    return ignored


def leave_by_an_error(file: BinaryIO) -> None:
    wrong: list[Added] = [SOME[0], ("train", "p1", None)]  # type: ignore[list-item]
    with pytest.raises(AttributeError):
        written_to(file, wrong)


@pytest.mark.parametrize("room", [4, 10**6])
def test_after_an_error_nothing_is_left_to_complain_when_it_is_collected(
    monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    ignored = unraised(monkeypatch)
    leave_by_an_error(cast(BinaryIO, Full(room)))
    closed = io.BytesIO()
    leave_by_an_error(closed)
    gc.collect()
    assert ignored == []


def test_a_disk_that_is_full_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    ignored = unraised(monkeypatch)
    with pytest.raises(StoreError, match="the disk is full"):
        written_to(cast(BinaryIO, Full(100)), SOME)
    gc.collect()
    assert ignored == []


def test_lines_that_wait_are_not_written_after_an_error(tmp_path: Path) -> None:
    with (tmp_path / "p").open("wb") as file:
        leave_by_an_error(file)
    assert list(read_provenance(tmp_path / "p")) == []


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text").write_bytes(b"PAR1 not parquet PAR1")
    pq.write_table(pa.table({"row": [1]}), tmp_path / "other")
    for name, reason in (("text", "cannot be read"), ("other", "other columns"), ("none", "cannot be read")):
        with pytest.raises(DataError, match=reason):
            list(read_provenance(tmp_path / name))
