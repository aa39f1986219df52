"""Seconds spent by each verifier and version, over the verdicts of a run.

Counted are all verdicts of a run, also those that a later one took the place of. One row for each verifier
comes back; every verdict is read.
"""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gristmill.db.tables.core import VerdictRow


@dataclass(frozen=True, slots=True)
class VerifierTime:
    """Seconds of one verification, without queueing: the mean, and the longest."""

    verifier: str
    version: str
    verdicts: int
    mean_seconds: float
    most_seconds: float


def verifier_times(session: Session, run_id: str) -> list[VerifierTime]:
    """The slowest on average first; empty where the run has no verdict."""
    rows = session.execute(
        select(
            VerdictRow.verifier,
            VerdictRow.version,
            func.count(),
            func.avg(VerdictRow.seconds),
            func.max(VerdictRow.seconds),
        )
        .where(VerdictRow.run_id == run_id)
        .group_by(VerdictRow.verifier, VerdictRow.version)
    )
    return sorted(
        (VerifierTime(*row) for row in rows), key=lambda row: (-row.mean_seconds, row.verifier, row.version)
    )
