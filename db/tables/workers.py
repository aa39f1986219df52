"""Tables of workers: registrations with their expiry, and the problems that each has leased."""

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from gristmill.db.tables.core import Base, Key


class WorkerRow(Base):
    """A process at work on a run. It counts as alive until `expires_at`, which it puts off again and again.

    `alone`: nobody else may work on the run. `draws`: its generator is open, and it wants a share of the
    problems. `host` and `process` say which process it is.
    """

    __tablename__ = "workers"
    __table_args__ = (Index("ix_workers_run_id", "run_id"),)

    id: Mapped[Key] = mapped_column(primary_key=True)
    run_id: Mapped[Key] = mapped_column(ForeignKey("runs.id"))
    alone: Mapped[bool]
    draws: Mapped[bool]
    host: Mapped[str]
    process: Mapped[str]
    started_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class LeaseRow(Base):
    """A problem that one worker draws for, and nobody else while that worker is alive."""

    __tablename__ = "leases"
    __table_args__ = (
        ForeignKeyConstraint(["run_id", "problem_id"], ["run_problems.run_id", "run_problems.problem_id"]),
        Index("ix_leases_worker_id", "worker_id"),
    )

    run_id: Mapped[Key] = mapped_column(primary_key=True)
    problem_id: Mapped[Key] = mapped_column(primary_key=True)
    worker_id: Mapped[Key] = mapped_column(ForeignKey("workers.id"))
