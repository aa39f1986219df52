"""Parquet files, and folders that the `datasets` library saved: rows, columns, splits, damaged files."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gristmill.problems.readers import open_rows
from gristmill.problems.rows import Row
from gristmill.sampling.errors import ConfigError, DataError
from tests.support.row_files import GOOD, bad_of, fields_of, read, written

SAVE_FOLDERS = """
import sys
import datasets

datasets.disable_progress_bars()
rows = {"q": [f"q{n}" for n in range(2500)], "a": [float(n) for n in range(2500)], "tags": [["x"]] * 2500}
whole = datasets.Dataset.from_dict(rows)
whole.save_to_disk(sys.argv[1] + "/sharded", num_shards=3)
whole.filter(lambda row: row["a"] % 2 == 1, keep_in_memory=True).save_to_disk(sys.argv[1] + "/filtered")
whole.select([]).save_to_disk(sys.argv[1] + "/nothing")
halves = {"train": whole.select(range(2)), "test": whole.select(range(2, 5))}
datasets.DatasetDict(halves).save_to_disk(sys.argv[1] + "/halves")
datasets.DatasetDict({"only": whole.select([7])}).save_to_disk(sys.argv[1] + "/one")
"""


@pytest.fixture(scope="module")
def saved_folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folders written by the real library, in a process of its own and offline."""
    if find_spec("datasets") is None:
        pytest.skip("the `datasets` library is not installed (extra `dev`)")
    folder = tmp_path_factory.mktemp("saved")
    subprocess.run(
        [sys.executable, "-c", SAVE_FOLDERS, str(folder)],
        check=True,
        capture_output=True,
        env={
            "HF_HUB_OFFLINE": "1",
            "HF_DATASETS_OFFLINE": "1",
            "HF_HOME": str(folder / "home"),
            "PATH": "/usr/bin",
        },
        timeout=120,
    )
    return folder


@pytest.mark.full
def test_a_saved_folder_is_read_shard_after_shard(saved_folders: Path) -> None:
    rows = [
        row for row in read(saved_folders / "sharded", columns=frozenset({"q", "a"})) if isinstance(row, Row)
    ]
    assert [(row.number, dict(row.fields)) for row in rows] == [
        (n + 1, {"q": f"q{n}", "a": float(n)}) for n in range(2500)
    ]
    assert rows[0].known == ("q", "a", "tags")


@pytest.mark.full
def test_a_filtered_data_set_gives_the_rows_that_were_left(saved_folders: Path) -> None:
    found = fields_of(read(saved_folders / "filtered", columns=frozenset({"a"})))
    assert found == [{"a": float(n)} for n in range(1, 2500, 2)]


def test_a_bad_row_of_a_split_is_told_by_the_name_of_the_whole_folder(tmp_path: Path) -> None:
    shard = tmp_path / "mine" / "train"
    shard.mkdir(parents=True)
    (tmp_path / "mine" / "dataset_dict.json").write_text('{"splits": ["train"]}')
    (shard / "state.json").write_text('{"_data_files": [{"filename": "x.arrow"}]}')
    cells = pa.array([b"caf\xe9"], pa.binary()).cast(pa.string(), safe=False)
    table = pa.table({"q": cells})
    with pa.ipc.new_stream(str(shard / "x.arrow"), table.schema) as stream:
        stream.write_table(table)
    assert bad_of(read(tmp_path / "mine")) == ["mine row 1: is not UTF-8 at byte 3 of a cell (0xe9)"]


@pytest.mark.full
def test_a_saved_folder_without_rows_has_none(saved_folders: Path) -> None:
    assert read(saved_folders / "nothing") == []


@pytest.mark.full
def test_the_split_that_is_asked_for_is_read(saved_folders: Path) -> None:
    assert [row["q"] for row in fields_of(read(saved_folders / "halves", "test"))] == ["q2", "q3", "q4"]
    assert [row["q"] for row in fields_of(read(saved_folders / "one"))] == ["q7"]


