"""Escapes of what is not seen, names that resemble each other, tables in Markdown, hashes of files."""

from hashlib import sha256
from pathlib import Path

import pytest

from gristmill.text.file_hash import file_sha256
from gristmill.text.markdown_table import markdown_table
from gristmill.text.near_names import near_names
from gristmill.text.visible import visible


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain\nlines", "plain\nlines"),
        ("\x1b[31mred\r\t\x7f", "\\x1b[31mred\\x0d\\x09\\x7f"),
        ("a\u200bb\u202ec\xa0", "a\\u200bb\\u202ec\\xa0"),
        ("\ud800 \U000e0001", "\\ud800 \\U000e0001"),
        ("Größe 三 \U0001f600", "Größe 三 \U0001f600"),
    ],
)
def test_what_does_not_print_is_an_escape(text: str, expected: str) -> None:
    assert visible(text) == expected
    assert visible(text, keep="") == expected.replace("\n", "\\x0a")


def test_more_characters_can_be_taken() -> None:
    assert visible("a`b|c", also="`|") == "a\\x60b\\x7cc"
    assert visible("\n", keep="\n", also="\n") == "\\x0a"


@pytest.mark.parametrize(
    ("name", "most", "expected"),
    [
        ("dart-unifrm", 1, ["dart-uniform"]),
        ("DART-UNIFORM", 1, ["dart-uniform"]),
        ("dart-uniform", 2, ["dart-uniform", "dart-unite"]),
        ("metamath", 2, ["MetaMath", "metaMath"]),
        ("zebra", 3, []),
    ],
)
def test_near_names_are_those_that_resemble_one(name: str, most: int, expected: list[str]) -> None:
    assert near_names(name, ["dart-unite", "MetaMath", "dart-uniform", "metaMath"], most) == expected


def test_names_of_any_length_are_compared_by_their_beginning() -> None:
    assert near_names("a" * 1_000_000, ["a" * 999_999 + "b"]) == ["a" * 999_999 + "b"]


def test_a_table_aligns_its_numbers_at_the_right() -> None:
    table = markdown_table(["name", "n"], [["`x`", "1"], ["y", "23"]], numbers=[1])
    assert table == "| name | n |\n| --- | ---: |\n| `x` | 1 |\n| y | 23 |"


def test_the_hash_of_a_file(tmp_path: Path) -> None:
    content = b"gristmill" * 300_000
    (tmp_path / "file").write_bytes(content)
    assert file_sha256(tmp_path / "file") == sha256(content).hexdigest()
    with pytest.raises(FileNotFoundError):
        file_sha256(tmp_path / "none")
