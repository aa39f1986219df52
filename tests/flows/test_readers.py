"""The readers alone: what each format gives, and what it says of a file that is not what it should be."""

import gzip
import json
import subprocess
import sys
import tracemalloc
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from flows.readers import READERS, open_rows, stem
from flows.rows import MAX_ROW_BYTES, BadRow, Row
from sampling.errors import ConfigError, DataError

GOOD = b'{"q": "one", "a": 1}\n'
LIST_HINT = "`jq -c '.[]'` turns a list into one object a line"


def read(path: Path, split: str | None = None, columns: frozenset[str] | None = None) -> list[Row | BadRow]:
    return list(open_rows(path, split, columns))


def fields_of(rows: Sequence[Row | BadRow]) -> list[dict[str, object]]:
    return [dict(row.fields) for row in rows if isinstance(row, Row)]


def bad_of(rows: Sequence[Row | BadRow]) -> list[str]:
    return [str(row) for row in rows if isinstance(row, BadRow)]


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("name", ["x.jsonl", "x.json", "X.JSONL"])
@pytest.mark.parametrize(
    "data",
    [
        GOOD + GOOD,
        b"\xef\xbb\xbf" + GOOD + GOOD,
        GOOD.replace(b"\n", b"\r\n") * 2,
        b"\n \n" + GOOD + b"\t\n\n" + GOOD + b"\n",
        (GOOD + GOOD).rstrip(b"\n"),
    ],
    ids=["plain", "byte order mark", "CRLF", "blank lines", "no last line end"],
)
def test_json_lines_are_read_however_their_lines_end(tmp_path: Path, name: str, data: bytes) -> None:
    assert fields_of(read(written(tmp_path / name, data))) == [{"q": "one", "a": 1}] * 2


def test_rows_carry_the_line_they_stand_on_and_the_fields_they_have(tmp_path: Path) -> None:
    rows = read(written(tmp_path / "x.jsonl", b"\n" + GOOD + b"\n" + GOOD))
    assert rows == [Row("line", number, {"q": "one", "a": 1}, ("q", "a")) for number in (2, 4)]


def test_line_separators_within_a_json_text_end_no_line(tmp_path: Path) -> None:
    text = "a\u2028b\x85c\x0cd"
    data = json.dumps({"q": text}, ensure_ascii=False).encode() + b"\n"
    assert fields_of(read(written(tmp_path / "x.jsonl", data))) == [{"q": text}]


BAD_LINES = [
    (b"{'q': 1}", "is not JSON: Expecting property name enclosed in double quotes at column 2"),
    (b'{"q": 1', "is not JSON: Expecting ',' delimiter at column"),
    (b"{}{}", "is not JSON: Extra data at column 3"),
    (b"[1]", f"is a JSON list, not an object; {LIST_HINT}"),
    (b'"q"', "is a JSON string, not an object"),
    (b"3", "is a JSON number, not an object"),
    (b"true", "is a JSON boolean, not an object"),
    (b"null", "is a JSON null, not an object"),
    (b'{"q": "caf\xe9"}', f"is not UTF-8 at byte {len(GOOD) + 10} of the file (0xe9)"),
    (b'{"a": ' + b"9" * 5000 + b"}", "cannot be read as JSON: Exceeds the limit (4300 digits)"),
    (b"[" * 100_000, "cannot be read as JSON: maximum recursion depth"),
]


@pytest.mark.parametrize(("line", "reason"), BAD_LINES, ids=[reason[:40] for _, reason in BAD_LINES])
def test_a_bad_line_is_told_and_the_next_one_is_read(tmp_path: Path, line: bytes, reason: str) -> None:
    rows = read(written(tmp_path / "x.jsonl", GOOD + line + b"\n" + GOOD))
    assert len(rows) == 3
    assert str(rows[1]).startswith(f"x.jsonl line 2: {reason}")


def test_the_offset_of_a_bad_byte_counts_the_byte_order_mark(tmp_path: Path) -> None:
    rows = read(written(tmp_path / "x.jsonl", b'\xef\xbb\xbf{"q": "\xff"}\n'))
    assert bad_of(rows) == ["x.jsonl line 1: is not UTF-8 at byte 10 of the file (0xff)"]


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


def test_a_line_of_exactly_the_bound_is_read(tmp_path: Path) -> None:
    shell = b'{"q": ""}\n'
    fitting = b'{"q": "' + b"x" * (MAX_ROW_BYTES - len(shell)) + b'"}\n'
    rows = read(written(tmp_path / "x.jsonl", fitting + fitting.replace(b"x", b"xx", 1)))
    assert [type(row) for row in rows] == [Row, BadRow]


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


