"""Runs: one row per configuration, which is snapshotted whole and never changes; only its state does."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, select, update
from sqlalchemy.orm import Session

from gristmill.db.clock import now
from gristmill.db.inserts import insert_new
from gristmill.db.tables.core import RunRow, table
from gristmill.sampling.errors import DataError
from gristmill.sampling.records import RunState


@dataclass(frozen=True, slots=True)
class RunRecord:
    """`config` is JSON; `elapsed_seconds` is drawing time over all sessions; `message` says why it ended."""

    id: str
    recipe: str
    state: RunState
    config: str
    seed: int
    created_at: datetime
    updated_at: datetime
    finished_at: datetime | None
    elapsed_seconds: float
    code_version: str
    message: str


def create_run(
    session: Session, *, run_id: str, recipe: str, config: str, seed: int, code_version: str
) -> None:
    """A new run, `running`. One of that id that is there already is left as it is."""
    moment = now()
    row = {
        "id": run_id,
        "recipe": recipe,
        "state": RunState.RUNNING,
        "config": config,
        "seed": seed,
        "created_at": moment,
        "updated_at": moment,
        "finished_at": None,
        "elapsed_seconds": 0.0,
        "code_version": code_version,
        "message": "",
    }
    insert_new(session, table(RunRow), [row])


def find_run(session: Session, run_id: str) -> RunRecord | None:
    row = session.execute(select(table(RunRow)).where(RunRow.id == run_id)).one_or_none()
    return None if row is None else RunRecord(**row._mapping)


def list_runs(session: Session) -> list[RunRecord]:
    """Newest first."""
    rows = session.execute(select(table(RunRow)).order_by(RunRow.created_at.desc(), RunRow.id.desc()))
    return [RunRecord(**row._mapping) for row in rows]


def mark_run(
    session: Session, run_id: str, state: RunState, *, elapsed_seconds: float, message: str = ""
) -> None:
    """Sets the state; `elapsed_seconds` is the new total, which never falls. Raises DataError."""
    moment = now()
    finished_at = moment if state is RunState.FINISHED else None
    marked = session.execute(
        update(table(RunRow))
        .where(RunRow.id == run_id)
        .values(
            state=state,
            elapsed_seconds=_at_least(elapsed_seconds),
            message=message,
            updated_at=moment,
            finished_at=finished_at,
        )
        .returning(RunRow.id)
    )
    if marked.one_or_none() is None:
        raise DataError(f"there is no run {run_id!r}")


def beat_run(session: Session, run_id: str, *, elapsed_seconds: float) -> None:
    """A sign of life with the new total: changes a run that is `running`, and none that was marked since."""
    session.execute(
        update(table(RunRow))
        .where(RunRow.id == run_id, RunRow.state == RunState.RUNNING)
        .values(elapsed_seconds=_at_least(elapsed_seconds), updated_at=now())
    )


def _at_least(seconds: float) -> ColumnElement[float]:
    """Of several workers each knows its own time alone: the longest one stands for the run's."""
    return case((RunRow.elapsed_seconds > seconds, RunRow.elapsed_seconds), else_=seconds)


def lock_run(session: Session, run_id: str) -> None:
    """Held until the transaction ends: others that lock the same run wait. Raises DataError where there is
    none.

    On SQLite it is no more than the check, for a writing session has the whole store to itself.
    """
    if session.scalar(select(RunRow.id).where(RunRow.id == run_id).with_for_update()) is None:
        raise DataError(f"there is no run {run_id!r}")
