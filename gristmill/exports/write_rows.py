"""Writing a cut into a draft: every row to the file of its split, to the provenance, to the counts."""

import gc
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import pyarrow as pa

from gristmill.exports.container import Container
from gristmill.exports.counts import Counts
from gristmill.exports.pairs import requirement, unusable
from gristmill.exports.provenance import PROVENANCE, ProvenanceWriter
from gristmill.exports.publish.folder import Draft
from gristmill.exports.query import Cutting
from gristmill.exports.rows import Context, Row
from gristmill.exports.splits import SplitFiles
from gristmill.exports.splitting import split_names
from gristmill.exports.transforms.apply import open_transform
from gristmill.sampling.errors import ConfigError
from gristmill.sampling.records import Problem

Watch = Callable[[int, int], None]
"""Told now and then: problems gone through, rows written."""

_WATCHED_PROBLEMS = 200
_COLLECTION_THRESHOLD = 200_000


@dataclass(frozen=True, slots=True)
class Filled:
    """What came of it, for the manifest; `problems` are those that gave a row, `models` by run those of the
    attempts in the rows.
    """

    counts: Mapping[str, Mapping[str, int]]
    models: Mapping[str, Sequence[str]]
    rows: int
    problems: int
    left_out: Mapping[str, int]
    escaped_texts: int
    rows_sha256: str


def fill(draft: Draft, cutting: Cutting, container: Container, schema: pa.Schema, watch: Watch) -> Filled:
    """Raises ConfigError where the store lacks what the settings go by, StoreError where it cannot be
    written.
    """
    settings, made = cutting.settled.settings, cutting.format
    context = Context(settings, open_transform(settings, cutting.problems, cutting.pool))
    counts, left_out, problems, passed_over = Counts(), Counter[str](), 0, 0
    with (
        _few_collections(),
        draft.file(PROVENANCE) as file,
        ProvenanceWriter(file) as provenance,
        SplitFiles(draft, container, schema, split_names(settings.splits)) as files,
    ):
        for seen, problem in enumerate(cutting.problems(left_out)):
            before, split, source = counts.rows, cutting.split(problem), problem.problem
            for row in made.rows(problem, context):
                files.add(split, row.record, _characters(source, row))
                provenance.add(split, source.id, row)
                counts.add(split, source, row)
            problems += counts.rows > before
            passed_over += unusable(problem, settings) if made.wants_pairs else 0
            if seen % _WATCHED_PROBLEMS == 0:
                watch(seen, counts.rows)
    _check_basis(cutting, counts.rows, passed_over)
    return Filled(
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


def _characters(problem: Problem, row: Row) -> int:
    length = len(problem.prompt)
    for attempt in row.attempts:
        length += len(attempt.text)
    return length


def _check_basis(cutting: Cutting, rows: int, passed_over: int) -> None:
    """No trainer takes a training set without a row: it is not published, and the error says why."""
    if rows:
        return
    if cutting.format.wants_steps:
        raise ConfigError("no response of these runs has stored step values: there is nothing to export")
    needs = requirement(cutting.settled.settings.pairs) if passed_over else None
    if needs is not None:
        raise ConfigError(f"{needs}; none of these runs' has it")
    raise ConfigError("nothing in the store satisfies all of the conditions: there is nothing to export")
