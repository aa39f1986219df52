"""A record with something of every type, small exports of such records, and how each container is read."""

import gzip
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from gristmill.exports.containers import CONTAINERS
from gristmill.exports.publish.folder import StagingFolder, published_folder
from gristmill.exports.rows import METADATA, Record
from gristmill.exports.transforms.chat import MESSAGES, assistant, user
from tests.exports.disks import quick_folder

_FIELDS: "list[tuple[str, pa.DataType]]" = [
    ("messages", MESSAGES),
    ("label", pa.bool_()),
    ("rate", pa.float64()),
    ("steps", pa.list_(pa.string())),
    ("metadata", METADATA),
]
SCHEMA = pa.schema(_FIELDS)
NAMES = sorted(CONTAINERS)
ESCAPE = "\U00100e5c"


@pytest.fixture
def quick_path() -> Iterator[Path]:
    """To stand for `tmp_path` in modules that make hundreds of exports."""
    with quick_folder() as folder:
        yield folder


def record(text: str = "\\boxed{7}", number: int = 0) -> Record:
    return {
        "messages": [user("What is 3 + 4?"), assistant(text)],
        "label": True,
        "rate": 0.1,
        "steps": [text, "then"],
        "metadata": {
            "problem_id": "a" * 64,
            "run_id": "run",
            "number": number,
            "model": "SmolLM2",
            "level": text,
            "source": "demo",
        },
    }


def fill(folder: StagingFolder, name: str, batches: Iterable[Sequence[Record]], split: str = "train") -> int:
    """How many texts were escaped."""
    with CONTAINERS[name].open(folder, split, SCHEMA) as writer:
        for batch in batches:
            writer.write(batch)
    return writer.escaped


def publish(name: str, path: Path, batches: Iterable[Sequence[Record]], *, replace: bool = False) -> Path:
    """The file with the records of `train`."""
    with published_folder(path, replace=replace) as folder:
        fill(folder, name, batches)
        CONTAINERS[name].finish(folder, ["train"])
        with folder.file("manifest.json") as stream:
            stream.write(b'{"manifest_version": 1, "gristmill": "0.1.0"}')
    return path / CONTAINERS[name].pattern("train")


def lines(data: bytes) -> list[Record]:
    assert len(data.decode().splitlines()) == data.count(b"\n")
    return [json.loads(line) for line in data.decode().split("\n")[:-1]]


def decompressed(path: Path) -> bytes:
    with pa.CompressedInputStream(path, "zstd") as stream:
        data: bytes = stream.read()
        return data


READERS: dict[str, Callable[[Path], list[Record]]] = {
    "jsonl": lambda path: lines(path.read_bytes()),
    "jsonl.gz": lambda path: lines(gzip.decompress(path.read_bytes())),
    "jsonl.zst": lambda path: lines(decompressed(path)),
    "parquet": lambda path: list(parquet.ParquetFile(io.BytesIO(path.read_bytes())).read().to_pylist()),
    "datasets": lambda path: list(pa.ipc.open_stream(path.read_bytes()).read_all().to_pylist()),
}
