"""The containers: what holds the records of a split. A new one is a file here and a line in `CONTAINERS`."""

from gristmill.exports.container import Container
from gristmill.exports.containers.json_lines import JSON_LINES, JSON_LINES_GZIP, JSON_LINES_ZSTD
from gristmill.exports.containers.parquet import PARQUET
from gristmill.exports.containers.saved_datasets import SAVED_DATASETS

CONTAINERS: dict[str, Container] = {
    "jsonl": JSON_LINES,
    "jsonl.gz": JSON_LINES_GZIP,
    "jsonl.zst": JSON_LINES_ZSTD,
    "parquet": PARQUET,
    "datasets": SAVED_DATASETS,
}
