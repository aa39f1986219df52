"""What came of a run, read from the store: the numbers behind the summary, `status` and the artifacts."""

from dataclasses import dataclass

from gristmill.db.reports.summary import LevelRow, ReasonRow, by_level, by_reason, by_stop, failure_kinds
from gristmill.db.runs import RunRecord
from gristmill.db.sessions import Engine, reading
from gristmill.reports.summary import Prices, prices_of
from gristmill.runs.settings.snapshot import snapshot_from
from gristmill.runs.store import stored_run
from gristmill.sampling.records import StopReason


@dataclass(frozen=True, slots=True)
class RunSummary:
    """Counts of one run as the store has them now. `stops` counts problems, with None for those still
    open.
    """

    run: RunRecord
    levels: list[LevelRow]
    reasons: list[ReasonRow]
    stops: dict[StopReason | None, int]
    failures: dict[str, int]
    prices: Prices

    @property
    def total(self) -> LevelRow:
        """All levels together."""
        return LevelRow(
            level="all",
            problems=sum(row.problems for row in self.levels),
            quota_met=sum(row.quota_met for row in self.levels),
            attempts=sum(row.attempts for row in self.levels),
            accepted=sum(row.accepted for row in self.levels),
            rejected=sum(row.rejected for row in self.levels),
            undecided=sum(row.undecided for row in self.levels),
            prompt_tokens=sum(row.prompt_tokens for row in self.levels),
            completion_tokens=sum(row.completion_tokens for row in self.levels),
            seconds=sum(row.seconds for row in self.levels),
        )


def read_summary(engine: Engine, run_id: str, prices: Prices | None = None) -> RunSummary:
    """`prices` go before those of the run's configuration. Raises ConfigError where there is no such run."""
    with reading(engine) as session:
        run = stored_run(session, run_id)
        return RunSummary(
            run=run,
            levels=by_level(session, run_id),
            reasons=by_reason(session, run_id),
            stops=by_stop(session, run_id),
            failures=failure_kinds(session, run_id),
            prices=prices or prices_of(snapshot_from(run.config).config.run),
        )
