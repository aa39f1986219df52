"""Tables for exports besides `exports` itself: quotas over time, values of steps, withdrawals."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gristmill.db.tables.core import Base, Key


class QuotaRow(Base):
    """The quota that a problem had from a moment on: what `run_problems` has of it last, with its history."""

    __tablename__ = "quotas"
    __table_args__ = (
        ForeignKeyConstraint(["run_id", "problem_id"], ["run_problems.run_id", "run_problems.problem_id"]),
    )

    run_id: Mapped[Key] = mapped_column(primary_key=True)
    problem_id: Mapped[Key] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(primary_key=True)
    quota: Mapped[int | None]


class StepRow(Base):
    """A step of a response by its place in the text (offsets in characters), and its value in [0, 1]."""

    __tablename__ = "steps"
    __table_args__ = (
        ForeignKeyConstraint(
            ["run_id", "problem_id", "number"],
            ["attempts.run_id", "attempts.problem_id", "attempts.number"],
        ),
    )

    run_id: Mapped[Key] = mapped_column(primary_key=True)
    problem_id: Mapped[Key] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    span_start: Mapped[int]
    span_end: Mapped[int]
    value: Mapped[float]
    created_at: Mapped[datetime]


class WithdrawalRow(Base):
    """A run or a model (`kind`) whose rows go into no export any more, and why."""

    __tablename__ = "withdrawals"

    kind: Mapped[Key] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[str]
    created_at: Mapped[datetime]
