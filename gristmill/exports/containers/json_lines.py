"""JSON Lines, plain or compressed: one record a line, keys in the order of the record.

Text stands as it is, in UTF-8, but for what UTF-8 cannot hold (`transforms/unicode.py`). Written as JSON
escapes are the line ends that some readers split at although JSON does not: U+0085, U+2028, U+2029. Numbers
that are not finite would be null: no format gives them. The compressed files hold no name and no time.
"""

import gzip
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Protocol

import orjson
import pyarrow as pa

from gristmill.exports.container import RecordWriter
from gristmill.exports.publish.errors import closed_after
from gristmill.exports.publish.folder import StagingFolder
from gristmill.exports.publish.hashed_file import HashedFile
from gristmill.exports.rows import Record
from gristmill.exports.transforms.unicode import ESCAPE_BYTES, unicode_records

_GZIP_LEVEL = 6


class _Sink(Protocol):
    def write(self, data: bytes, /) -> object: ...


class _JsonLinesWriter:
    def __init__(self, sink: _Sink) -> None:
        self._sink = sink
        self._escaped = 0

    @property
    def escaped(self) -> int:
        return self._escaped

    def write(self, records: Sequence[Record]) -> None:
        data = _utf8(records)
        if data is None:
            records, escaped = unicode_records(records)
            self._escaped += escaped
            data = _lines(records)
        self._sink.write(_without_line_ends(data))


def _lines(records: Sequence[Record]) -> bytes:
    return b"".join([orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE) for record in records])


def _utf8(records: Sequence[Record]) -> bytes | None:
    """None where something in them must be escaped first."""
    try:
        data = _lines(records)
    except orjson.JSONEncodeError:
        return None
    return None if ESCAPE_BYTES in data else data


def _without_line_ends(data: bytes) -> bytes:
    """They can stand in strings alone, and are found in UTF-8 as they are."""
    if data.isascii():
        return data
    data = data.replace(b"\xc2\x85", rb"\u0085")
    return data.replace(b"\xe2\x80\xa8", rb"\u2028").replace(b"\xe2\x80\xa9", rb"\u2029")


@contextmanager
def _plain(stream: HashedFile) -> Iterator[_Sink]:
    yield stream


@contextmanager
def _gzipped(stream: HashedFile) -> Iterator[_Sink]:
    with closed_after(gzip.GzipFile("", "wb", _GZIP_LEVEL, stream, mtime=0)) as sink:
        yield sink


@contextmanager
def _zstandard(stream: HashedFile) -> Iterator[_Sink]:
    """One frame: some readers stop at the end of the first."""
    with closed_after(pa.CompressedOutputStream(stream, "zstd")) as sink:
        yield sink


@dataclass(frozen=True, slots=True)
class JsonLines:
    """`suffix` is that of the files; `sink` is what stands between the lines and the file."""

    suffix: str
    sink: Callable[[HashedFile], AbstractContextManager[_Sink]]

    @contextmanager
    def open(self, folder: StagingFolder, split: str, schema: pa.Schema) -> Iterator[RecordWriter]:
        """The schema is not looked at: a split without records is an empty file."""
        with folder.file(self.pattern(split)) as stream, self.sink(stream) as sink:
            yield _JsonLinesWriter(sink)

    def finish(self, folder: StagingFolder, splits: Sequence[str]) -> None:
        """Nothing: the files say it all."""

    def pattern(self, split: str) -> str:
        return f"data/{split}.{self.suffix}"


JSON_LINES = JsonLines("jsonl", _plain)
JSON_LINES_GZIP = JsonLines("jsonl.gz", _gzipped)
JSON_LINES_ZSTD = JsonLines("jsonl.zst", _zstandard)
