"""Containers of an export, by name: the files that hold the records of a split.

A new one is a file here and a line in `CONTAINERS`.
"""

from typing import TYPE_CHECKING

from gristmill.exports.registry import LazyRegistry

if TYPE_CHECKING:
    from gristmill.exports.container import Container

CONTAINERS: "LazyRegistry[Container]" = LazyRegistry(
    {
        "jsonl": "gristmill.exports.containers.json_lines:JSON_LINES",
        "jsonl.gz": "gristmill.exports.containers.json_lines:JSON_LINES_GZIP",
        "jsonl.zst": "gristmill.exports.containers.json_lines:JSON_LINES_ZSTD",
        "parquet": "gristmill.exports.containers.parquet:PARQUET",
        "datasets": "gristmill.exports.containers.saved_datasets:SAVED_DATASETS",
    }
)
