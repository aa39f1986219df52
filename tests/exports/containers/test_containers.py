"""Every container: any record comes back equal, its keys in order, and its splits are kept apart."""

import json
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from gristmill.exports.containers import CONTAINERS
from gristmill.exports.publish.folder import StagingFolder, published_folder
from gristmill.exports.rows import Record
from gristmill.exports.transforms.chat import user
from gristmill.exports.transforms.unicode import restored
from tests.exports.contained import ESCAPE, NAMES, READERS, SCHEMA, fill, publish, quick_path, record
from tests.exports.disks import quick_folder
from tests.exports.samples import HOSTILE, HOSTILE_TEXTS

tmp_path = quick_path  # in place of pytest's: hundreds of exports are made here


RECORDS = st.builds(
    lambda texts, label, rate, number: {
        "messages": [user(text) for text in texts],
        "label": label,
        "rate": rate,
        "steps": texts[1:],
        "metadata": {
            "problem_id": texts[0] if texts else "",
            "run_id": "r",
            "number": number,
            "model": texts[-1] if texts else "",
            "level": "",
            "source": "",
        },
    },
    st.lists(HOSTILE, max_size=4),
    st.booleans(),
    st.none() | st.floats(allow_nan=False, allow_infinity=False),
    st.integers(0, 2**31 - 1),
)


def test_every_container_is_read_here() -> None:
    assert sorted(READERS) == NAMES


@given(st.lists(RECORDS, max_size=6), st.integers(1, 6))
def test_any_records_come_back_equal_from_every_container(records: list[Record], size: int) -> None:
    batches = [records[start : start + size] for start in range(0, len(records), size)]
    with quick_folder() as path:
        folder = StagingFolder(path, path)
        counts = set()
        for name in NAMES:
            counts.add(fill(folder, name, batches))
            assert restored(READERS[name](path / CONTAINERS[name].pattern("train"))) == records
    assert len(counts) == 1


@pytest.mark.parametrize("text", HOSTILE_TEXTS, ids=lambda text: ascii(text[:12]))
@pytest.mark.parametrize("name", NAMES)
def test_hostile_text_comes_back_equal(tmp_path: Path, name: str, text: str) -> None:
    path = publish(name, tmp_path / "out", [[record(text)]])
    assert restored(READERS[name](path)) == [record(text)]


@pytest.mark.parametrize("name", NAMES)
def test_keys_keep_the_order_of_the_record(tmp_path: Path, name: str) -> None:
    (read,) = READERS[name](publish(name, tmp_path / "out", [[record()]]))
    assert json.dumps(read) == json.dumps(record())


@pytest.mark.parametrize("name", NAMES)
def test_valid_text_stands_as_it_is_and_nothing_is_counted(tmp_path: Path, name: str) -> None:
    text = "caf\u00e9 \u6570\u5b66 \U0001f600 \x00 \u202e \u2028 \x85 \ufeff \U0010ffff"
    with published_folder(tmp_path / "out") as folder:
        assert fill(folder, name, [[record(text)]]) == 0
    assert READERS[name](tmp_path / "out" / CONTAINERS[name].pattern("train")) == [record(text)]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a\ud800b", f"a{ESCAPE}d800b"),
        ("\ud83d\ude00", f"{ESCAPE}d83d{ESCAPE}de00"),
        (f"{ESCAPE}d800", f"{ESCAPE}{ESCAPE}d800"),
        ("\x00\udfff", f"\x00{ESCAPE}dfff"),
    ],
)
@pytest.mark.parametrize("name", NAMES)
def test_what_utf8_cannot_hold_is_escaped_and_counted(
    tmp_path: Path, name: str, text: str, written: str
) -> None:
    with published_folder(tmp_path / "out") as folder:
        assert fill(folder, name, [[record()], [record(text), record()], [record(text)]]) == 6
    read = READERS[name](tmp_path / "out" / CONTAINERS[name].pattern("train"))
    assert read == [record(), record(written), record(), record(written)]


@pytest.mark.parametrize("name", NAMES)
def test_a_split_without_records_is_a_file_that_can_be_read(tmp_path: Path, name: str) -> None:
    path = publish(name, tmp_path / "out", [])
    assert READERS[name](path) == []
    if name == "parquet":
        assert parquet.read_schema(path) == SCHEMA
    if name == "datasets":
        assert pa.ipc.open_stream(path.read_bytes()).schema == SCHEMA


@pytest.mark.parametrize("name", NAMES)
def test_batches_without_records_change_nothing(tmp_path: Path, name: str) -> None:
    path = publish(name, tmp_path / "out", [[], [record()], []])
    assert READERS[name](path) == [record()]


@pytest.mark.parametrize("name", NAMES)
def test_splits_are_kept_apart_under_their_names(tmp_path: Path, name: str) -> None:
    splits = {"train": "a", "validation": "b", "test": "c"}
    with published_folder(tmp_path / "out") as folder:
        for split, text in splits.items():
            fill(folder, name, [[record(text)]], split)
        CONTAINERS[name].finish(folder, list(splits))
    for split, text in splits.items():
        assert READERS[name](tmp_path / "out" / CONTAINERS[name].pattern(split)) == [record(text)]


@pytest.mark.parametrize("value", ["a", 1, None, True, [f"{ESCAPE}d800"], {"k": (f"{ESCAPE}{ESCAPE}",)}])
def test_restoring_keeps_what_is_no_escaped_text(value: object) -> None:
    expected = {"[": ["\ud800"], "{": {"k": [ESCAPE]}}.get(repr(value)[0], value)
    assert restored(value) == expected