@pytest.mark.full
@pytest.mark.parametrize(
    ("folder", "split", "reason"),
    [
        ("halves", None, r"has the splits train, test and none was chosen: give --split"),
        ("halves", "dev", r"has the splits train, test and 'dev' is none of them: give --split"),
        ("sharded", "train", r"holds one data set without splits; leave --split out"),
    ],
)
def test_a_split_that_does_not_fit_is_told_with_those_there_are(
    saved_folders: Path, folder: str, split: str | None, reason: str
) -> None:
    with pytest.raises(ConfigError, match=reason):
        read(saved_folders / folder, split)


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ("{}", "is not what datasets' save_to_disk writes: Field required"),
        ("not JSON", "is not what datasets' save_to_disk writes: Invalid JSON"),
        (
            '{"_data_files": [{"filename": "../x.arrow"}]}',
            "is not what datasets' save_to_disk writes: String",
        ),
        ('{"_data_files": [{"filename": "absent.arrow"}]}', r"absent\.arrow cannot be read: .*No such file"),
        ('{"_data_files": [{"filename": "state.json"}]}', r"state\.json cannot be read: [^\n]+$"),
    ],
    ids=["no files named", "not JSON", "a file elsewhere", "a missing file", "not Arrow"],
)
def test_a_damaged_folder_is_told(tmp_path: Path, state: str, reason: str) -> None:
    (tmp_path / "state.json").write_text(state)
    with pytest.raises(DataError, match=reason):
        read(tmp_path)


def test_a_folder_that_was_not_saved_by_datasets_names_the_files_in_it(tmp_path: Path) -> None:
    with pytest.raises(
        ConfigError, match=r"was not saved by datasets' save_to_disk .*dataset_dict.json in it\)$"
    ):
        open_rows(tmp_path)
    (tmp_path / "part.parquet").touch()
    with pytest.raises(ConfigError, match=r"to read one of its files, name it: part\.parquet"):
        open_rows(tmp_path)


def test_parquet_rows_are_numbered_across_batches_and_row_groups(tmp_path: Path) -> None:
    pq.write_table(
        pa.table({"q": [f"q{n}" for n in range(1000)]}), tmp_path / "x.parquet", row_group_size=300
    )
    rows = [row for row in read(tmp_path / "x.parquet") if isinstance(row, Row)]
    assert [(row.unit, row.number, row.fields["q"]) for row in rows] == [
        ("row", n + 1, f"q{n}") for n in range(1000)
    ]


def test_parquet_gives_the_columns_asked_for_and_knows_the_others(tmp_path: Path) -> None:
    pq.write_table(pa.table({"q": ["one"], "a": [1], "big": [["nested"]]}), tmp_path / "x.parquet")
    rows = read(tmp_path / "x.parquet", columns=frozenset({"q", "a", "absent"}))
    assert rows == [Row("row", 1, {"q": "one", "a": 1}, ("q", "a", "big"))]


def test_parquet_rows_are_counted_even_when_no_column_is_the_one_asked_for(tmp_path: Path) -> None:
    pq.write_table(pa.table({"q": ["one", "two"]}), tmp_path / "x.parquet")
    assert len(read(tmp_path / "x.parquet", columns=frozenset({"absent"}))) == 2


def test_parquet_text_that_is_not_utf8_is_told_by_row(tmp_path: Path) -> None:
    cells = pa.array([b"one", b"caf\xe9", b"three"], pa.binary()).cast(pa.string(), safe=False)
    pq.write_table(pa.table({"q": cells}), tmp_path / "x.parquet")
    rows = read(tmp_path / "x.parquet")
    assert bad_of(rows) == ["x.parquet row 2: is not UTF-8 at byte 3 of a cell (0xe9)"]
    assert fields_of(rows) == [{"q": "one"}, {"q": "three"}]


@pytest.mark.parametrize("data", [b"", b"PAR1 not really", GOOD * 100], ids=["empty", "mark alone", "JSON"])
def test_a_file_that_is_not_parquet_is_told_in_one_line(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(DataError, match=r"x\.parquet cannot be read: [^\n]+$"):
        read(written(tmp_path / "x.parquet", data))
