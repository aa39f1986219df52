"""Reading the documents that instructions are made from: text files, rows of JSON Lines, folders of both.

One document is in memory at a time. A text file is one document; of JSON Lines each row is one, its text in
one field. A byte order mark is taken off and nothing else is changed: line ends stay as they are (CRLF as
well), so that offsets count the characters of the file as it decodes. Blank texts are passed over.

A folder stands for all files in it and below whose endings are known, in the order of their paths; names that
begin with a dot are left out, and links to folders are not followed.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from gristmill.problems.fragments import Document, document_id
from gristmill.problems.rows import BadRow, Row
from gristmill.problems.text_files import json_rows
from gristmill.sampling.errors import ConfigError, DataError

TEXT_ENDINGS = (".txt", ".md", ".markdown", ".rst")
ROW_ENDINGS = (".jsonl", ".jsonl.gz", ".json")
MAX_DOCUMENT_BYTES = 16_000_000
"""A longer file is a mistake, or wants to be cut: memory has to be bounded."""

_KNOWN = ", ".join(TEXT_ENDINGS + ROW_ENDINGS)
_BOM = b"\xef\xbb\xbf"


def read_documents(paths: Sequence[str], text_field: str = "text") -> Iterator[Document]:
    """The documents of `paths`, in their order; the same text met twice comes twice, under the same id.

    Raises ConfigError at once for a path that is missing or of no known ending. Going on raises DataError for
    a file or row that cannot be read, and at the end when there was no document at all.
    """
    if not paths:
        raise ConfigError("documents: name a file or a folder of them")
    for path in map(Path, paths):
        if not path.exists():
            raise ConfigError(f"documents: there is no file or folder {path}")
        if not path.is_dir() and not path.name.lower().endswith(TEXT_ENDINGS + ROW_ENDINGS):
            raise ConfigError(f"documents: {path.name} is of no known format; known endings: {_KNOWN}")
    return _documents(paths, text_field)


def _documents(paths: Sequence[str], text_field: str) -> Iterator[Document]:
    found = False
    for file in (file for path in paths for file in files_of(Path(path))):
        for name, text in _texts(file, text_field):
            if text and not text.isspace():
                found = True
                yield Document(document_id(text), name, text)
    if not found:
        names = ", ".join(paths[:5])
        raise DataError(f"{names}: there is no text in it; endings that are read: {_KNOWN}")


def files_of(path: Path) -> list[Path]:
    """The file itself, or those of a folder. Their names are held, and none of their texts."""
    if not path.is_dir():
        return [path]
    inside = (file for file in path.rglob("*") if file.name.lower().endswith(TEXT_ENDINGS + ROW_ENDINGS))
    return sorted(
        file
        for file in inside
        if file.is_file() and not any(part.startswith(".") for part in file.relative_to(path).parts)
    )


def _texts(file: Path, text_field: str) -> Iterator[tuple[str, str]]:
    """Each text with where it stands, for people."""
    if file.name.lower().endswith(TEXT_ENDINGS):
        yield file.name, _text(file)
        return
    for row in json_rows(file):
        if isinstance(row, BadRow):
            raise DataError(str(row))
        place = f"{file.name} {row.unit} {row.number}"
        yield place, _field(row, text_field, f"{place}, field {text_field}")


def _text(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            content = stream.read(MAX_DOCUMENT_BYTES + 1)
    except OSError as error:
        raise DataError(f"{file} cannot be read: {error.strerror}") from error
    if len(content) > MAX_DOCUMENT_BYTES:
        raise DataError(f"{file} has over {MAX_DOCUMENT_BYTES} bytes; cut it into several documents")
    skipped = len(_BOM) if content.startswith(_BOM) else 0
    try:
        return content[skipped:].decode("utf-8")
    except UnicodeDecodeError as error:
        offset = skipped + error.start
        raise DataError(
            f"{file} is not UTF-8 at byte {offset} of the file (0x{content[offset]:02x})"
        ) from error


def _field(row: Row, name: str, place: str) -> str:
    if name not in row.fields:
        raise DataError(f"{place}: is missing; the row has {', '.join(row.known) or 'no fields'}")
    text = row.fields[name]
    if not isinstance(text, str):
        raise DataError(f"{place}: is a {type(text).__name__}, not text")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise DataError(f"{place}: holds half of a surrogate pair at character {error.start}") from error
    return text
