"""Parquet: how rows are numbered, which columns are given, what is said of bad text and of other files."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gristmill.problems.rows import Row
from gristmill.sampling.errors import DataError
from tests.support.row_files import GOOD, bad_of, fields_of, read, written


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
