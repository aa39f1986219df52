"""Exports with their manifests; quotas over time; values of steps; what was withdrawn."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("exports", sa.Column("manifest", sa.Text(), nullable=True))
    op.add_column("exports", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("exports", sa.Column("withdrawn_because", sa.Text(), nullable=True))
    op.add_column("exports", sa.Column("replaced_by", sa.Integer(), nullable=True))
    op.add_column("metrics", sa.Column("created_at", sa.DateTime(timezone=True), nullable=True))
    _create_quotas()
    _create_steps()
    _create_withdrawals()


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _moment(name: str) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _create_quotas() -> None:
    """Existing quotas are dated to the start of their run."""
    op.create_table(
        "quotas",
        _text("run_id"),
        _text("problem_id"),
        _moment("created_at"),
        sa.Column("quota", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("run_id", "problem_id", "created_at", name=op.f("pk_quotas")),
        sa.ForeignKeyConstraint(
            ["run_id", "problem_id"],
            ["run_problems.run_id", "run_problems.problem_id"],
            name=op.f("fk_quotas_run_problems"),
        ),
    )
    op.execute(
        "INSERT INTO quotas (run_id, problem_id, created_at, quota) "
        "SELECT run_problems.run_id, run_problems.problem_id, runs.created_at, run_problems.quota "
        "FROM run_problems JOIN runs ON runs.id = run_problems.run_id WHERE run_problems.quota IS NOT NULL"
    )


def _create_steps() -> None:
    op.create_table(
        "steps",
        _text("run_id"),
        _text("problem_id"),
        _number("number"),
        _number("position"),
        _number("span_start"),
        _number("span_end"),
        sa.Column("value", sa.Double(), nullable=False),
        _moment("created_at"),
        sa.PrimaryKeyConstraint("run_id", "problem_id", "number", "position", name=op.f("pk_steps")),
        sa.ForeignKeyConstraint(
            ["run_id", "problem_id", "number"],
            ["attempts.run_id", "attempts.problem_id", "attempts.number"],
            name=op.f("fk_steps_attempts"),
        ),
    )


def _create_withdrawals() -> None:
    op.create_table(
        "withdrawals",
        _text("kind"),
        _text("name"),
        _text("reason"),
        _moment("created_at"),
        sa.PrimaryKeyConstraint("kind", "name", name=op.f("pk_withdrawals")),
    )
