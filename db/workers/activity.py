"""Runs that a process is at work on right now, as the store can tell it: by recent heartbeats.

A process that draws writes to its run's row every few seconds (`beat_run`), so a run that is `running` and
was heard of lately is active, and one that a dead process left `running` is not. Only columns that every
revision has are read: the look comes before a migration.

Limits. A process whose machine's clock is behind that of the PostgreSQL server by more than `ALIVE_SECONDS`
is taken for dead; a clock that is ahead makes a run active for as long as it is ahead.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, select

from gristmill.db.moments import store_clock
from gristmill.db.tables.core import RunRow
from gristmill.sampling.records import RunState

ALIVE_SECONDS = 60.0
"""A dozen beats: a process that was silent for so long is dead, or will not notice what becomes of it."""


@dataclass(frozen=True, slots=True)
class ActiveRun:
    """`silent_seconds` since it last gave a sign of life; below 0 where the clocks differ."""

    id: str
    silent_seconds: float


def active_runs(connection: Connection, *, within_seconds: float = ALIVE_SECONDS) -> list[ActiveRun]:
    """In order of id. The tables must be there, of any revision."""
    moment = store_clock(connection)
    alive = RunRow.updated_at > moment - timedelta(seconds=within_seconds)
    rows = connection.execute(
        select(RunRow.id, RunRow.updated_at)
        .where(RunRow.state == RunState.RUNNING, alive)
        .order_by(RunRow.id)
    )
    return [ActiveRun(run_id, (moment - beat).total_seconds()) for run_id, beat in rows]


def in_words(runs: Sequence[ActiveRun]) -> str:
    """Each run by its id, with the age of its last sign of life."""
    return ", ".join(f"{run.id} (heard of {max(0.0, run.silent_seconds):.0f} s ago)" for run in runs)
