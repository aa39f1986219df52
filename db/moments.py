"""Write timestamps ordered against exports: one moment divides what an export has seen from what is later.

A writer shares a lock on its run until it commits, and takes the timestamp of its rows under it; writers do
not wait for each other. An export takes the lock exclusively, for an instant: what was being written is then
in the store, and what is written later has a later timestamp.

On PostgreSQL it is an advisory lock, whose queue is fair, so that an export is not passed by writer after
writer; the clock is the server's, so that machines whose clocks differ share one. On SQLite writers take
turns, and the machine is one.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection, func, select, text
from sqlalchemy.orm import Session

from gristmill.db.clock import now

LOCK_SECONDS = 60
"""How long an export waits for a writer before it gives up."""


def write_timestamp(session: Session, run_id: str) -> datetime:
    """The time of what is written now, taken under the lock. Call it before any row is written: it is the
    first lock of the transaction, but for that on the run's row where there is one.
    """
    if _is_postgresql(session):
        session.execute(select(func.pg_advisory_xact_lock_shared(func.hashtextextended(run_id, 0))))
    return store_clock(session)


def export_cutoff(session: Session, run_ids: Sequence[str]) -> datetime:
    """The moment that an export of these runs is of: everything up to it is committed, and nothing more will
    come. For a writing session.

    Raises StoreError where a writer holds one of them for longer than `LOCK_SECONDS`.
    """
    if _is_postgresql(session):
        session.execute(text(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'"))
        for run_id in sorted(run_ids):
            session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(run_id, 0))))
    return store_clock(session)


def store_clock(session: Session | Connection) -> datetime:
    """The server's on PostgreSQL, whose clients are several machines; this machine's on SQLite."""
    if not _is_postgresql(session):
        return now()
    moment: datetime = session.execute(select(func.clock_timestamp())).scalar_one()
    return moment.astimezone(UTC)


def _is_postgresql(session: Session | Connection) -> bool:
    bound = session.get_bind() if isinstance(session, Session) else session
    return bound.dialect.name == "postgresql"
