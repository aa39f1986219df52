"""Every container: any record comes back equal, the bytes repeat, memory stays, and half is never seen."""

import asyncio
import gzip
import io
import json
import random
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st
from pyarrow import json as arrow_json
from pyarrow import parquet

from flows.exports.containers import CONTAINERS
from flows.exports.containers.tables import MOST_ROWS
from flows.exports.draft import Draft, published_folder
from flows.exports.rows import METADATA, Record
from flows.exports.turns import MESSAGES, assistant, user
from flows.exports.unicode_text import restored
from sampling.errors import StoreError
from tests.flows.exports.disks import files_of_at_most, mounted_disk, quick_folder
from tests.flows.exports.samples import HOSTILE, HOSTILE_TEXTS

_FIELDS: "list[tuple[str, pa.DataType]]" = [
    ("messages", MESSAGES),
    ("label", pa.bool_()),
    ("rate", pa.float64()),
    ("steps", pa.list_(pa.string())),
    ("metadata", METADATA),
]
SCHEMA = pa.schema(_FIELDS)
NAMES = sorted(CONTAINERS)
ESCAPE = "\U00100e5c"


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """Hundreds of exports are made here."""
    with quick_folder() as folder:
        yield folder


def record(text: str = "\\boxed{7}", number: int = 0) -> Record:
    return {
        "messages": [user("What is 3 + 4?"), assistant(text)],
        "label": True,
        "rate": 0.1,
        "steps": [text, "then"],
        "metadata": {
            "problem_id": "a" * 64,
            "run_id": "run",
            "number": number,
            "model": "SmolLM2",
            "level": text,
            "source": "demo",
        },
    }


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


def fill(draft: Draft, name: str, batches: Iterable[Sequence[Record]], split: str = "train") -> int:
    """How many texts were escaped."""
    with CONTAINERS[name].open(draft, split, SCHEMA) as writer:
        for batch in batches:
            writer.write(batch)
    return writer.escaped


def publish(name: str, path: Path, batches: Iterable[Sequence[Record]], *, replace: bool = False) -> Path:
    """The file with the records of `train`."""
    with published_folder(path, replace=replace) as draft:
        fill(draft, name, batches)
        CONTAINERS[name].finish(draft, ["train"])
        with draft.file("manifest.json") as stream:
            stream.write(b'{"manifest_version": 1, "gristmill": "0.1.0"}')
    return path / CONTAINERS[name].pattern("train")


def lines(data: bytes) -> list[Record]:
    assert len(data.decode().splitlines()) == data.count(b"\n")
    return [json.loads(line) for line in data.decode().split("\n")[:-1]]


def decompressed(path: Path) -> bytes:
    with pa.CompressedInputStream(path, "zstd") as stream:
        data: bytes = stream.read()
        return data


READERS: dict[str, Callable[[Path], list[Record]]] = {
    "jsonl": lambda path: lines(path.read_bytes()),
    "jsonl.gz": lambda path: lines(gzip.decompress(path.read_bytes())),
    "jsonl.zst": lambda path: lines(decompressed(path)),
    "parquet": lambda path: list(parquet.ParquetFile(io.BytesIO(path.read_bytes())).read().to_pylist()),
    "datasets": lambda path: list(pa.ipc.open_stream(path.read_bytes()).read_all().to_pylist()),
}


def test_every_container_is_read_here() -> None:
    assert sorted(READERS) == NAMES


@limits(max_examples=60)
@given(st.lists(RECORDS, max_size=6), st.integers(1, 6))
def test_any_records_come_back_equal_from_every_container(records: list[Record], size: int) -> None:
    batches = [records[start : start + size] for start in range(0, len(records), size)]
    with quick_folder() as folder:
        draft = Draft(folder, folder)
        counts = set()
        for name in NAMES:
            counts.add(fill(draft, name, batches))
            assert restored(READERS[name](folder / CONTAINERS[name].pattern("train"))) == records
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
    with published_folder(tmp_path / "out") as draft:
        assert fill(draft, name, [[record(text)]]) == 0
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
    with published_folder(tmp_path / "out") as draft:
        assert fill(draft, name, [[record()], [record(text), record()], [record(text)]]) == 6
    read = READERS[name](tmp_path / "out" / CONTAINERS[name].pattern("train"))
    assert read == [record(), record(written), record(), record(written)]


def test_json_lines_take_one_line_whatever_ends_lines_elsewhere(tmp_path: Path) -> None:
    text = "a\nb\r\nc\x0bd\x0ce\x1cf\x1dg\x1eh\x85i\u2028j\u2029k"
    data = publish("jsonl", tmp_path / "out", [[record(text)]]).read_bytes()
    assert len(data.decode().splitlines()) == 1
    assert rb"\u0085i\u2028j\u2029k" in data


@pytest.mark.parametrize("name", ["jsonl", "jsonl.gz"])
def test_arrow_reads_the_json_with_the_schema_that_was_declared(tmp_path: Path, name: str) -> None:
    records = [record(text, number) for number, text in enumerate(HOSTILE_TEXTS)]
    path = publish(name, tmp_path / "out", [records])
    table = arrow_json.read_json(
        path,
        read_options=arrow_json.ReadOptions(block_size=1 << 24),
        parse_options=arrow_json.ParseOptions(explicit_schema=SCHEMA),
    )
    assert table.schema == SCHEMA
    assert restored(table.to_pylist()) == records


