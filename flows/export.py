"""From accepted attempts to a training set: the table of formats, and the one function that writes any of
them.

A new format is one module with a function from a row to a record, and one line in `FORMATS`.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

from db.exports import AcceptedRow
from flows.export_sft import sft_record
from flows.json_lines import Exported, Record, write_json_lines
from sampling.errors import ConfigError

__all__ = ["FORMATS", "Exported", "RowFormat", "export", "export_sft"]

RowFormat = Callable[[AcceptedRow], Record]

FORMATS: dict[str, RowFormat] = {
    "sft": sft_record,
}


def export(format: str, rows: Iterable[AcceptedRow], path: Path) -> Exported:
    """Writes the rows in the order they come, in constant memory; the same rows give the same bytes.

    Raises ConfigError for an unknown format or a path that cannot be written to, StoreError when writing
    fails.
    """
    if format not in FORMATS:
        raise ConfigError(f"format: {format!r} is unknown; known are {', '.join(FORMATS)}")
    return write_json_lines(map(FORMATS[format], rows), path)


def export_sft(rows: Iterable[AcceptedRow], path: Path) -> Exported:
    """The `sft` format by name."""
    return export("sft", rows, path)
