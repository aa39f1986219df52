"""Workers of a run, their leases on problems, and an index of the problems that are still open."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_index(
        "ix_run_problems_open",
        "run_problems",
        ["run_id", "position"],
        sqlite_where=sa.text("stop_reason IS NULL"),
        postgresql_where=sa.text("stop_reason IS NULL"),
    )
    _create_workers()
    _create_leases()


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _create_workers() -> None:
    op.create_table(
        "workers",
        _text("id"),
        _text("run_id"),
        sa.Column("alone", sa.Boolean(), nullable=False),
        sa.Column("draws", sa.Boolean(), nullable=False),
        _text("host"),
        _text("process"),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workers")),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_workers_runs")),
    )
    op.create_index("ix_workers_run_id", "workers", ["run_id"])


def _create_leases() -> None:
    op.create_table(
        "leases",
        _text("run_id"),
        _text("problem_id"),
        _text("worker_id"),
        sa.PrimaryKeyConstraint("run_id", "problem_id", name=op.f("pk_leases")),
        sa.ForeignKeyConstraint(
            ["run_id", "problem_id"],
            ["run_problems.run_id", "run_problems.problem_id"],
            name=op.f("fk_leases_run_problems"),
        ),
        sa.ForeignKeyConstraint(["worker_id"], ["workers.id"], name=op.f("fk_leases_workers")),
    )
    op.create_index("ix_leases_worker_id", "leases", ["worker_id"])
