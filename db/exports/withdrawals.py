"""Withdrawals: runs and models whose rows are no longer to be trained on, each with its first reason.

Withdrawing again changes nothing. What a withdrawal means for the exports that were made before is in
`db.exports.log`; the two lock each other out, so that an export recorded meanwhile is not overlooked.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from gristmill.db.clock import now
from gristmill.db.inserts import insert_new
from gristmill.db.tables.core import AttemptRow, RunRow, table
from gristmill.db.tables.exports import WithdrawalRow


class Kind(StrEnum):
    """Kinds of what can be withdrawn."""

    RUN = "run"
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A run or model that was withdrawn, why, and when."""

    kind: Kind
    name: str
    reason: str
    created_at: datetime


def withdraw(session: Session, kind: Kind, name: str, reason: str) -> Withdrawal:
    """The withdrawal as it is kept: the first one of this name. Whether the name is known is not asked."""
    lock_withdrawals(session)
    row = {"kind": kind.value, "name": name, "reason": reason, "created_at": now()}
    insert_new(session, table(WithdrawalRow), [row])
    return next(w for w in withdrawals(session) if (w.kind, w.name) == (kind, name))


def withdrawals(session: Session) -> list[Withdrawal]:
    """Oldest first."""
    rows = session.execute(select(table(WithdrawalRow)))
    found = [Withdrawal(Kind(row.kind), row.name, row.reason, row.created_at) for row in rows]
    return sorted(found, key=lambda w: (w.created_at, w.kind, w.name))


def known_names(session: Session, kind: Kind) -> list[str]:
    """The runs of the store, or the models that responded in them (every attempt is looked at)."""
    query = select(RunRow.id) if kind is Kind.RUN else select(AttemptRow.model).distinct()
    return sorted(session.scalars(query))


def lock_withdrawals(session: Session) -> None:
    """Whoever withdraws and whoever records an export take turns, until the transaction ends.

    On SQLite a writing session has the whole store to itself.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE withdrawals IN SHARE ROW EXCLUSIVE MODE"))
