"""Splits of an export: which split a problem belongs to, and a writer for the files of each split.

A problem's split follows from its id and the seed, never from what else is in the export: a hash of both is
its place in [0, 1). The test split is the lower end, the validation split the upper, train is what lies
between. So a data set that grows moves no problem, an export of fewer problems splits them alike, and a
split that is given a larger share keeps what it has and takes the rest from train. All responses to a
problem go the same way: a model is never tested on what it was trained on, unless the same question stands
in the store under two wordings. Shares hold on average: of 1,000 problems a share of 0.1 is 100, give or
take about 20.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from types import TracebackType

import pyarrow as pa

from gristmill.exports.container import Container, RecordWriter
from gristmill.exports.publish.folder import StagingFolder
from gristmill.exports.rows import Record
from gristmill.exports.settings import SplitSettings
from gristmill.text.hash_random import hash_fraction

BATCH_RECORDS = 1_000
BATCH_CHARACTERS = 8_000_000
TRAIN, VALIDATION, TEST = "train", "validation", "test"


def split_of(problem_id: str, splits: SplitSettings, seed: int) -> str:
    """One of `split_names`."""
    if not (splits.validation or splits.test):
        return TRAIN
    place = hash_fraction("split", seed, problem_id)
    if place < splits.test:
        return TEST
    return VALIDATION if place >= 1 - splits.validation else TRAIN


def split_names(splits: SplitSettings) -> tuple[str, ...]:
    """In the order in which they are written; `train` always, the others where they have a share."""
    shares = {VALIDATION: splits.validation, TEST: splits.test}
    return (TRAIN, *(name for name, share in shares.items() if share > 0))


class SplitFiles:
    """Writes records to the files of their splits, which are whole when its context ends without an error.

    Records are handed on in batches, which end by records or by characters, whichever comes first: the same
    rows make the same batches, and long responses do not pile up.
    """

    def __init__(
        self, folder: StagingFolder, container: Container, schema: pa.Schema, splits: Sequence[str]
    ) -> None:
        self._folder, self._container, self._schema, self._splits = folder, container, schema, splits
        self._writers: dict[str, RecordWriter] = {}
        self._waiting: dict[str, list[Record]] = {split: [] for split in splits}
        self._characters = dict.fromkeys(splits, 0)
        self._stack = ExitStack()

    def __enter__(self) -> "SplitFiles":
        with ExitStack() as stack:
            for split in self._splits:
                opened = self._container.open(self._folder, split, self._schema)
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
            self._container.finish(self._folder, self._splits)
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
