"""Interface of a container, and the writer of Arrow tables that containers share.

A container writes the records of a split, batch by batch, and names the files. A table has as many batches as
make at most 10,000 rows, or fewer when they reach 32 MB, so that its size follows from the batches alone. The
escape character is looked for in the memory of the columns; a chance match there costs time and changes
nothing.
"""

import re
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

import pyarrow as pa

from gristmill.exports.publish.folder import StagingFolder
from gristmill.exports.rows import Record
from gristmill.exports.transforms.unicode import ESCAPE_BYTES, unicode_records


class RecordWriter(Protocol):
    """Writes the records of one split."""

    def write(self, records: Sequence[Record]) -> None:
        """Some records, in order. The same batches give the same bytes. Raises StoreError."""
        ...

    @property
    def escaped(self) -> int:
        """Texts so far that UTF-8 could not hold as they were (`transforms.unicode.restored` undoes it)."""
        ...


class Container(Protocol):
    """`open` is entered once for each split and left when the split is whole. `finish` is called once, when
    all splits are, with their names in order: what a container keeps about the whole.
    """

    def open(
        self, folder: StagingFolder, split: str, schema: pa.Schema
    ) -> AbstractContextManager[RecordWriter]: ...

    def finish(self, folder: StagingFolder, splits: Sequence[str]) -> None: ...

    def pattern(self, split: str) -> str:
        """The files of a split, as a path in the folder that the data card names."""
        ...


MOST_ROWS = 10_000
_MOST_BYTES = 32_000_000
_MOST_COMBINED_BYTES = 1_000_000_000  # a column in one piece holds 2 GB at most; larger ones come in several
_ESCAPE = re.compile(re.escape(ESCAPE_BYTES))


class TableWriter:
    """Call `flush` at the end."""

    def __init__(self, schema: pa.Schema, sink: Callable[[pa.Table], object]) -> None:
        self._schema = schema
        self._sink = sink
        self._waiting: list[pa.Table] = []
        self._rows = 0
        self._bytes = 0
        self._escaped = 0

    @property
    def escaped(self) -> int:
        return self._escaped

    def write(self, records: Sequence[Record]) -> None:
        """Raises pyarrow's errors for values that the schema does not take."""
        table = self._table(records)
        if self._rows + table.num_rows > MOST_ROWS:
            self.flush()
        self._waiting.append(table)
        self._rows += table.num_rows
        self._bytes += table.nbytes
        if self._bytes >= _MOST_BYTES:
            self.flush()

    def flush(self) -> None:
        """Hands on what waits, if anything does."""
        if self._rows:
            table = pa.concat_tables(self._waiting)
            self._sink(table.combine_chunks() if self._bytes < _MOST_COMBINED_BYTES else table)
        self._waiting = []
        self._rows = self._bytes = 0

    def _table(self, records: Sequence[Record]) -> pa.Table:
        try:
            table = self._plain_table(records)
            if not _holds_escape(table):
                return table
        except UnicodeEncodeError:
            pass
        records, escaped = unicode_records(records)
        self._escaped += escaped
        return self._plain_table(records)

    def _plain_table(self, records: Sequence[Record]) -> pa.Table:
        return pa.Table.from_pylist(list(records), schema=self._schema)


def _holds_escape(table: pa.Table) -> bool:
    return any(
        _ESCAPE.search(buffer)
        for column in table.columns
        for chunk in column.chunks
        for buffer in chunk.buffers()
        if buffer is not None
    )
