"""Comparison of two exports: their manifests field by field, and their rows.

Rows are compared by what they were made from (problem, runs, numbers, roles), not by their text. Both files
of provenance come in order of problem, so that they are merged as they are read and one problem of each is
in memory at a time. An attempt that a later verdict let in is the same row still.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from heapq import merge
from itertools import groupby
from operator import attrgetter, itemgetter
from pathlib import Path

from gristmill.exports.manifest import Manifest, read_manifest
from gristmill.exports.provenance import PROVENANCE, read_provenance
from gristmill.sampling.errors import DataError
from gristmill.text.visible import visible

_EXAMPLES = 5
_WIDTH = 300
_LABELS = {
    "runs": "run",
    "settings": "setting",
    "versions": "version of",
    "counts": "count by",
    "left_out": "left out by",
    "inputs": "input",
    "features": "column",
    "files": "file",
}
_Attempt = tuple[str, str | None, int | None]
_Rows = Counter[tuple[str, tuple[_Attempt, ...]]]
"""How often a row of these attempts is in this split."""


@dataclass(frozen=True, slots=True)
class Difference:
    """`section` is the field of the manifest, `name` the place in it; a side is None where it has no such
    thing. Names and values are from outside: any text, on one line of some hundred characters, with control
    characters shown.
    """

    section: str
    name: str
    a: str | None
    b: str | None

    def __str__(self) -> str:
        what = f"{_LABELS.get(self.section, self.section.replace('_', ' '))} {self.name}".strip()
        if self.a is None:
            return f"{what} is new: {self.b}"
        return f"{what} is gone: {self.a}" if self.b is None else f"{what}: {self.a} -> {self.b}"


@dataclass(frozen=True, slots=True)
class Example:
    """A row that is not alike in both: `kind` says how, `attempts` names the role, run and number of each."""

    kind: str
    problem_id: str
    attempts: str


@dataclass(slots=True)
class RowComparison:
    """Counts of rows; `moved` are in both, in different splits. The examples are the first ones of a kind."""

    in_both: int = 0
    moved: int = 0
    only_a: int = 0
    only_b: int = 0
    examples: list[Example] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Comparison:
    """`rows` is None where a side has no provenance beside its manifest, and the rows are not known alike."""

    differences: list[Difference]
    rows: RowComparison | None

    @property
    def same(self) -> bool:
        return not self.differences

    @property
    def same_files(self) -> bool:
        """All but manifest and data card, byte for byte."""
        return all(difference.section != "files" for difference in self.differences)


def compare(a: Path, b: Path) -> Comparison:
    """Each is a folder or a manifest. Raises DataError where one is neither."""
    one, two = read_manifest(a), read_manifest(b)
    if one.rows_sha256 == two.rows_sha256 and one.rows == two.rows:
        rows: RowComparison | None = RowComparison(in_both=one.rows)
    else:
        rows = _compare_rows(_provenance(a), _provenance(b))
    return Comparison(differences(one, two), rows)


def differences(a: Manifest, b: Manifest) -> list[Difference]:
    """In the order of the manifest's fields; empty when they say the same."""
    return [
        Difference(path[0], _shown(": ".join(path[1:])), left, right)
        for path, left, right in _between((), _parts(a), _parts(b))
    ]


def _parts(manifest: Manifest) -> dict[str, object]:
    """Lists whose entries have a name become mappings, so that an entry is compared with its own kind. The
    query follows from version and settings, and is long.
    """
    parts: dict[str, object] = manifest.model_dump(mode="json", exclude={"query"})
    parts["files"] = {entry.path: f"{entry.bytes} bytes, {entry.sha256}" for entry in manifest.files}
    parts["settings"] = {
        f"{section}.{name}": value
        for section, values in manifest.settings.model_dump(mode="json").items()
        for name, value in values.items()
    }
    return parts


def _between(
    path: tuple[str, ...], a: Mapping[str, object], b: Mapping[str, object]
) -> Iterator[tuple[tuple[str, ...], str | None, str | None]]:
    for name in dict.fromkeys((*a, *b)):
        left, right = a.get(name), b.get(name)
        if isinstance(left, dict) and isinstance(right, dict):
            yield from _between((*path, name), left, right)
        elif left != right or (name in a) != (name in b):
            there_a = _value(left) if name in a else None
            there_b = _value(right) if name in b else None
            yield (*path, name), there_a, there_b


def _value(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return _shown(text)


def _shown(text: str) -> str:
    cut = text if len(text) <= _WIDTH else text[:_WIDTH] + "..."
    return visible(cut, keep="")


def _provenance(path: Path) -> Path:
    return (path if path.is_dir() else path.parent) / PROVENANCE


def _compare_rows(a: Path, b: Path) -> RowComparison | None:
    if not (a.exists() and b.exists()):
        return None
    found = RowComparison()
    merged = merge(_by_problem(a, 0), _by_problem(b, 1), key=itemgetter(0))
    for problem_id, group in groupby(merged, itemgetter(0)):
        sides = [_Rows(), _Rows()]
        for _, side, rows in group:
            sides[side] = rows
        _count(found, problem_id, *sides)
    return found


def _by_problem(path: Path, side: int) -> Iterator[tuple[str, int, _Rows]]:
    """The rows of each problem. Raises DataError where the problems are out of order."""
    before = ""
    for problem_id, lines in groupby(read_provenance(path), attrgetter("problem_id")):
        if problem_id < before:
            raise DataError(f"{path}: the rows are not in order of their problems")
        before = problem_id
        rows: dict[tuple[str, int], list[_Attempt]] = {}
        for line in lines:
            rows.setdefault((line.split, line.row), []).append((line.role, line.run_id, line.number))
        yield problem_id, side, _Rows((split, tuple(row)) for (split, _), row in rows.items())


def _count(found: RowComparison, problem_id: str, a: _Rows, b: _Rows) -> None:
    """Rows are counted as often as they occur: a transform can make several of one attempt."""
    if a == b:
        found.in_both += a.total()
        return
    both = a & b
    rest_a, rest_b = a - both, b - both
    moved = _without_split(rest_a) & _without_split(rest_b)
    found.in_both += both.total()
    found.moved += moved.total()
    found.only_a += rest_a.total() - moved.total()
    found.only_b += rest_b.total() - moved.total()
    _give_examples(found, "moved", problem_id, moved)
    _give_examples(found, "only in A", problem_id, _without_split(rest_a) - moved)
    _give_examples(found, "only in B", problem_id, _without_split(rest_b) - moved)


def _without_split(rows: _Rows) -> Counter[tuple[_Attempt, ...]]:
    counts = Counter[tuple[_Attempt, ...]]()
    for (_, attempts), count in rows.items():
        counts[attempts] += count
    return counts


def _give_examples(
    found: RowComparison, kind: str, problem_id: str, rows: Counter[tuple[_Attempt, ...]]
) -> None:
    for attempts in rows:
        if sum(example.kind == kind for example in found.examples) >= _EXAMPLES:
            return
        words = ", ".join(
            f"{role} {run_id} {number}".strip() for role, run_id, number in attempts if run_id is not None
        )
        found.examples.append(Example(kind, _shown(problem_id), _shown(words) or "-"))
