"""The lines of a text file, read in bounded memory: UTF-8, with or without a byte order mark, plain or
gzipped.

A line that is too long or is not UTF-8 raises LineError, after which the iterator can be asked for the next
line; this is why it is a class, since a generator ends at its first exception.
"""

import gzip
import zlib
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self, cast

from gristmill.problems.rows import MAX_ROW_BYTES
from gristmill.sampling.errors import DataError

_BOM = b"\xef\xbb\xbf"


class LineError(Exception):
    """One line cannot be used; the message is the reason. Never leaves the readers."""


class Lines:
    """Iterates over lines, line ends included. `number` is that of the last line given, counted from 1."""

    def __init__(self, path: Path) -> None:
        self.number = 0
        self._name = path.name
        self._offset = 0
        self._stream = _opened(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stream.close()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        start = self._offset
        line = self._read()
        if not line:
            raise StopIteration
        self.number += 1
        if len(line) > MAX_ROW_BYTES:
            self._pass_over(line)
            raise LineError(f"is {self._offset - start} bytes long; at most {MAX_ROW_BYTES} are read")
        if self.number == 1 and line.startswith(_BOM):
            start, line = len(_BOM), line[len(_BOM) :]
        try:
            return line.decode("utf-8")
        except UnicodeDecodeError as error:
            offset = start + error.start
            reason = f"is not UTF-8 at byte {offset} of the file (0x{line[error.start]:02x})"
            raise LineError(reason) from error

    def _pass_over(self, line: bytes) -> None:
        while line and not line.endswith(b"\n"):
            line = self._read()

    def _read(self) -> bytes:
        try:
            line = self._stream.readline(MAX_ROW_BYTES + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise DataError(f"{self._name} cannot be read after line {self.number}: {error}") from error
        self._offset += len(line)
        return line


def _opened(path: Path) -> BinaryIO:
    try:
        if path.name.endswith(".gz"):
            return cast(BinaryIO, gzip.open(path, "rb"))
        return path.open("rb")
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}") from error
