"""Arrow folder that `datasets.load_from_disk` opens as a DatasetDict, memory-mapped.

Layout: that of `save_to_disk` in the `datasets` library, version 5. That library is not needed here. It
takes the features from the Arrow schema, since `dataset_info.json` leaves them out. The fingerprint, by which
it names its caches, is of the data: the same records have the same one, and others another.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import pyarrow as pa

from gristmill.exports.container import RecordWriter, TableWriter
from gristmill.exports.publish.errors import closed_after
from gristmill.exports.publish.folder import StagingFolder

_DATA = "data-00000-of-00001.arrow"
_MAPPED_ROWS = 1_000  # a batch is what one look at a row reads


class SavedDatasets:
    """A folder a split. A split without records is a file with the schema and no row."""

    @contextmanager
    def open(self, folder: StagingFolder, split: str, schema: pa.Schema) -> Iterator[RecordWriter]:
        with (
            folder.file(self.pattern(split)) as stream,
            closed_after(pa.ipc.new_stream(stream, schema)) as file,
        ):
            writer = TableWriter(schema, lambda table: file.write_table(table, max_chunksize=_MAPPED_ROWS))
            yield writer
            writer.flush()
        _write_json(folder, f"{split}/dataset_info.json", {"citation": "", "description": "", "homepage": ""})
        _write_json(folder, f"{split}/state.json", _state(split, _fingerprint(folder, self.pattern(split))))

    def finish(self, folder: StagingFolder, splits: Sequence[str]) -> None:
        _write_json(folder, "dataset_dict.json", {"splits": list(splits)})

    def pattern(self, split: str) -> str:
        return f"{split}/{_DATA}"


def _fingerprint(folder: StagingFolder, path: str) -> str:
    """16 hexadecimal digits, as that library's own."""
    return next(file.sha256[:16] for file in folder.files if file.path == path)


def _state(split: str, fingerprint: str) -> Mapping[str, object]:
    return {
        "_data_files": [{"filename": _DATA}],
        "_fingerprint": fingerprint,
        "_format_columns": None,
        "_format_kwargs": {},
        "_format_type": None,
        "_output_all_columns": False,
        "_split": split,
    }


def _write_json(folder: StagingFolder, path: str, value: Mapping[str, object]) -> None:
    with folder.file(path) as stream:
        stream.write(f"{json.dumps(value, indent=2)}\n".encode())


SAVED_DATASETS = SavedDatasets()
