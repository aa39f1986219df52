"""CSV, record by record: commas, double quotes, a header, and as many cells in each record as the header has.

A record may run over several lines; its number is the line it starts on. After a record that cannot be read
the next line starts a new one, so a quotation mark that is never closed may take its neighbours with it.
"""

import csv
from pathlib import Path
from typing import Self

from gristmill.problems.lines import LineError, Lines
from gristmill.problems.rows import MAX_ROW_BYTES, BadRow, Row, Rows
from gristmill.sampling.errors import DataError


def csv_rows(path: Path) -> Rows:
    """Blank lines are passed over. Raises DataError when the header itself cannot be used."""
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
                bad = BadRow(path.name, "line", number, "", _reason(error))
                if header is None:
                    raise DataError(f"{bad} (the header)") from error
                yield bad
                continue
            if header is None:
                header = _header(path, number, cells) if cells else None
            elif cells:
                yield _row(path, number, header, cells)


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


def _row(path: Path, number: int, header: tuple[str, ...], cells: list[str]) -> Row | BadRow:
    if len(cells) != len(header):
        reason = f"has {len(cells)} cells where the header has {len(header)}"
        return BadRow(path.name, "line", number, "", reason)
    return Row("line", number, dict(zip(header, cells, strict=True)), header)


def _reason(error: LineError | csv.Error) -> str:
    return str(error) if isinstance(error, LineError) else f"is not CSV: {error}"
