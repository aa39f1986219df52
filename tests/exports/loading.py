"""Exports as plain readers see them: the records of a split, whatever they are contained in."""

import gzip
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from gristmill.exports.containers import CONTAINERS
from gristmill.exports.export import Exported
from gristmill.exports.transforms.unicode import restored

Records = list[dict[str, Any]]


def records(made: Exported, split: str = "train") -> Records:
    """Of one split, in order, with the texts as they were before they were escaped."""
    container = made.manifest.settings.output.container
    return restored(_READERS[container](made.path / CONTAINERS[container].pattern(split)))


def all_records(made: Exported) -> Records:
    """Of all splits, one after the other."""
    return [record for split in made.manifest.splits for record in records(made, split)]


def checksums(made: Exported) -> dict[str, str]:
    """Of the files of the data, by path."""
    return {file.path: file.sha256 for file in made.manifest.files}


def contents(folder: Path) -> dict[str, bytes]:
    """Every file in the folder, by path."""
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def names(folder: Path) -> list[str]:
    """What is in the folder, hidden or not."""
    return sorted(entry.name for entry in folder.iterdir())


def _lines(data: bytes) -> Records:
    *lines, rest = data.decode().split("\n")
    assert rest == ""
    return [json.loads(line) for line in lines]


def _zstandard(path: Path) -> Records:
    with pa.CompressedInputStream(path, "zstd") as stream:
        return _lines(stream.read())


def _saved(path: Path) -> Records:
    with pa.memory_map(str(path)) as file, pa.ipc.open_stream(file) as stream:
        return stream.read_all().to_pylist()


_READERS = {
    "jsonl": lambda path: _lines(path.read_bytes()),
    "jsonl.gz": lambda path: _lines(gzip.decompress(path.read_bytes())),
    "jsonl.zst": _zstandard,
    "parquet": lambda path: parquet.ParquetFile(path).read().to_pylist(),
    "datasets": _saved,
}
