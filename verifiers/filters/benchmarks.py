"""Reading the items of benchmark files, against which generated instructions are checked for contamination.

A file is JSON Lines, of which one field is read (the first of several names that the row has as text), or
plain text with an item a line. Whatever is wrong with a file is a `ConfigError` with its name and line,
said before anything is generated: a benchmark half read would let through what it should have stopped.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from gristmill.sampling.errors import ConfigError

SUFFIXES = (".jsonl", ".txt")
_MOST_KEYS_NAMED = 12


@dataclass(frozen=True, slots=True)
class BenchmarkItem:
    """`line` counts from 1."""

    file: str
    line: int
    text: str


def read_items(files: Sequence[str], fields: Sequence[str]) -> Iterator[BenchmarkItem]:
    """By file and line. Empty lines are skipped; a file without an item is an error."""
    for file in files:
        found = False
        for number, line in enumerate(_lines(file), 1):
            if line and not line.isspace():
                found = True
                yield BenchmarkItem(file, number, _text(line, file, number, fields))
        if not found:
            raise ConfigError(f"benchmark: {file} holds no item")


def _lines(file: str) -> list[str]:
    if not file.endswith(SUFFIXES):
        raise ConfigError(f"benchmark: {file} is of no known kind; known: {', '.join(SUFFIXES)}")
    try:
        return Path(file).read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError, ValueError) as exc:
        raise ConfigError(f"benchmark: {file} cannot be read: {exc}") from exc


def _text(line: str, file: str, number: int, fields: Sequence[str]) -> str:
    if not file.endswith(".jsonl"):
        return line
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as exc:
        raise ConfigError(f"benchmark: {file}, line {number}: not JSON: {exc}") from exc
    if not isinstance(row, dict):
        raise ConfigError(f"benchmark: {file}, line {number}: not an object with fields")
    for field in fields:
        if isinstance(row.get(field), str):
            return str(row[field])
    known = ", ".join(str(key)[:80] for key in list(row)[:_MOST_KEYS_NAMED])
    raise ConfigError(
        f"benchmark_field: {file}, line {number}: none of {', '.join(fields)} is a field with text; "
        f"the row has: {known}"
    )
