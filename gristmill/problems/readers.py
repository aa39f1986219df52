"""Registry of the readers of data sets, chosen by the ending of a file's name or by the content of a folder.

A new format is one module with a function from a path to Rows, and one line in `READERS`.
"""

from collections.abc import Callable
from pathlib import Path

from gristmill.problems.rows import SPLITS_FILE, STATE_FILE, Columns, Rows
from gristmill.problems.text_files import csv_rows, json_rows
from gristmill.sampling.errors import ConfigError

Reader = Callable[[Path, Columns | None], Rows]


def _parquet_rows(path: Path, columns: Columns | None) -> Rows:
    from gristmill.problems.arrow_files import parquet_rows  # pyarrow is imported where it is needed

    return parquet_rows(path, columns)


READERS: dict[str, Reader] = {
    ".jsonl": lambda path, _: json_rows(path),
    ".jsonl.gz": lambda path, _: json_rows(path),
    ".json": lambda path, _: json_rows(path),
    ".csv": lambda path, _: csv_rows(path),
    ".csv.gz": lambda path, _: csv_rows(path),
    ".parquet": _parquet_rows,
}


def open_rows(path: Path, split: str | None = None, columns: Columns | None = None) -> Rows:
    """The rows of a data set. Nothing but the choice of the reader happens before the first row is asked for.

    Raises ConfigError when there is nothing at the path or no reader for it, or the split is not one of the
    folder's. Readers that can leave fields unread give those in `columns` alone.
    """
    if path.is_dir():
        from gristmill.problems.arrow_files import folder_rows, split_folder

        _require_saved_folder(path)
        return folder_rows(split_folder(path, split), path.name, columns)
    if not path.exists():
        raise ConfigError(f"dataset: there is no file or folder {path}")
    if not path.is_file():
        raise ConfigError(f"dataset: {path} is neither a file nor a folder")
    if split is not None:
        raise ConfigError(f"split: {path.name} is a file and has no splits; leave --split out")
    ending = _ending(path)
    if not ending:
        raise ConfigError(f"dataset: {path.name} is of no known format; known endings: {', '.join(READERS)}")
    return READERS[ending](path, columns)


def stem(path: Path) -> str:
    """The name of a data set without the ending that says its format."""
    return path.name[: len(path.name) - len(_ending(path))]


def _ending(path: Path) -> str:
    return next((ending for ending in READERS if path.name.lower().endswith(ending)), "")


def _require_saved_folder(path: Path) -> None:
    if (path / STATE_FILE).is_file() or (path / SPLITS_FILE).is_file():
        return
    inside = sorted(entry.name for entry in path.iterdir() if entry.name.lower().endswith(tuple(READERS)))
    files = f"; to read one of its files, name it: {', '.join(inside[:5])}" if inside else ""
    raise ConfigError(
        f"dataset: the folder {path} was not saved by datasets' save_to_disk"
        f" (neither {STATE_FILE} nor {SPLITS_FILE} in it){files}"
    )
