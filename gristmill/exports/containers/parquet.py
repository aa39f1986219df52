"""Parquet: one file per split, columns compressed with Zstandard, row groups of at most 10,000 rows.

The same batches give the same bytes under the same version of pyarrow, which writes its name into the file.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pyarrow as pa
from pyarrow import parquet

from gristmill.exports.container import MOST_ROWS, RecordWriter, TableWriter
from gristmill.exports.publish.errors import closed_after
from gristmill.exports.publish.folder import StagingFolder


class Parquet:
    """A split without records is a file with the schema and no row."""

    @contextmanager
    def open(self, folder: StagingFolder, split: str, schema: pa.Schema) -> Iterator[RecordWriter]:
        with (
            folder.file(self.pattern(split)) as stream,
            closed_after(
                parquet.ParquetWriter(pa.PythonFile(stream, "w"), schema, compression="zstd")
            ) as file,
        ):
            writer = TableWriter(schema, lambda table: file.write_table(table, row_group_size=MOST_ROWS))
            yield writer
            writer.flush()

    def finish(self, folder: StagingFolder, splits: Sequence[str]) -> None:
        """Nothing: the files say it all."""

    def pattern(self, split: str) -> str:
        return f"data/{split}.parquet"


PARQUET = Parquet()
