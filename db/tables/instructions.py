"""Tables for problems that are made by a run, and for what is measured of its attempts.

A brief is a problem, and what a response to it proposes is a candidate, known by the attempt and its place in
the response. The problem that an accepted candidate became has the candidate's text, and hence its id.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from gristmill.db.tables.core import Base, Key
from gristmill.sampling.records import Outcome

BRIEF = "brief"
"""The `status` of a problem that asks for problems: nothing is trained on responses to it."""


class CandidateRow(Base):
    """A proposed problem with its verdict. `made_id` is the id that it has, or would have, as a problem;
    `text` is what was proposed, without what its prompt holds besides.
    """

    __tablename__ = "candidates"
    __table_args__ = (
        ForeignKeyConstraint(["run_id", "problem_id"], ["run_problems.run_id", "run_problems.problem_id"]),
        Index("ix_candidates_made_id", "made_id"),
    )

    run_id: Mapped[Key] = mapped_column(primary_key=True)
    problem_id: Mapped[Key] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    made_id: Mapped[Key]
    outcome: Mapped[Outcome]
    reason: Mapped[str]
    version: Mapped[str]
    created_at: Mapped[datetime]
    text: Mapped[str]
    reference: Mapped[str]
    detail: Mapped[str]


class SignatureRow(Base):
    """What an index of near-duplicates keeps of an accepted problem; `version` says how it was computed."""

    __tablename__ = "signatures"

    problem_id: Mapped[Key] = mapped_column(ForeignKey("problems.id"), primary_key=True)
    version: Mapped[str]
    signature: Mapped[bytes] = mapped_column(LargeBinary)


class MetricRow(Base):
    """A metric of a response. `rank` is its place among the accepted responses to its problem, from 1 on,
    where the run selects by this metric. `created_at` is when it was first computed, None before revision
    0003.
    """

    __tablename__ = "metrics"
    __table_args__ = (
        ForeignKeyConstraint(
            ["run_id", "problem_id", "number"],
            ["attempts.run_id", "attempts.problem_id", "attempts.number"],
        ),
    )

    run_id: Mapped[Key] = mapped_column(primary_key=True)
    problem_id: Mapped[Key] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[Key] = mapped_column(primary_key=True)
    value: Mapped[float]
    rank: Mapped[int | None]
    created_at: Mapped[datetime | None]
