import gzip
import hashlib
import json
from pathlib import Path

import pytest

from gristmill.problems.documents import MAX_DOCUMENT_BYTES, read_documents
from gristmill.sampling.errors import ConfigError, DataError


def texts(*paths: Path, field: str = "text") -> list[str]:
    return [document.text for document in read_documents([str(path) for path in paths], field)]


def lines(*rows: object) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.markdown", "a.rst", "A.TXT"])
def test_a_text_file_is_one_document(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes("Größe.\r\nTwo.\n".encode())
    (document,) = read_documents([str(tmp_path / name)])
    assert document.text == "Größe.\r\nTwo.\n"
    assert document.name == name
    assert document.id == hashlib.sha256("Größe.\r\nTwo.\n".encode()).hexdigest()[:32]


def test_a_byte_order_mark_is_taken_off(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\xef\xbb\xbfText.")
    (tmp_path / "b.jsonl").write_bytes(b"\xef\xbb\xbf" + lines({"text": "Row."}))
    assert texts(tmp_path / "a.txt", tmp_path / "b.jsonl") == ["Text.", "Row."]


@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.jsonl.gz"])
def test_each_row_is_a_document_by_its_field(tmp_path: Path, name: str) -> None:
    content = lines({"body": "One.", "n": 1}, {"body": "Two."}, {"body": " "})
    (tmp_path / name).write_bytes(gzip.compress(content) if name.endswith("gz") else content)
    documents = list(read_documents([str(tmp_path / name)], "body"))
    assert [(each.name, each.text) for each in documents] == [
        (f"{name} line 1", "One."),
        (f"{name} line 2", "Two."),
    ]


def test_a_folder_is_its_files_in_order_hidden_and_unknown_ones_left_out(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.md", "a/b/c.txt", ".git/x.txt", "a/.hidden.md", "image.png", "c.jsonl"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(lines({"text": name}) if name.endswith("jsonl") else name.encode())
    (tmp_path / "empty.txt").touch()
    (tmp_path / "folder.txt").mkdir()
    assert texts(tmp_path) == ["a/b/c.txt", "a/z.md", "b.txt", "c.jsonl"]


def test_paths_are_read_in_the_order_they_are_named(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt"):
        (tmp_path / name).write_text(name)
    assert texts(tmp_path / "b.txt", tmp_path / "a.txt", tmp_path / "b.txt") == ["b.txt", "a.txt", "b.txt"]


def test_documents_come_one_at_a_time(tmp_path: Path) -> None:
    """The first is there although a later one cannot be read."""
    (tmp_path / "a.txt").write_text("One.")
    (tmp_path / "b.txt").write_bytes(b"\xff")
    documents = read_documents([str(tmp_path)])
    assert next(documents).text == "One."
    with pytest.raises(DataError):
        next(documents)


@pytest.mark.parametrize("name", ["none.txt", "none"])
def test_a_path_that_is_not_there_is_named_before_anything_is_read(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match=f"there is no file or folder .*{name}"):
        read_documents([str(tmp_path / name)])


def test_an_unknown_ending_is_named_with_the_known_ones(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").touch()
    with pytest.raises(
        ConfigError, match=r"a\.pdf is of no known format; known endings: \.txt, \.md, .*\.json"
    ):
        read_documents([str(tmp_path / "a.pdf")])


def test_no_path_at_all_is_refused() -> None:
    with pytest.raises(ConfigError, match="documents: name a file"):
        read_documents([])


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.txt", b"ab\xff", r"a\.txt is not UTF-8 at byte 2 of the file \(0xff\)"),
        ("a.txt", b"\xef\xbb\xbfab\xff", r"a\.txt is not UTF-8 at byte 5 of the file"),
        ("a.txt", "Text.".encode("utf-16"), r"a\.txt is not UTF-8 at byte 0"),
        ("a.txt", b"a" * (MAX_DOCUMENT_BYTES + 1), r"a\.txt has over 16000000 bytes"),
        ("a.txt", b" \n", r"there is no text in it"),
        ("a.jsonl", b"", r"there is no text in it"),
        (
            "a.jsonl",
            lines({"text": "x"}, {"body": "y"}),
            r"a\.jsonl line 2, field text: is missing; the row has body",
        ),
        ("a.jsonl", lines({"text": 3}), r"a\.jsonl line 1, field text: is a int, not text"),
        (
            "a.jsonl",
            lines({"text": "\ud800"}),
            r"a\.jsonl line 1, field text: holds half of a surrogate pair",
        ),
        ("a.jsonl", b'{"text": \n', r"a\.jsonl line 1: is not JSON"),
        ("a.jsonl", b'{"text": "\xff"}\n', r"a\.jsonl line 1: is not UTF-8 at byte 10 of the file"),
        ("a.jsonl.gz", b"no gzip", r"a\.jsonl\.gz cannot be read"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=words):
        texts(tmp_path / name)


def test_a_folder_without_documents_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"there is no text in it; endings that are read: \.txt"):
        texts(tmp_path)
