"""Loading a data set into problems: rows are validated as they are read, a bad one is named by its place.

Problems with the same content hash are one problem: the first is kept, the others are counted as duplicates.
"""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

from gristmill.problems.parse_row import FieldError, parse_row
from gristmill.problems.presets import FieldMap, field_map, unnamed_fields
from gristmill.problems.readers import open_rows, stem
from gristmill.problems.rows import BadRow, Row
from gristmill.problems.settings import DEMO, DatasetSettings
from gristmill.sampling.errors import ConfigError, DataError
from gristmill.sampling.records import Problem
from gristmill.text.hash_random import hash_bytes
from gristmill.verifiers.settings import VerifierName


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of the rows that were read: without a limit each is a problem, skipped, or a duplicate.

    Under a limit the rows after the last problem taken are neither read nor counted, unless they were
    shuffled.
    """

    problems: tuple[Problem, ...]
    skipped: tuple[BadRow, ...]
    duplicates: int
    rows: int


def load_problems(settings: DatasetSettings, verifier: VerifierName = "math") -> Loaded:
    """The problems in the order of the data set, or shuffled, with the references that `verifier` needs.

    Raises ConfigError when the settings do not fit the data set; DataError for a bad row, unless such are
    skipped, for a file that cannot be read on, and for one without a single problem.
    """
    if settings.dataset is None:
        raise ConfigError("dataset: name one by --dataset")
    if settings.dataset != DEMO:
        return _load(Path(settings.dataset).expanduser(), settings, verifier)
    with as_file(files("gristmill.problems") / "demo.jsonl") as path:
        return _load(path, settings.model_copy(update={"preset": settings.preset or DEMO}), verifier)


def _load(path: Path, settings: DatasetSettings, verifier: VerifierName) -> Loaded:
    fields = field_map(settings, verifier)
    if fields is None:
        raise unnamed_fields(path.name, settings, _known_fields(path, settings.split))
    taken: dict[str, Problem] = {}
    skipped: list[BadRow] = []
    rows = duplicates = 0
    limit = settings.limit if settings.shuffle_seed is None else None
    for item in _problems(path, settings, fields):
        rows += 1
        if isinstance(item, BadRow):
            skipped.append(item)
        else:
            duplicates += item.id in taken
            taken.setdefault(item.id, item)
            if len(taken) == limit:
                break
    if skipped and not taken:
        raise DataError(f"none of the {rows} rows of {path.name} can be used; the first: {skipped[0]}")
    if not taken:
        raise _empty(path)
    problems = list(taken.values())
    if settings.shuffle_seed is not None:
        seed = settings.shuffle_seed
        problems.sort(key=lambda problem: hash_bytes(seed, problem.id))
    return Loaded(tuple(problems[: settings.limit]), tuple(skipped), duplicates, rows)


def _problems(path: Path, settings: DatasetSettings, fields: FieldMap) -> Iterator[Problem | BadRow]:
    source = settings.source or stem(path)
    file = {"file": path.name} | ({"split": settings.split} if settings.split else {})
    with closing(open_rows(path, settings.split, fields.names)) as rows:
        for row in rows:
            item: Problem | BadRow
            try:
                item = row if isinstance(row, BadRow) else parse_row(row, fields, source, file)
            except FieldError as error:
                item = BadRow(path.name, row.unit, row.number, error.field, str(error))
            if isinstance(item, BadRow) and settings.on_bad_row == "stop":
                raise DataError(f"{item} (--on-bad-row skip leaves such rows out)")
            yield item


def _known_fields(path: Path, split: str | None) -> tuple[str, ...]:
    with closing(open_rows(path, split)) as rows:
        for row in rows:
            if isinstance(row, Row):
                return row.known
            raise DataError(str(row))
    raise _empty(path)


def _empty(path: Path) -> DataError:
    return DataError(f"{path.name} is empty: it holds no rows")
