"""Core tables. Rows of attempts never change, verdicts are only added to, and every key is a natural one.

An attempt is known by (run, problem, number), a verdict by that and its ordinal: recording the same thing
again meets the same key and changes nothing. The current verdict of an attempt is the one with the highest
ordinal. A change here needs a migration in `db/migrations/versions`; a test compares the two.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, cast

from sqlalchemy import (
    DDL,
    BigInteger,
    Double,
    Enum,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    event,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from gristmill.db.clock import UtcDateTime
from gristmill.db.text import StoredText
from gristmill.sampling.records import FinishReason, Outcome, RunState, StopReason

Key = Annotated[str, mapped_column(Text)]
"""Identifiers of our own making: plain text, compared and joined on as it is."""

Json = Annotated[str, mapped_column(Text)]
"""JSON in ASCII (`json.dumps` as it comes), which both databases take whatever it says."""

VERSION_TABLE = "gristmill_version"
"""Where Alembic keeps the revision; a name of our own, for other applications have `alembic_version`."""

_NAMES = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(referred_table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}


def _one_of(members: type[StrEnum], name: str) -> Enum:
    return Enum(
        members,
        name=name,
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        length=16,
        values_callable=lambda cls: [member.value for member in cls],
    )


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map = {  # noqa: RUF012  (declared so by SQLAlchemy)
        str: StoredText,
        int: Integer,
        float: Double,
        datetime: UtcDateTime,
        RunState: _one_of(RunState, "state"),
        Outcome: _one_of(Outcome, "outcome"),
        FinishReason: _one_of(FinishReason, "finish_reason"),
        StopReason: _one_of(StopReason, "stop_reason"),
    }


class RunRow(Base):
    """One configuration, snapshotted in `config`; `elapsed_seconds` is drawing time over all its sessions."""

    __tablename__ = "runs"

    id: Mapped[Key] = mapped_column(primary_key=True)
    recipe: Mapped[str]
    state: Mapped[RunState]
    config: Mapped[str]
    seed: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    elapsed_seconds: Mapped[float]
    code_version: Mapped[str]
    message: Mapped[str]


class ProblemRow(Base):
    """A problem, shared by all runs. `status` is `active`, or why a generated one is not used (`reason`)."""

    __tablename__ = "problems"

    id: Mapped[Key] = mapped_column(primary_key=True)
    prompt: Mapped[str]
    reference: Mapped[str]
    level: Mapped[str]
    source: Mapped[str]
    origin: Mapped[Json]
    status: Mapped[str]
    reason: Mapped[str | None]
    created_at: Mapped[datetime]


class ParentRow(Base):
    """What a problem was made from: problems or documents, hence no foreign key on `parent_id`."""

    __tablename__ = "problem_parents"

    problem_id: Mapped[Key] = mapped_column(ForeignKey("problems.id"), primary_key=True)
    parent_id: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]


class RunProblemRow(Base):
    """A problem's place in a run. Quota and ceiling are those it had when it stopped, null until then."""

    __tablename__ = "run_problems"
    __table_args__ = (UniqueConstraint("run_id", "position"),)

    run_id: Mapped[Key] = mapped_column(ForeignKey("runs.id"), primary_key=True)
    problem_id: Mapped[Key] = mapped_column(ForeignKey("problems.id"), primary_key=True)
    position: Mapped[int]
    fail_rate: Mapped[float | None]
    quota: Mapped[int | None]
    ceiling: Mapped[int | None]
    stop_reason: Mapped[StopReason | None]


# As text, since an `Index` with a condition for PostgreSQL loads that dialect: a tenth of what `runs` takes.
event.listen(
    RunProblemRow.__table__,
    "after_create",
    DDL(  # type: ignore[no-untyped-call]
        "CREATE INDEX ix_run_problems_open ON run_problems (run_id, position) WHERE stop_reason IS NULL"
    ),
)


class AttemptRow(Base):
    """A draw and its response. The text comes last, so that counting does not read through it."""

    __tablename__ = "attempts"
    __table_args__ = (
        ForeignKeyConstraint(["run_id", "problem_id"], ["run_problems.run_id", "run_problems.problem_id"]),
    )

    run_id: Mapped[Key] = mapped_column(primary_key=True)
    problem_id: Mapped[Key] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seed: Mapped[int] = mapped_column(BigInteger)
    finish_reason: Mapped[FinishReason]
    prompt_tokens: Mapped[int]
    completion_tokens: Mapped[int]
    seconds: Mapped[float]
    model: Mapped[str]
    cumulative_logprob: Mapped[float | None]
    created_at: Mapped[datetime]
    text: Mapped[str]


class VerdictRow(Base):
    """What a verifier said of an attempt: ordinal 0 when it was drawn, 1, 2, ... when verified again."""

    __tablename__ = "verdicts"
    __table_args__ = (
        ForeignKeyConstraint(
            ["run_id", "problem_id", "number"],
            ["attempts.run_id", "attempts.problem_id", "attempts.number"],
        ),
        {"sqlite_with_rowid": False},
    )

    run_id: Mapped[Key] = mapped_column(primary_key=True)
    problem_id: Mapped[Key] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    ordinal: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    outcome: Mapped[Outcome]
    reason: Mapped[str]
    verifier: Mapped[str]
    version: Mapped[str]
    seconds: Mapped[float]
    created_at: Mapped[datetime]
    span_start: Mapped[int | None]
    span_end: Mapped[int | None]
    answer: Mapped[str | None]
    detail: Mapped[str]


class FailureRow(Base):
    """A draw without a response. `batch` and `position` tell a repeated write from a repeated failure."""

    __tablename__ = "failures"
    __table_args__ = (
        ForeignKeyConstraint(["run_id", "problem_id"], ["run_problems.run_id", "run_problems.problem_id"]),
        UniqueConstraint("batch", "position"),
        Index("ix_failures_run_id_problem_id", "run_id", "problem_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[Key]
    problem_id: Mapped[Key]
    number: Mapped[int]
    seed: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str]
    detail: Mapped[str]
    seconds: Mapped[float]
    created_at: Mapped[datetime]
    batch: Mapped[Key]
    position: Mapped[int]


class ExportRow(Base):
    """A data set cut from the store: from which runs, by which filter, and what its bytes hash to.

    `checksum` is that of the manifest, or of the one file where there is no manifest (older versions).
    `replaced_by` is the export that took its place at the same path.
    """

    __tablename__ = "exports"

    id: Mapped[int] = mapped_column(primary_key=True)
    path: Mapped[str]
    format: Mapped[str]
    filter: Mapped[Json]
    run_ids: Mapped[Json]
    row_count: Mapped[int]
    checksum: Mapped[str]
    created_at: Mapped[datetime]
    manifest: Mapped[Json | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_because: Mapped[str | None]
    replaced_by: Mapped[int | None]


def table(model: type[Base]) -> Table:
    """The Core table behind a model, for bulk inserts and updates."""
    return cast(Table, model.__table__)
