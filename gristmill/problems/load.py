"""Loading a data set into problems: rows are validated as they are read, a bad one is named by its place.

Problems with the same content hash are one problem: the first is kept, the others are counted as duplicates.
"""

from contextlib import closing
from dataclasses import dataclass, field
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


@dataclass(slots=True)
class _Taken:
    problems: dict[str, Problem] = field(default_factory=dict)
    skipped: list[BadRow] = field(default_factory=list)
    duplicates: int = 0
    rows: int = 0

    def add(self, item: Problem | BadRow) -> None:
        self.rows += 1
        if isinstance(item, BadRow):
            self.skipped.append(item)
        elif item.id in self.problems:
            self.duplicates += 1
        else:
            self.problems[item.id] = item


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
    taken = _take(path, settings, fields)
    if not taken.problems:
        raise DataError(_no_problem(path, taken))
    problems = list(taken.problems.values())
    if settings.shuffle_seed is not None:
        seed = settings.shuffle_seed
        problems.sort(key=lambda problem: hash_bytes(seed, problem.id))
    return Loaded(tuple(problems[: settings.limit]), tuple(taken.skipped), taken.duplicates, taken.rows)


def _take(path: Path, settings: DatasetSettings, fields: FieldMap) -> _Taken:
    taken = _Taken()
    limit = settings.limit if settings.shuffle_seed is None else None
    source = settings.source or stem(path)
    file = {"file": path.name} | ({"split": settings.split} if settings.split else {})
    with closing(open_rows(path, settings.split, fields.names)) as rows:
        for row in rows:
            item = _problem_or_bad(row, fields, source, file)
            if isinstance(item, BadRow) and settings.on_bad_row == "stop":
                raise DataError(f"{item} (--on-bad-row skip leaves such rows out)")
            taken.add(item)
            if len(taken.problems) == limit:
                break
    return taken


def _problem_or_bad(
    row: Row | BadRow, fields: FieldMap, source: str, file: dict[str, str]
) -> Problem | BadRow:
    if isinstance(row, BadRow):
        return row
    try:
        return parse_row(row, fields, source, file)
    except FieldError as error:
        return BadRow(file["file"], row.unit, row.number, error.field, str(error))


def _known_fields(path: Path, split: str | None) -> tuple[str, ...]:
    with closing(open_rows(path, split)) as rows:
        for row in rows:
            if isinstance(row, Row):
                return row.known
            raise DataError(str(row))
    raise DataError(_no_problem(path, _Taken()))


def _no_problem(path: Path, taken: _Taken) -> str:
    if not taken.skipped:
        return f"{path.name} is empty: it holds no rows"
    return f"none of the {taken.rows} rows of {path.name} can be used; the first: {taken.skipped[0]}"
