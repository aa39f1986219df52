"""The cut of one export: the problems that go in, with the attempts that do, in order.

Conditions on attempts are put to the store; those on a problem as a whole (its pass rate, its contamination,
how many of its responses are kept) are looked at here, problem by problem.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from gristmill.db.exports.query import cut, query_text
from gristmill.db.exports.records import CutProblem, CutQuery
from gristmill.db.sessions import Session
from gristmill.exports.contamination import Benchmarks
from gristmill.exports.formats import FORMATS
from gristmill.exports.rows import Format
from gristmill.exports.select import kept
from gristmill.exports.settling import Settled, metric_names
from gristmill.exports.splitting import TRAIN, split_of
from gristmill.sampling.records import Tally

OUTSIDE_BAND = "problems outside the pass rates"
CONTAMINATED = "contaminated problems"
NOT_KEPT = "responses beyond the quota or not chosen"


@dataclass(frozen=True, slots=True)
class Cutting:
    """`verifiers` are those that the runs are configured with, by run."""

    session: Session
    settled: Settled
    as_of: datetime
    benchmarks: Benchmarks
    verifiers: Mapping[str, str]

    @property
    def format(self) -> Format:
        return FORMATS[self.settled.settings.output.format]

    def problems(self, left_out: Counter[str] | None = None) -> Iterator[CutProblem]:
        """A pass over the cut; what is left out here is counted by what leaves it out."""
        counted = Counter[str]() if left_out is None else left_out
        filters = self.settled.settings.filter
        banded = filters.min_pass_rate is not None or filters.max_pass_rate is not None
        for problem in cut(self.session, self._query(banded=banded)):
            if banded and not self._is_in_band(problem.tally):
                counted[OUTSIDE_BAND] += 1
            elif filters.benchmarks and self.benchmarks.shared_with(problem.problem) is not None:
                counted[CONTAMINATED] += 1
            else:
                chosen = kept(problem, self.settled.settings)
                if chosen is not problem:
                    counted[NOT_KEPT] += len(problem.attempts) - len(chosen.attempts)
                yield replace(chosen, verifier=self._verifier(problem)) if self.format.wants_tally else chosen

    def pool(self) -> Iterator[CutProblem]:
        """A pass over the problems of the split `train`."""
        return (problem for problem in self.problems() if self.split(problem) == TRAIN)

    @property
    def query_text(self) -> str:
        """The SQL, with names in place of values."""
        return query_text(self._query(banded=False))

    def split(self, problem: CutProblem) -> str:
        settings = self.settled.settings
        return split_of(problem.problem.id, settings.splits, settings.output.seed)

    def _query(self, *, banded: bool) -> CutQuery:
        settings, made = self.settled.settings, self.format
        filters = settings.filter
        return CutQuery(
            run_ids=filters.runs,
            as_of=self.as_of,
            outcomes=made.outcomes,
            models=filters.models,
            without_models=self.settled.without_models,
            sources=filters.sources,
            levels=filters.levels,
            reasons=filters.reasons,
            without_reasons=filters.without_reasons,
            min_tokens=filters.min_tokens,
            max_tokens=filters.max_tokens,
            metrics=metric_names(settings, pairs=made.wants_pairs),
            tally=banded or made.wants_tally,
            details=made.wants_details,
            steps=made.wants_steps,
        )

    def _is_in_band(self, tally: Tally) -> bool:
        """A problem of which nothing was decided has no pass rate, and is in no band."""
        filters = self.settled.settings.filter
        if not tally.decided:
            return False
        rate = tally.accepted / tally.decided
        return (
            (filters.min_pass_rate or 0.0)
            <= rate
            <= (1.0 if filters.max_pass_rate is None else filters.max_pass_rate)
        )

    def _verifier(self, problem: CutProblem) -> str:
        names = {self.verifiers[run_id] for run_id in problem.quotas}
        return names.pop() if len(names) == 1 else ""
