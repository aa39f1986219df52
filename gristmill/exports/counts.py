"""Counters of an export: rows by split, source, level; attempts in them by run, model, verdict."""

from collections import Counter
from collections.abc import Mapping

from gristmill.db.exports.records import ExportAttempt
from gristmill.db.text import escaped
from gristmill.exports.rows import Row
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
