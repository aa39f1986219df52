"""Writes the rows of an export: to the file of their split, to the provenance, and into the counts.

Counted are rows by split, source and level, and the attempts in them by run, model and verdict.
"""

import gc
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import pyarrow as pa

from gristmill.db.exports.records import ExportAttempt
from gristmill.db.text import escaped
from gristmill.exports.container import Container
from gristmill.exports.pairs import requirement, unusable
from gristmill.exports.provenance import PROVENANCE, ProvenanceWriter
from gristmill.exports.publish.folder import StagingFolder
from gristmill.exports.query import ProblemQuery
from gristmill.exports.rows import Context, Row
from gristmill.exports.splits import SplitFiles, split_names
from gristmill.exports.transforms.apply import open_transform
from gristmill.sampling.errors import ConfigError
from gristmill.sampling.records import Outcome, Problem

_Kind = tuple[str, str, str, Outcome, str]
_Of = tuple[str, str, str, _Kind | None, _Kind | None]
OTHERS = "(others)"
MOST_VALUES = 1_000
_DIMENSIONS = ("split", "source", "level", "run", "model", "verifier", "reason")


class Counts:
    """Rows by split, source and level; attempts in them, two at most, by run, model, verifier, verdict.

    Sources and levels are a data set's own, and may be as many as its problems: beyond the first thousand of
    either the others are counted together.
    """

    def __init__(self) -> None:
        self._rows: Counter[_Of] = Counter()
        self._named: tuple[dict[str, str], dict[str, str]] = ({}, {})
        self.rows = 0

    def add(self, split: str, problem: Problem, row: Row) -> None:
        attempts = row.attempts
        first = _kind(attempts[0]) if attempts else None
        second = _kind(attempts[1]) if len(attempts) > 1 else None
        source, level = _named(self._named[0], problem.source), _named(self._named[1], problem.level)
        self._rows[split, source, level, first, second] += 1
        self.rows += 1

    def models(self) -> dict[str, list[str]]:
        """The models of the attempts in the rows, by run."""
        found: dict[str, set[str]] = {}
        for _, _, _, *attempts in self._rows:
            for run_id, model, *_ in filter(None, attempts):
                found.setdefault(run_id, set()).add(model)
        return {run_id: sorted(models) for run_id, models in found.items()}

    def tables(self) -> dict[str, dict[str, int]]:
        """By dimension, then by value in order of name; what Unicode cannot encode is escaped."""
        counts: dict[str, Counter[str]] = {name: Counter() for name in _DIMENSIONS}
        for (split, source, level, *attempts), count in self._rows.items():
            counts["split"][split] += count
            counts["source"][source] += count
            counts["level"][level] += count
            for run_id, model, verifier, outcome, reason in filter(None, attempts):
                counts["run"][run_id] += count
                counts["model"][model] += count
                counts["verifier"][verifier] += count
                counts["reason"][f"{outcome.value}: {reason}"] += count
        return {name: _in_order(counter) for name, counter in counts.items()}


def _named(known: dict[str, str], value: str) -> str:
    if len(known) < MOST_VALUES:
        return known.setdefault(value, value)
    return known.get(value, OTHERS)


def _kind(attempt: ExportAttempt) -> _Kind:
    return attempt[0], attempt[3], attempt[6], attempt[4], attempt[5]


def _in_order(counter: Mapping[str, int]) -> dict[str, int]:
    return {escaped(name): counter[name] for name in sorted(counter)}


OnProgress = Callable[[int, int], None]
"""Called now and then with the problems gone through and the rows written."""

_PROGRESS_PROBLEMS = 200
_COLLECTION_THRESHOLD = 200_000


@dataclass(frozen=True, slots=True)
class WrittenRows:
    """Figures for the manifest; `problems` gave a row, `models` are those of the attempts, by run."""

    counts: Mapping[str, Mapping[str, int]]
    models: Mapping[str, Sequence[str]]
    rows: int
    problems: int
    left_out: Mapping[str, int]
    escaped_texts: int
    rows_sha256: str


def write_rows(
    folder: StagingFolder,
    query: ProblemQuery,
    container: Container,
    schema: pa.Schema,
    on_progress: OnProgress,
) -> WrittenRows:
    """Raises ConfigError where the store lacks what the settings go by, StoreError where it cannot be
    written.
    """
    settings, export_format = query.resolved.settings, query.format
    context = Context(settings, open_transform(settings, query.problems, query.train_problems))
    counts, left_out, problems, unpaired = Counts(), Counter[str](), 0, 0
    with (
        _few_collections(),
        folder.file(PROVENANCE) as file,
        ProvenanceWriter(file) as provenance,
        SplitFiles(folder, container, schema, split_names(settings.splits)) as files,
    ):
        for seen, problem in enumerate(query.problems(left_out)):
            before, split, plain = counts.rows, query.split_of(problem), problem.problem
            for row in export_format.rows(problem, context):
                characters = len(plain.prompt) + sum(len(attempt.text) for attempt in row.attempts)
                files.add(split, row.record, characters)
                provenance.add(split, plain.id, row)
                counts.add(split, plain, row)
            problems += counts.rows > before
            unpaired += unusable(problem, settings) if export_format.wants_pairs else 0
            if seen % _PROGRESS_PROBLEMS == 0:
                on_progress(seen, counts.rows)
    _check_some_rows(query, counts.rows, unpaired)
    return WrittenRows(
        counts.tables(), counts.models(), counts.rows, problems, left_out, files.escaped, provenance.sha256
    )


@contextmanager
def _few_collections() -> Iterator[None]:
    """Rows come and go by the million and hold no cycles: looking for some takes a fifth of the time."""
    former = gc.get_threshold()
    gc.set_threshold(_COLLECTION_THRESHOLD, *former[1:])
    try:
        yield
    finally:
        gc.set_threshold(*former)


def _check_some_rows(query: ProblemQuery, rows: int, unpaired: int) -> None:
    """No trainer takes a training set without a row: it is not published, and the error says why."""
    if rows:
        return
    if query.format.wants_steps:
        raise ConfigError("no response of these runs has stored step values: there is nothing to export")
    needs = requirement(query.resolved.settings.pairs) if unpaired else None
    if needs is not None:
        raise ConfigError(f"{needs}; none of these runs' has it")
    raise ConfigError("nothing in the store satisfies all of the conditions: there is nothing to export")
