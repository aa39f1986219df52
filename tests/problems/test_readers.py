"""What holds for all formats: which paths are read, gzipped, empty and huge files, and files left early."""

import gzip
import tracemalloc
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gristmill.problems.readers import READERS, open_rows, stem
from gristmill.problems.rows import MAX_ROW_BYTES
from gristmill.sampling.errors import ConfigError, DataError
from tests.support.row_files import GOOD, bad_of, fields_of, read, written


@pytest.mark.parametrize("ending", [b"\n" + GOOD, b""], ids=["in the middle", "at the end"])
@pytest.mark.parametrize("name", ["x.jsonl", "x.jsonl.gz", "x.csv"])
def test_ten_megabytes_in_one_line_are_refused_without_being_held(
    tmp_path: Path, name: str, ending: bytes
) -> None:
    line = b'{"q": "' + b"x" * 10_000_000 + b'"}'
    data = GOOD + line + ending
    path = written(tmp_path / name, gzip.compress(data, 1) if name.endswith(".gz") else data)
    del data
    tracemalloc.start()
    bad = bad_of(read(path))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    size = len(line) + (1 if ending else 0)
    assert f"{name} line 2: is {size} bytes long; at most {MAX_ROW_BYTES} are read" in bad
    assert peak < 6 * MAX_ROW_BYTES


def test_gzipped_lines_are_read(tmp_path: Path) -> None:
    assert len(fields_of(read(written(tmp_path / "x.jsonl.gz", gzip.compress(GOOD * 3))))) == 3
    assert fields_of(read(written(tmp_path / "x.csv.gz", gzip.compress(b"q,a\n1,2\n")))) == [
        {"q": "1", "a": "2"}
    ]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (GOOD, "Not a gzipped file"),
        (gzip.compress(GOOD * 1000)[:-12], "end-of-stream marker"),
        (gzip.compress(GOOD)[:10] + b"\xff" * 20, "invalid block type"),
    ],
    ids=["not gzip", "cut short", "garbled"],
)
def test_a_broken_gzip_file_is_told(tmp_path: Path, data: bytes, reason: str) -> None:
    with pytest.raises(DataError, match=reason):
        read(written(tmp_path / "x.jsonl.gz", data))


@pytest.mark.parametrize("name", ["x.jsonl", "x.json", "x.jsonl.gz", "x.csv", "x.csv.gz"])
@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf"], ids=["empty", "blank", "mark alone"])
def test_an_empty_file_has_no_rows(tmp_path: Path, name: str, data: bytes) -> None:
    path = written(tmp_path / name, gzip.compress(data) if name.endswith(".gz") else data)
    assert read(path) == []


def test_an_unknown_ending_names_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(
        ConfigError, match=r"x\.xlsx is of no known format; known endings: \.jsonl, .*\.parquet"
    ):
        open_rows(written(tmp_path / "x.xlsx", b""))


@pytest.mark.parametrize(
    ("path", "reason"), [("/dev/null", "neither a file"), ("absent.csv", "no file or folder")]
)
def test_what_is_no_file_is_told(path: str, reason: str) -> None:
    with pytest.raises(ConfigError, match=reason):
        open_rows(Path(path))


def test_a_file_has_no_splits(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"x\.jsonl is a file and has no splits"):
        open_rows(written(tmp_path / "x.jsonl", GOOD), "train")


@pytest.mark.parametrize("ending", READERS)
def test_the_stem_is_the_name_without_its_format(ending: str) -> None:
    assert stem(Path(f"/some/where/svamp.v2{ending}")) == "svamp.v2"
    assert stem(Path("/some/where/saved.folder")) == "saved.folder"


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs /proc")
@pytest.mark.parametrize("name", ["x.jsonl", "x.csv", "x.jsonl.gz", "x.parquet"])
def test_a_reader_that_is_left_early_closes_its_file(tmp_path: Path, name: str) -> None:
    if name.endswith(".parquet"):
        pq.write_table(pa.table({"q": ["one", "two"]}), tmp_path / name)
    else:
        data = b"q\none\ntwo\n" if name.endswith(".csv") else GOOD * 2
        (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    before = open_files()
    for _ in range(20):
        rows = open_rows(tmp_path / name)
        next(rows)
        rows.close()
        assert open_files() <= before
