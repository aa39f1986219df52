"""What is in the files of containers: the bytes repeat, other libraries read them, and memory stays."""

import json
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import json as arrow_json
from pyarrow import parquet

from gristmill.exports.container import MOST_ROWS
from gristmill.exports.containers import CONTAINERS
from gristmill.exports.publish.folder import published_folder
from gristmill.exports.rows import Record
from gristmill.exports.transforms.unicode import restored
from tests.exports.contained import NAMES, SCHEMA, fill, publish, quick_path, record
from tests.exports.samples import HOSTILE_TEXTS

tmp_path = quick_path  # in place of pytest's: hundreds of exports are made here


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


def test_a_saved_dataset_is_told_apart_by_its_records_alone(tmp_path: Path) -> None:
    folders = [
        publish("datasets", tmp_path / name, [[record(text)]]).parent
        for name, text in (("one", "a"), ("two", "a"), ("three", "b"))
    ]
    prints = [json.loads((folder / "state.json").read_text())["_fingerprint"] for folder in folders]
    assert prints[0] == prints[1] != prints[2]
    assert all(len(mark) == 16 and int(mark, 16) >= 0 for mark in prints)


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
        with published_folder(tmp_path / name) as folder:
            fill(folder, name, [records[:5], records[5:]])
            fill(folder, name, [], "empty")
            CONTAINERS[name].finish(folder, ["train", "empty"])
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
