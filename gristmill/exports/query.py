"""Problems of an export, in constant memory: filters in SQL, then those by pass rate and contamination.

Conditions on attempts are part of the SQL (`db/exports/query.py`); those on a problem as a whole (its pass
rate, its contamination, how many of its responses are kept) are looked at here, problem by problem.

A problem is contaminated where its prompt shares ten words in a row with an item of a benchmark, found as the
filters on generated instructions find it (`verifiers/filters/contamination.py` says why ten, and what it
misses): a benchmark says nothing of a model that was trained on it. References and responses are not looked
at.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from gristmill.db.exports.query import export_problems, query_text
from gristmill.db.exports.records import ExportProblem, ExportQuery
from gristmill.db.sessions import Session
from gristmill.exports.formats import FORMATS
from gristmill.exports.resolve import ResolvedSettings, metric_names
from gristmill.exports.rows import Format
from gristmill.exports.select import select_attempts
from gristmill.exports.splits import TRAIN, split_of
from gristmill.sampling.errors import ConfigError
from gristmill.sampling.records import Problem, Tally
from gristmill.text.file_hash import file_sha256
from gristmill.text.words import folded_words
from gristmill.verifiers.filters.benchmarks import read_items
from gristmill.verifiers.filters.contamination import ContaminationIndex, SharedSpan
from gristmill.verifiers.filters.settings import FilterSettings


@dataclass(frozen=True, slots=True)
class Benchmarks:
    """`digests` is the SHA-256 of each file, by its path as it was given."""

    digests: Mapping[str, str]
    index: ContaminationIndex

    def shared_with(self, problem: Problem) -> SharedSpan | None:
        """The words that the prompt has in common with an item, and the item; None where there are none."""
        return self.index.shared(folded_words(problem.prompt))


def read_benchmarks(paths: Sequence[Path]) -> Benchmarks:
    """Raises ConfigError, with file and line, for anything that cannot be read whole. No paths: nothing is
    contaminated.
    """
    filters = FilterSettings()
    files = [str(path) for path in paths]
    digests = {file: _digest(Path(file)) for file in files}
    items = read_items(list(digests), filters.benchmark_fields())
    return Benchmarks(digests, ContaminationIndex(items, filters.contamination_ngram))


def _digest(path: Path) -> str:
    try:
        return file_sha256(path)
    except (OSError, ValueError) as error:
        raise ConfigError(f"benchmarks: {path} cannot be read: {error}") from error


OUTSIDE_BAND = "problems outside the pass rates"
CONTAMINATED = "contaminated problems"
NOT_KEPT = "responses beyond the quota or not chosen"


@dataclass(frozen=True, slots=True)
class ProblemQuery:
    """The query of one export in an open session; `verifiers` are those that the runs are configured with."""

    session: Session
    resolved: ResolvedSettings
    as_of: datetime
    benchmarks: Benchmarks
    verifiers: Mapping[str, str]

    @property
    def format(self) -> Format:
        return FORMATS[self.resolved.settings.output.format]

    def problems(self, left_out: Counter[str] | None = None) -> Iterator[ExportProblem]:
        """One pass over the store; `left_out` counts what is left out here, by the condition that did it."""
        left_out = Counter[str]() if left_out is None else left_out
        filters = self.resolved.settings.filter
        banded = filters.min_pass_rate is not None or filters.max_pass_rate is not None
        for problem in export_problems(self.session, self._query(banded=banded)):
            if banded and not self._is_in_band(problem.tally):
                left_out[OUTSIDE_BAND] += 1
            elif filters.benchmarks and self.benchmarks.shared_with(problem.problem) is not None:
                left_out[CONTAMINATED] += 1
            else:
                chosen = select_attempts(problem, self.resolved.settings)
                if chosen is not problem:
                    left_out[NOT_KEPT] += len(problem.attempts) - len(chosen.attempts)
                yield replace(chosen, verifier=self._verifier(problem)) if self.format.wants_tally else chosen

    def train_problems(self) -> Iterator[ExportProblem]:
        """One pass over the problems of the split `train`."""
        return (problem for problem in self.problems() if self.split_of(problem) == TRAIN)

    @property
    def text(self) -> str:
        """The SQL, with names in place of values."""
        return query_text(self._query(banded=False))

    def split_of(self, problem: ExportProblem) -> str:
        settings = self.resolved.settings
        return split_of(problem.problem.id, settings.splits, settings.output.seed)

    def _query(self, *, banded: bool) -> ExportQuery:
        settings, export_format = self.resolved.settings, self.format
        filters = settings.filter
        return ExportQuery(
            run_ids=filters.runs,
            as_of=self.as_of,
            outcomes=export_format.outcomes,
            models=filters.models,
            without_models=self.resolved.without_models,
            sources=filters.sources,
            levels=filters.levels,
            reasons=filters.reasons,
            without_reasons=filters.without_reasons,
            min_tokens=filters.min_tokens,
            max_tokens=filters.max_tokens,
            metrics=metric_names(settings, pairs=export_format.wants_pairs),
            tally=banded or export_format.wants_tally,
            details=export_format.wants_details,
            steps=export_format.wants_steps,
        )

    def _is_in_band(self, tally: Tally) -> bool:
        """A problem of which nothing was decided has no pass rate, and is in no band."""
        filters = self.resolved.settings.filter
        if not tally.decided:
            return False
        rate = tally.accepted / tally.decided
        return (
            (filters.min_pass_rate or 0.0)
            <= rate
            <= (1.0 if filters.max_pass_rate is None else filters.max_pass_rate)
        )

    def _verifier(self, problem: ExportProblem) -> str:
        names = {self.verifiers[run_id] for run_id in problem.quotas}
        return names.pop() if len(names) == 1 else ""
