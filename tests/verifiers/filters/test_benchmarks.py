from pathlib import Path

import pytest

from gristmill.sampling.errors import ConfigError
from gristmill.verifiers.filters.benchmarks import BenchmarkItem, read_items


def test_the_first_field_that_is_text_is_read_and_lines_are_counted(tmp_path: Path) -> None:
    lines, rows = tmp_path / "items.txt", tmp_path / "items.jsonl"
    lines.write_text("\ufefffirst\n\nthird\r\n", encoding="utf-8")
    rows.write_text('{"a": 1, "b": "by b"}\n{"a": "by a", "b": "no"}\n')
    items = list(read_items([str(lines), str(rows)], ["a", "b"]))
    assert [(item.line, item.text.strip()) for item in items] == [
        (1, "first"),
        (3, "third"),
        (1, "by b"),
        (2, "by a"),
    ]
    assert items[0] == BenchmarkItem(str(lines), 1, "first")


WRONG = [
    (
        "items.jsonl",
        b'{"question": "one"}\n{"q": "two", "n": 1}\n',
        "line 2: none of question.*the row has: q, n",
    ),
    ("items.jsonl", b'{"question": 5}\n', "line 1: none of question"),
    ("items.jsonl", b"[1]\n", "line 1: not an object"),
    ("items.jsonl", b'{"question": \n', "line 1: not JSON"),
    ("items.jsonl", b"[" * 200_000 + b"\n", "line 1: not JSON"),
    ("items.jsonl", b"\n\n", "holds no item"),
    ("items.txt", b"\xff\xfe\n", "cannot be read"),
    ("items.csv", b"question\n", "no known kind; known: .jsonl, .txt"),
]


@pytest.mark.parametrize(("name", "content", "message"), WRONG)
def test_a_benchmark_that_cannot_be_read_whole_is_an_error_that_says_where(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ConfigError, match=message):
        list(read_items([str(tmp_path / name)], ["question"]))


@pytest.mark.parametrize("file", ["nowhere.jsonl", "a\0b.txt"])
def test_a_benchmark_that_is_not_there_is_an_error(file: str) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        list(read_items([file], ["question"]))
