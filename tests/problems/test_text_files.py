"""JSON Lines and CSV: the lines that rows start on, and what is said of bad rows and headers."""

import json
import tracemalloc
from pathlib import Path

import pytest

from gristmill.problems.readers import open_rows
from gristmill.problems.rows import MAX_ROW_BYTES, BadRow, Row
from gristmill.sampling.errors import DataError
from tests.support.row_files import GOOD, bad_of, fields_of, read, written

LIST_HINT = "`jq -c '.[]'` turns a list into one object a line"


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


def test_a_line_of_exactly_the_bound_is_read(tmp_path: Path) -> None:
    shell = b'{"q": ""}\n'
    fitting = b'{"q": "' + b"x" * (MAX_ROW_BYTES - len(shell)) + b'"}\n'
    rows = read(written(tmp_path / "x.jsonl", fitting + fitting.replace(b"x", b"xx", 1)))
    assert [type(row) for row in rows] == [Row, BadRow]


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
