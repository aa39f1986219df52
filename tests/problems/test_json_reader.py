"""JSON lines: how they may end, which line a row carries, what is said of a line that is no object."""

import json
from pathlib import Path

import pytest

from gristmill.problems.rows import MAX_ROW_BYTES, BadRow, Row
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
