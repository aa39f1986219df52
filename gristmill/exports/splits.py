"""The files of an export while they are written: one writer a split, records handed on in batches.

A batch ends by records or by characters, whichever comes first: the same rows make the same batches, and long
responses do not pile up.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from types import TracebackType

import pyarrow as pa

from gristmill.exports.container import Container, RecordWriter
from gristmill.exports.publish.folder import Draft
from gristmill.exports.rows import Record

BATCH_RECORDS = 1_000
BATCH_CHARACTERS = 8_000_000


class SplitFiles:
    """A context: left without an error, every file is whole."""

    def __init__(self, draft: Draft, container: Container, schema: pa.Schema, splits: Sequence[str]) -> None:
        self._draft, self._container, self._schema, self._splits = draft, container, schema, splits
        self._writers: dict[str, RecordWriter] = {}
        self._waiting: dict[str, list[Record]] = {split: [] for split in splits}
        self._characters = dict.fromkeys(splits, 0)
        self._stack = ExitStack()

    def __enter__(self) -> "SplitFiles":
        with ExitStack() as stack:
            for split in self._splits:
                opened = self._container.open(self._draft, split, self._schema)
                self._writers[split] = stack.enter_context(opened)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            with self._stack:
                for split in self._splits:
                    self._flush(split)
            self._container.finish(self._draft, self._splits)
        else:
            self._stack.__exit__(kind, error, trace)

    @property
    def escaped(self) -> int:
        """Texts so far that hold what Unicode cannot encode."""
        return sum(writer.escaped for writer in self._writers.values())

    def add(self, split: str, record: Record, characters: int) -> None:
        """The next record of a split; `characters` is about how long it is."""
        waiting = self._waiting[split]
        waiting.append(record)
        self._characters[split] += characters
        if len(waiting) >= BATCH_RECORDS or self._characters[split] >= BATCH_CHARACTERS:
            self._flush(split)

    def _flush(self, split: str) -> None:
        if self._waiting[split]:
            self._writers[split].write(self._waiting[split])
            self._waiting[split], self._characters[split] = [], 0
