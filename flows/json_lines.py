"""JSON Lines as it leaves: the same records give the same bytes, streamed, published whole or not at all.

Text stands as it is, in UTF-8. Escaped are what UTF-8 cannot hold (surrogates on their own; a high one right
before a low one reads back as the character they encode, which JSON cannot tell apart) and the line ends that
some readers split at although JSON does not (U+0085, U+2028, U+2029).
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from flows.atomic import published

Record = Mapping[str, object]

_ESCAPED = re.compile("[\x85\u2028\u2029\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Exported:
    """A file that was published; `sha256` is of its bytes."""

    rows: int
    sha256: str
    path: Path


def write_json_lines(records: Iterable[Record], path: Path) -> Exported:
    """Takes one record at a time. Raises ConfigError or StoreError as `published` does."""
    checksum = hashlib.sha256()
    rows = 0
    with published(path) as draft:
        for record in records:
            line = json_line(record)
            draft.write(line)
            checksum.update(line)
            rows += 1
    return Exported(rows, checksum.hexdigest(), path)


def json_line(record: Record) -> bytes:
    """One line with its end; keys in the order of the record."""
    text = json.dumps(record, ensure_ascii=False, allow_nan=False)
    return f"{_ESCAPED.sub(_escape, text)}\n".encode()


def _escape(match: re.Match[str]) -> str:
    return f"\\u{ord(match.group()):04x}"
