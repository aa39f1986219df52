"""Attempts and tokens of a run by current verdict and reason, counted by the database.

One row for each reason comes back, however many problems there are. Every verdict and the head of every
attempt is read: about a second for a million of them.
"""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gristmill.db.evidence import is_current, is_of_attempt
from gristmill.db.tables.core import AttemptRow, VerdictRow
from gristmill.sampling.records import Outcome


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """Attempts of one reason, and the tokens of their prompts and responses."""

    outcome: Outcome
    reason: str
    attempts: int
    prompt_tokens: int
    completion_tokens: int


def reason_counts(session: Session, run_id: str) -> list[ReasonCount]:
    """In order of outcome and reason."""
    rows = session.execute(
        select(
            VerdictRow.outcome,
            VerdictRow.reason,
            func.count(),
            func.sum(AttemptRow.prompt_tokens),
            func.sum(AttemptRow.completion_tokens),
        )
        .join(AttemptRow, is_of_attempt())
        .where(VerdictRow.run_id == run_id, AttemptRow.run_id == run_id, is_current())
        .group_by(VerdictRow.outcome, VerdictRow.reason)
    )
    return sorted((ReasonCount(*row) for row in rows), key=lambda row: (row.outcome, row.reason))