def test_a_number_that_is_not_finite_is_null_in_json(tmp_path: Path) -> None:
    publish("jsonl", tmp_path / "out", [[{"rate": float("nan")}, {"rate": float("-inf")}]])
    assert (tmp_path / "out" / "data" / "train.jsonl").read_bytes() == b'{"rate":null}\n' * 2


@pytest.mark.parametrize("name", NAMES)
def test_the_same_batches_give_the_same_bytes(tmp_path: Path, name: str) -> None:
    batches = [[record(text, number) for number, text in enumerate(HOSTILE_TEXTS)]] * 3
    one, two = (publish(name, tmp_path / folder, batches).parent for folder in ("one", "two"))
    assert {path.name: path.read_bytes() for path in one.iterdir()} == {
        path.name: path.read_bytes() for path in two.iterdir()
    }


def test_gzip_holds_no_time_and_no_name(tmp_path: Path) -> None:
    data = publish("jsonl.gz", tmp_path / "out", [[record()]]).read_bytes()
    assert (data[3], data[4:8]) == (0, bytes(4))


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
    with published_folder(tmp_path / "out") as draft:
        for split, text in splits.items():
            fill(draft, name, [[record(text)]], split)
        CONTAINERS[name].finish(draft, list(splits))
    for split, text in splits.items():
        assert READERS[name](tmp_path / "out" / CONTAINERS[name].pattern(split)) == [record(text)]


def test_parquet_has_row_groups_of_a_sensible_size(tmp_path: Path) -> None:
    small = publish("parquet", tmp_path / "small", [[record()] * 700] * 31)
    groups = parquet.ParquetFile(small).metadata
    sizes = [groups.row_group(index).num_rows for index in range(groups.num_row_groups)]
    assert sizes == [9_800, 9_800, 2_100]
    one = publish("parquet", tmp_path / "one", [[record()] * (MOST_ROWS + 1)])
    assert parquet.ParquetFile(one).metadata.row_group(0).num_rows == MOST_ROWS
    large = publish("parquet", tmp_path / "large", [[record("x" * 1_000_000)] * 5] * 6)
    assert parquet.ParquetFile(large).metadata.num_row_groups == 2


@pytest.mark.parametrize("name", NAMES)
def test_memory_does_not_grow_with_the_rows(tmp_path: Path, name: str) -> None:
    batch = [record("x" * 20_000, number) for number in range(20)]
    before = pa.total_allocated_bytes()
    arrow_peak = 0

    def batches() -> Iterator[Sequence[Record]]:
        nonlocal arrow_peak
        for _ in range(100):
            yield batch
            arrow_peak = max(arrow_peak, pa.total_allocated_bytes() - before)

    tracemalloc.start()
    try:
        publish(name, tmp_path / "out", batches())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 12_000_000  # 120 MB of text were written
    assert arrow_peak < 80_000_000


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


def test_a_saved_dataset_is_told_apart_by_its_records_alone(tmp_path: Path) -> None:
    folders = [
        publish("datasets", tmp_path / name, [[record(text)]]).parent
        for name, text in (("one", "a"), ("two", "a"), ("three", "b"))
    ]
    prints = [json.loads((folder / "state.json").read_text())["_fingerprint"] for folder in folders]
    assert prints[0] == prints[1] != prints[2]
    assert all(len(mark) == 16 and int(mark, 16) >= 0 for mark in prints)


@pytest.mark.parametrize("value", ["a", 1, None, True, [f"{ESCAPE}d800"], {"k": (f"{ESCAPE}{ESCAPE}",)}])
def test_restoring_keeps_what_is_no_escaped_text(value: object) -> None:
    expected = {"[": ["\ud800"], "{": {"k": [ESCAPE]}}.get(repr(value)[0], value)
    assert restored(value) == expected


LOAD = """
import json, sys
import datasets

datasets.disable_progress_bars()
result = {}
for name, files in json.loads(sys.argv[1]).items():
    if name == "datasets":
        loaded = datasets.load_from_disk(files)
        assert sorted(loaded) == ["empty", "train"] and len(loaded["empty"]) == 0, loaded
        assert loaded["train"].split == "train", loaded["train"].split
        loaded["train"].map(lambda row: {"size": len(row["messages"])}).save_to_disk(files + "-again")
        rows = loaded["train"]
    else:
        kind = "parquet" if name == "parquet" else "json"
        rows = datasets.load_dataset(kind, data_files=files, split="train")
    result[name] = rows.to_list()
print(json.dumps(result))
"""


def test_the_datasets_library_loads_every_container(tmp_path: Path) -> None:
    if find_spec("datasets") is None:
        pytest.skip("the `datasets` library is not installed (extra `dev`)")
    names = [name for name in NAMES if name != "jsonl.zst" or find_spec("zstandard")]
    records = [record(text, number) for number, text in enumerate(HOSTILE_TEXTS)]
    files = {}
    for name in names:
        with published_folder(tmp_path / name) as draft:
            fill(draft, name, [records[:5], records[5:]])
            fill(draft, name, [], "empty")
            CONTAINERS[name].finish(draft, ["train", "empty"])
        path = tmp_path / name
        files[name] = str(path if name == "datasets" else path / CONTAINERS[name].pattern("train"))
    done = subprocess.run(
        [sys.executable, "-c", LOAD, json.dumps(files)],
        check=True,
        capture_output=True,
        env={"HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path / "home"), "PATH": "/usr/bin"},
        timeout=120,
    )
    loaded = json.loads(done.stdout)
    assert sorted(loaded) == names
    for rows in loaded.values():
        assert restored(rows) == records
