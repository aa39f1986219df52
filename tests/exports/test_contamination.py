"""Problems that share a span with a benchmark."""

import hashlib
import json
from pathlib import Path

import pytest

from gristmill.exports.query import read_benchmarks
from gristmill.sampling.errors import ConfigError
from tests.exports.samples import HOSTILE_TEXTS, a_problem

ITEM = "Janet's ducks lay 16 eggs per day, and she eats three for breakfast every morning."


def jsonl(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.mark.parametrize(
    ("prompt", "shared"),
    [
        (ITEM, True),
        (f"Solve this. {ITEM.upper()} How many are left?", True),
        ("janets ducks! lay 16 eggs per day; and she eats three for lunch", True),
        ("Her ducks lay 16 eggs per day, and she eats four", False),
        ("How many eggs are there?", False),
        ("", False),
    ],
)
def test_ten_words_in_a_row_are_a_shared_span(tmp_path: Path, prompt: str, shared: bool) -> None:
    benchmarks = read_benchmarks([jsonl(tmp_path / "items.jsonl", {"question": ITEM})])
    assert (benchmarks.shared_with(a_problem(prompt)) is not None) == shared


def test_the_span_names_file_and_line(tmp_path: Path) -> None:
    plain = tmp_path / "items.txt"
    plain.write_text(f"\nSomething else, which is short\n{ITEM}\n")
    other = jsonl(
        tmp_path / "other.jsonl", {"id": 1, "prompt": "Name a colour that a rainbow does not have at all"}
    )
    found = read_benchmarks([other, plain]).shared_with(a_problem(f"{ITEM} Why?"))
    assert found is not None
    assert (found.item.file, found.item.line) == (str(plain), 3)
    assert " ".join(found.words).startswith("janet s ducks lay 16 eggs")


def test_a_reference_is_not_looked_at(tmp_path: Path) -> None:
    benchmarks = read_benchmarks([jsonl(tmp_path / "items.jsonl", {"question": ITEM})])
    assert benchmarks.shared_with(a_problem("What is said of Janet?", ITEM)) is None


def test_the_digests_are_of_the_files_bytes_by_the_paths_given(tmp_path: Path) -> None:
    files = [
        jsonl(tmp_path / "one.jsonl", {"question": ITEM}),
        jsonl(tmp_path / "two.jsonl", {"problem": "x y"}),
    ]
    digests = read_benchmarks([*files, files[0]]).digests
    assert digests == {str(file): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def test_without_benchmarks_nothing_is_contaminated() -> None:
    benchmarks = read_benchmarks([])
    assert benchmarks.digests == {}
    assert benchmarks.shared_with(a_problem(ITEM)) is None


@pytest.mark.parametrize("prompt", HOSTILE_TEXTS)
def test_no_prompt_stops_it(tmp_path: Path, prompt: str) -> None:
    benchmarks = read_benchmarks([jsonl(tmp_path / "items.jsonl", {"question": ITEM})])
    assert benchmarks.shared_with(a_problem(prompt)) is None


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("items.csv", b"question\nWhat?\n", "known: .jsonl, .txt"),
        ("items.jsonl", b'{"question": "Why?"}\n{"question": \n', "line 2: not JSON"),
        ("items.jsonl", b'{"solution": "42"}\n', "line 1: none of question"),
        ("items.jsonl", b"[1]\n", "line 1: not an object"),
        ("items.txt", b"\n \n", "holds no item"),
        ("items.txt", b"\xff\xfe\x00", "cannot be read"),
        ("gone.txt", None, "cannot be read"),
        ("nul\0.txt", None, "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_read_whole_is_said_at_once(
    tmp_path: Path, name: str, content: bytes | None, said: str
) -> None:
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ConfigError, match=said):
        read_benchmarks([file])
