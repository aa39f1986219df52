"""Files of rows that tests write, and what the readers give of them."""

from collections.abc import Sequence
from pathlib import Path

from gristmill.problems.readers import open_rows
from gristmill.problems.rows import BadRow, Row

GOOD = b'{"q": "one", "a": 1}\n'


def read(path: Path, split: str | None = None, columns: frozenset[str] | None = None) -> list[Row | BadRow]:
    return list(open_rows(path, split, columns))


def fields_of(rows: Sequence[Row | BadRow]) -> list[dict[str, object]]:
    return [dict(row.fields) for row in rows if isinstance(row, Row)]


def bad_of(rows: Sequence[Row | BadRow]) -> list[str]:
    return [str(row) for row in rows if isinstance(row, BadRow)]


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path