@pytest.mark.parametrize(
    ("data", "rows"),
    [
        (b"q,a\none,1\ntwo,2\n", [("2", "one"), ("3", "two")]),
        (b"\xef\xbb\xbfq,a\r\none,1\r\n\r\ntwo,2", [("2", "one"), ("4", "two")]),
        (b'q,a\n"one, or\nso",1\n"say ""two""",2\n', [("2", "one, or\nso"), ("4", 'say "two"')]),
        ('q,a\n"caf\u00e9",1\n'.encode(), [("2", "caf\u00e9")]),
    ],
    ids=["plain", "Excel's", "quoted", "accents"],
)
def test_csv_records_carry_the_line_they_start_on(
    tmp_path: Path, data: bytes, rows: list[tuple[str, str]]
) -> None:
    found = [row for row in read(written(tmp_path / "x.csv", data)) if isinstance(row, Row)]
    assert [(str(row.number), row.fields["q"]) for row in found] == rows
    assert {row.known for row in found} == {("q", "a")}


BAD_RECORDS = [
    (b"only one", "has 1 cells where the header has 2"),
    (b"one,two,three", "has 3 cells where the header has 2"),
    (b'"one" two,3', "is not CSV: ',' expected after '\"'"),
    (b"caf\xe9,1", "is not UTF-8 at byte 11 of the file (0xe9)"),
]


@pytest.mark.parametrize(("record", "reason"), BAD_RECORDS, ids=[reason for _, reason in BAD_RECORDS])
def test_a_bad_csv_record_is_told_and_the_next_one_is_read(
    tmp_path: Path, record: bytes, reason: str
) -> None:
    rows = read(written(tmp_path / "x.csv", b"q,a\n1,2\n" + record + b"\n3,4\n"))
    assert bad_of(rows) == [f"x.csv line 3: {reason}"]
    assert fields_of(rows) == [{"q": "1", "a": "2"}, {"q": "3", "a": "4"}]


def test_a_csv_cell_may_be_larger_than_the_csv_module_allows_by_itself(tmp_path: Path) -> None:
    rows = read(written(tmp_path / "x.csv", b"q,a\n" + b"x" * 500_000 + b",1\n"))
    assert len(str(fields_of(rows)[0]["q"])) == 500_000


def test_a_quotation_mark_that_is_never_closed_does_not_fill_the_memory(tmp_path: Path) -> None:
    lines = b"a line of text that goes on and on\n" * 300_000
    path = written(tmp_path / "x.csv", b'q,a\n"open,1\n' + lines)
    rows = open_rows(path)
    tracemalloc.start()
    first = next(rows)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    rows.close()
    reason = f"is longer than {MAX_ROW_BYTES} characters: a quotation mark may not be closed"
    assert str(first) == f"x.csv line 2: {reason}"
    assert peak < 15 * MAX_ROW_BYTES


def test_a_csv_file_may_be_longer_than_a_record_may(tmp_path: Path) -> None:
    rows = read(written(tmp_path / "x.csv", b"q,a\n" + b"a line of text that goes on and on,1\n" * 30_000))
    assert len(fields_of(rows)) == len(rows) == 30_000


def test_a_quotation_mark_open_at_the_end_is_told(tmp_path: Path) -> None:
    rows = read(written(tmp_path / "x.csv", b'q,a\n1,2\n"open,1\n'))
    assert bad_of(rows) == ["x.csv line 3: is not CSV: unexpected end of data"]


@pytest.mark.parametrize(
    ("header", "reason"),
    [(b"q,a,q", "the header names q more than once"), (b"q\xff,a", "is not UTF-8 at byte 1")],
)
def test_a_csv_header_that_cannot_be_used_ends_the_reading(
    tmp_path: Path, header: bytes, reason: str
) -> None:
    with pytest.raises(DataError, match=f"x.csv line 1: {reason}"):
        read(written(tmp_path / "x.csv", header + b"\n1,2,3\n"))


@pytest.mark.parametrize("name", ["x.jsonl", "x.json", "x.jsonl.gz", "x.csv", "x.csv.gz"])
@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf"], ids=["empty", "blank", "mark alone"])
def test_an_empty_file_has_no_rows(tmp_path: Path, name: str, data: bytes) -> None:
    path = written(tmp_path / name, gzip.compress(data) if name.endswith(".gz") else data)
    assert read(path) == []


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


def test_a_saved_folder_is_read_shard_after_shard(saved_folders: Path) -> None:
    rows = [
        row for row in read(saved_folders / "sharded", columns=frozenset({"q", "a"})) if isinstance(row, Row)
    ]
    assert [(row.number, dict(row.fields)) for row in rows] == [
        (n + 1, {"q": f"q{n}", "a": float(n)}) for n in range(2500)
    ]
    assert rows[0].known == ("q", "a", "tags")


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


def test_a_saved_folder_without_rows_has_none(saved_folders: Path) -> None:
    assert read(saved_folders / "nothing") == []


def test_the_split_that_is_asked_for_is_read(saved_folders: Path) -> None:
    assert [row["q"] for row in fields_of(read(saved_folders / "halves", "test"))] == ["q2", "q3", "q4"]
    assert [row["q"] for row in fields_of(read(saved_folders / "one"))] == ["q7"]


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
