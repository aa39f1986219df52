"""Readers of Parquet files and of folders saved by Hugging Face `datasets`: in batches, by column.

A saved folder is Arrow streams named by `state.json`; a folder of several splits has one such folder for
each, named by `dataset_dict.json`. Both are read with pyarrow alone, which spares the product the `datasets`
library.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import BaseModel, Field, ValidationError

from gristmill.problems.rows import SPLITS_FILE, STATE_FILE, BadRow, Columns, Row, Rows
from gristmill.sampling.errors import ConfigError, DataError

_BATCH_ROWS = 256

Model = TypeVar("Model", bound=BaseModel)


class _DataFile(BaseModel):
    filename: str = Field(pattern=r"^[^/\\]+$")


class _State(BaseModel):
    """The part of `state.json` that says where the rows are."""

    data_files: list[_DataFile] = Field(alias="_data_files")


class _Splits(BaseModel):
    splits: list[str]


def parquet_rows(path: Path, columns: Columns | None) -> Rows:
    """Rows numbered from 1; `columns` None reads all of them."""
    with _arrow_errors(path), pq.ParquetFile(path) as file:
        known = tuple(file.schema_arrow.names)
        chosen = [name for name in known if columns is None or name in columns]
        yield from _rows(path.name, known, file.iter_batches(_BATCH_ROWS, columns=chosen))


def folder_rows(path: Path, name: str, columns: Columns | None) -> Rows:
    """Rows of one saved data set or split, numbered from 1 across its files; bad ones are told by `name`."""
    number = 0
    for data_file in _read_json(path / STATE_FILE, _State).data_files:
        shard = path / data_file.filename
        with _arrow_errors(shard), pa.memory_map(str(shard)) as source, pa.ipc.open_stream(source) as stream:
            known = tuple(stream.schema.names)
            chosen = [name for name in known if columns is None or name in columns]
            for row in _rows(name, known, (batch.select(chosen) for batch in stream), number):
                number = row.number
                yield row


def split_folder(path: Path, split: str | None) -> Path:
    """The folder of the split asked for, or of the only one there is. Raises ConfigError naming all."""
    if not (path / SPLITS_FILE).is_file():
        if split is not None:
            raise ConfigError(f"split: {path} holds one data set without splits; leave --split out")
        return path
    splits = _read_json(path / SPLITS_FILE, _Splits).splits
    if split is None and len(splits) == 1:
        return path / splits[0]
    if split not in splits:
        given = "none was chosen" if split is None else f"{split!r} is none of them"
        raise ConfigError(f"split: {path} has the splits {', '.join(splits)} and {given}: give --split")
    return path / split


def _rows(name: str, known: tuple[str, ...], batches: Iterator[pa.RecordBatch], number: int = 0) -> Rows:
    for batch in batches:
        for start in range(0, batch.num_rows, _BATCH_ROWS):
            for fields in _values(batch.slice(start, _BATCH_ROWS)):
                number += 1
                if isinstance(fields, str):
                    yield BadRow(name, "row", number, "", fields)
                else:
                    yield Row("row", number, fields, known)


def _values(batch: pa.RecordBatch) -> Iterator[dict[str, object] | str]:
    """Each row's fields, or why there are none: Arrow lets text pass that is no UTF-8 until it is read."""
    try:
        yield from batch.to_pylist()
    except UnicodeDecodeError as error:
        if batch.num_rows == 1:
            yield f"is not UTF-8 at byte {error.start} of a cell (0x{error.object[error.start]:02x})"
            return
        for index in range(batch.num_rows):
            yield from _values(batch.slice(index, 1))


def _read_json(path: Path, model: type[Model]) -> Model:
    try:
        return model.model_validate_json(path.read_bytes())
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}") from error
    except ValidationError as error:
        raise DataError(
            f"{path} is not what datasets' save_to_disk writes: {error.errors()[0]['msg']}"
        ) from error


@contextmanager
def _arrow_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, OSError) as error:
        raise DataError(f"{path} cannot be read: {str(error).splitlines()[0]}") from error
