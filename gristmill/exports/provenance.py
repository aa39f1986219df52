"""`provenance.parquet`: the attempts that every row of an export was made from, and the checksum over them.

One line for each attempt of a row, in the order in which the rows come (by problem); a row that tells of a
problem alone has one line without an attempt. `row` is the place in the split's data, from 0. The checksum is
SHA-256 over the same lines as text: each of the seven columns with a tab after it, what is missing empty, and
a line feed at the end of the line, in UTF-8. What UTF-8 cannot hold is escaped as in the store.
"""

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from gristmill.db.exports.records import ExportAttempt
from gristmill.db.text import escaped
from gristmill.exports.rows import Row
from gristmill.sampling.errors import DataError, StoreError

PROVENANCE = "provenance.parquet"
CHOSEN, REJECTED = "chosen", "rejected"
_COLUMNS: "list[pa.Field[Any]]" = [
    pa.field("split", pa.string(), nullable=False),
    pa.field("row", pa.int64(), nullable=False),
    pa.field("role", pa.string(), nullable=False),
    pa.field("run_id", pa.string()),
    pa.field("problem_id", pa.string(), nullable=False),
    pa.field("number", pa.int32()),
    pa.field("ordinal", pa.int32()),
]
SCHEMA = pa.schema(_COLUMNS)
_REPEATING = ["split", "role", "run_id", "problem_id"]
_RUN = SCHEMA.names.index("run_id")
_BATCH = 50_000


class Origin(NamedTuple):
    """A line: an attempt in a row, with the ordinal of the verdict that it went in by. `role` is `chosen` or
    `rejected` in a pair, else "". Run, number and ordinal are None where the row holds no attempt.
    """

    split: str
    row: int
    role: str
    run_id: str | None
    problem_id: str
    number: int | None
    ordinal: int | None


class ProvenanceWriter:
    """Leave it as a context before the file is closed: the last lines and the end of the Parquet file are
    written then, and `sha256` and `rows` are final.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._parquet: pq.ParquetWriter | None = None
        self._columns: tuple[list[str | int | None], ...] = tuple([] for _ in SCHEMA)
        self._appends = [column.append for column in self._columns]
        self._hash = hashlib.sha256()
        self._rows: dict[str, int] = {}

    def __enter__(self) -> "ProvenanceWriter":
        self._parquet = pq.ParquetWriter(
            self._file,
            SCHEMA,
            compression="zstd",
            use_dictionary=_REPEATING,  # type: ignore[arg-type]  # the stubs know bool alone
            store_schema=False,
        )
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """After an error nothing more is written: the file is thrown away by whoever opened it."""
        assert self._parquet is not None  # noqa: S101 - entered before
        if kind is None:
            self._flush()
            self._parquet.close()
        else:
            with suppress(StoreError, ValueError):  # it writes as it is closed, and warns where it is not
                self._parquet.close()

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    @property
    def rows(self) -> dict[str, int]:
        """Rows so far by split, in the order in which the splits were met."""
        return dict(self._rows)

    def add(self, split: str, problem_id: str, row: Row) -> None:
        """The next row of a split. Rows of one problem come together, problems in order of their id."""
        place = self._rows.get(split, 0)
        self._rows[split] = place + 1
        attempts = row.attempts
        if not attempts:
            self._line(split, place, "", problem_id, None)
        elif len(attempts) == 2:
            self._line(split, place, CHOSEN, problem_id, attempts[0])
            self._line(split, place, REJECTED, problem_id, attempts[1])
        else:
            for attempt in attempts:
                self._line(split, place, "", problem_id, attempt)
        if len(self._columns[0]) >= _BATCH:
            self._flush()

    def _line(self, split: str, row: int, role: str, problem_id: str, attempt: ExportAttempt | None) -> None:
        splits, rows, roles, runs, problems, numbers, ordinals = self._appends
        splits(split)
        rows(row)
        roles(role)
        runs(None if attempt is None else attempt.run_id)
        problems(problem_id)
        numbers(None if attempt is None else attempt.number)
        ordinals(None if attempt is None else attempt.ordinal)

    def _flush(self) -> None:
        """Columns and not lines are gathered, since a million small tuples cost more than the rest of it."""
        if not self._columns[0]:
            return
        assert self._parquet is not None  # noqa: S101 - `add` is called within the context
        runs = self._columns[_RUN]
        stored = {run: run and escaped(str(run)) for run in set(runs)}
        runs[:] = map(stored.__getitem__, runs)
        batch = pa.record_batch(list(map(pa.array, self._columns, SCHEMA.types)), schema=SCHEMA)
        self._parquet.write_batch(batch)
        self._hash.update(_text_lines(batch))
        for column in self._columns:
            column.clear()


def _text_lines(batch: pa.RecordBatch) -> memoryview:
    """The text that is hashed: the joined lines lie one after another in the buffer of the joined column."""
    texts = [column.cast(pa.string()) for column in batch.columns]
    lines = pc.binary_join_element_wise(  # type: ignore[call-overload]  # scalars among arrays are taken
        *texts, "\n", "\t", null_handling="replace", null_replacement=""
    )
    return memoryview(lines.buffers()[2])


def read_provenance(path: Path) -> Iterator[Origin]:
    """Line by line, in constant memory. Raises DataError where the file is not one of these."""
    try:
        with pq.ParquetFile(path) as file:
            if file.schema_arrow.names != SCHEMA.names or file.schema_arrow.types != SCHEMA.types:
                raise DataError(f"{path}: not the provenance of an export: it has other columns")
            for batch in file.iter_batches(batch_size=_BATCH):
                yield from map(Origin._make, zip(*(c.to_pylist() for c in batch.columns), strict=True))
    except (pa.ArrowInvalid, OSError) as error:
        raise DataError(f"{path}: the provenance cannot be read: {error}") from error
