from collections.abc import Iterator
from pathlib import Path
from typing import SupportsIndex, overload

import pytest

from gristmill.sampling.errors import ConfigError
from gristmill.text.words import folded_words
from gristmill.verifiers.filters.blocklist import Blocklist, read_blocklist

CASES = [
    ("ass", "An assessment of the class", None),
    ("ass", "He is an ASS.", "ass"),
    ("foo bar", "Foo-Bar is a name", "foo bar"),
    ("foo bar", "foo, then bar", None),
    ("foo bar", "bar foo bar", "foo bar"),
    ("Straße", "the STRASSE of Berlin", "strasse"),
    ("café", "a cafe\u0301 in Paris", "café"),
    ("secret", "a se\u00adcr\u200bet", "secret"),
    ("\uff26\uff2f\uff2f", "foo", "foo"),
    ("毒品", "关于毒品的诗", "毒 品"),
    ("a b c", "a b", None),
]


@pytest.mark.parametrize(("entry", "text", "found"), CASES)
def test_an_entry_is_found_as_whole_words_whatever_their_dress(
    entry: str, text: str, found: str | None
) -> None:
    assert Blocklist([entry]).found(folded_words(text)) == found


def test_comments_and_empty_lines_are_no_entries(tmp_path: Path) -> None:
    file = tmp_path / "list.txt"
    file.write_text("\ufeff# first\n\n  one two # why\nc#\n", encoding="utf-8")
    blocklist = read_blocklist(str(file))
    assert blocklist.found(["one", "two"]) == "one two"
    assert blocklist.found(["c"]) == "c"
    assert blocklist.found(["why", "first"]) is None


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"# all comment\n\n", "has no entry"),
        (b"one\n***\n", "neither letters"),
        (b"\xff\xfe\xfa", "be read"),
    ],
)
def test_a_file_without_a_proper_list_is_an_error_that_names_it(
    tmp_path: Path, content: bytes, message: str
) -> None:
    (tmp_path / "list.txt").write_bytes(content)
    with pytest.raises(ConfigError, match=rf"list\.txt.*{message}"):
        read_blocklist(str(tmp_path / "list.txt"))


@pytest.mark.parametrize("file", ["nowhere.txt", ".", "a\0b"])
def test_a_file_that_is_not_there_is_an_error_that_names_it(file: str) -> None:
    with pytest.raises(ConfigError, match="blocklist: "):
        read_blocklist(file)


class Counted(list[str]):
    """Words that count how often one of them, or a run of them, was looked at."""

    looks = 0

    @overload
    def __getitem__(self, at: SupportsIndex) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> list[str]: ...
    def __getitem__(self, at: SupportsIndex | slice) -> str | list[str]:
        self.looks += 1
        return super().__getitem__(at)

    def __iter__(self) -> Iterator[str]:
        self.looks += len(self)
        return super().__iter__()


@pytest.mark.timeout(60)
def test_the_work_does_not_grow_with_the_entries() -> None:
    """To look for one entry after another takes an hour."""
    text = "some quite harmless words " * 10_000
    looks = []
    for entries in (1, 20_000):
        blocklist, words = Blocklist(f"x{number} y" for number in range(entries)), Counted(folded_words(text))
        assert blocklist.found(words) is None
        looks.append(words.looks)
        assert blocklist.found(folded_words(f"{text} x{entries - 1} y")) == f"x{entries - 1} y"
    assert looks[0] == looks[1] > 0
