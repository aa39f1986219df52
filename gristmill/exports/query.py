"""The query of an export: reads its problems from the store, and filters those that need a look at the whole.

Conditions on attempts are part of the SQL (`db/exports/query.py`); those on a problem as a whole (its pass
rate, its contamination, how many of its responses are kept) are looked at here, problem by problem.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from gristmill.db.exports.query import export_problems, query_text
from gristmill.db.exports.records import ExportProblem, ExportQuery
from gristmill.db.sessions import Session
from gristmill.exports.contamination import Benchmarks
from gristmill.exports.formats import FORMATS
from gristmill.exports.resolve import ResolvedSettings, metric_names
from gristmill.exports.rows import Format
from gristmill.exports.select import select_attempts
from gristmill.exports.splits import TRAIN, split_of
from gristmill.sampling.records import Tally

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
