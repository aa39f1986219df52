"""Readers of JSON Lines and CSV: bounded memory, and an error with line number and reason for each bad row.

Text is UTF-8, with or without a byte order mark, plain or gzipped. After a row that cannot be read the reader
goes on with the next one. NaN and Infinity pass in JSON, as the standard library reads it, and are refused
where a field is used. A CSV file has commas, double quotes, and a header with as many cells as each record; a
record may run over several lines, and its number is the line that it starts on. A quotation mark that is
never closed may take the next records with it.
"""

import csv
import gzip
import json
import zlib
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self, cast

from gristmill.problems.rows import MAX_ROW_BYTES, BadRow, Row, Rows
from gristmill.sampling.errors import DataError

_BOM = b"\xef\xbb\xbf"
_KINDS = {list: "list", str: "string", int: "number", float: "number", bool: "boolean", type(None): "null"}


class LineError(Exception):
    """One line or row cannot be used; the message is the reason. Does not leave this module."""


class Lines:
    """Iterator over lines, line ends included. `number` is that of the last line given, counted from 1.

    A line that is too long or is not UTF-8 raises LineError, and the next one can be asked for: which is why
    it is a class, since a generator ends at its first exception.
    """

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


def json_rows(path: Path) -> Rows:
    """Rows of JSON Lines, one object a line; blank lines are skipped. Raises DataError for a broken file."""
    with Lines(path) as lines:
        while True:
            try:
                line = next(lines)
                if not line.strip():
                    continue
                fields = _object(line)
            except StopIteration:
                return
            except LineError as error:
                yield BadRow(path.name, "line", lines.number, "", str(error))
            else:
                yield Row("line", lines.number, fields, tuple(fields))


def _object(line: str) -> dict[str, object]:
    try:
        value = json.loads(line)
    except json.JSONDecodeError as error:
        raise LineError(f"is not JSON: {error.msg} at column {error.colno} (one object a line)") from error
    except (ValueError, RecursionError) as error:
        raise LineError(f"cannot be read as JSON: {error}") from error
    if isinstance(value, dict):
        return value
    hint = "; `jq -c '.[]'` turns a list into one object a line" if isinstance(value, list) else ""
    raise LineError(f"is a JSON {_KINDS[type(value)]}, not an object{hint}")


def csv_rows(path: Path) -> Rows:
    """Rows of CSV; blank lines are passed over. Raises DataError for a broken file or header."""
    # Of the process, and above the default, so that the bound of the record is always met first.
    csv.field_size_limit(MAX_ROW_BYTES)
    with Lines(path) as lines:
        source = _RecordLines(lines)
        records = csv.reader(source, strict=True)
        header: tuple[str, ...] | None = None
        while True:
            number = source.start_record()
            try:
                cells = next(records)
            except StopIteration:
                return
            except (LineError, csv.Error) as error:
                reason = str(error) if isinstance(error, LineError) else f"is not CSV: {error}"
                bad = BadRow(path.name, "line", number, "", reason)
                if header is None:
                    raise DataError(f"{bad} (the header)") from error
                yield bad
                continue
            if not cells:
                continue
            if header is None:
                header = _header(path, number, cells)
            elif len(cells) == len(header):
                yield Row("line", number, dict(zip(header, cells, strict=True)), header)
            else:
                reason = f"has {len(cells)} cells where the header has {len(header)}"
                yield BadRow(path.name, "line", number, "", reason)


class _RecordLines:
    """The lines of one record after another, each record bounded; goes on after an error, as Lines does."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._characters = 0

    def start_record(self) -> int:
        """The number of the line that the next record starts on."""
        self._characters = 0
        return self._lines.number + 1

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self._characters += len(line)
        if self._characters > MAX_ROW_BYTES:
            raise LineError(f"is longer than {MAX_ROW_BYTES} characters: a quotation mark may not be closed")
        return line


def _header(path: Path, number: int, cells: list[str]) -> tuple[str, ...]:
    twice = sorted({cell for cell in cells if cells.count(cell) > 1})
    if twice:
        raise DataError(f"{path.name} line {number}: the header names {', '.join(twice)} more than once")
    return tuple(cells)
