"""Write timestamps ordered against exports: one moment divides what an export has seen from what is later.

Whoever adds to what is known of a run shares a lock on it until it commits, and takes the moment of its rows
under it; writers do not wait for each other. Whoever cuts a training set takes the lock for itself, for an
instant: what was being written is then in the store, and what is written later has a later moment.

On PostgreSQL it is an advisory lock, whose queue is fair, so that a cut is not passed by writer after
writer; the clock is the server's, so that machines whose clocks differ share one. On SQLite writers take
turns, and the machine is one.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from gristmill.db.clock import now

CUT_SECONDS = 60
"""How long a cut waits for a writer before it gives up."""


def moment_of_write(session: Session, run_id: str) -> datetime:
    """Taken under the lock. Call it before any row is written: it is the first lock of the transaction, but
    for that on the run's row where there is one.
    """
    if _is_postgresql(session):
        session.execute(select(func.pg_advisory_xact_lock_shared(func.hashtextextended(run_id, 0))))
    return store_clock(session)


def moment_of_cut(session: Session, run_ids: Sequence[str]) -> datetime:
    """Everything of these runs up to it is committed, and nothing more will come. For a writing session.

    Raises StoreError where a writer holds one of them for longer than `CUT_SECONDS`.
    """
    if _is_postgresql(session):
        session.execute(text(f"SET LOCAL lock_timeout = '{CUT_SECONDS}s'"))
        for run_id in sorted(run_ids):
            session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(run_id, 0))))
    return store_clock(session)


def _is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def store_clock(session: Session) -> datetime:
    """The server's on PostgreSQL, whose clients are several machines; this machine's on SQLite."""
    if not _is_postgresql(session):
        return now()
    moment: datetime = session.execute(select(func.clock_timestamp())).scalar_one()
    return moment.astimezone(UTC)
