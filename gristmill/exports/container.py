"""Protocol of a container: writes the records of a split, batch by batch, and names the files."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol

import pyarrow as pa

from gristmill.exports.publish.folder import StagingFolder
from gristmill.exports.rows import Record


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
