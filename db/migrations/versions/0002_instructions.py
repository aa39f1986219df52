"""Problems that are made by a run: candidates, signatures for near-duplicates, metrics of attempts."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    _create_candidates()
    _create_signatures()
    _create_metrics()


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _create_candidates() -> None:
    op.create_table(
        "candidates",
        _text("run_id"),
        _text("problem_id"),
        _number("number"),
        _number("position"),
        _text("made_id"),
        sa.Column("outcome", sa.String(16), nullable=False),
        _text("reason"),
        _text("version"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        _text("text"),
        _text("reference"),
        _text("detail"),
        sa.PrimaryKeyConstraint("run_id", "problem_id", "number", "position", name=op.f("pk_candidates")),
        sa.ForeignKeyConstraint(
            ["run_id", "problem_id"],
            ["run_problems.run_id", "run_problems.problem_id"],
            name=op.f("fk_candidates_run_problems"),
        ),
        sa.CheckConstraint(
            "outcome IN ('accepted', 'rejected', 'undecided')", name=op.f("ck_candidates_outcome")
        ),
    )
    op.create_index("ix_candidates_made_id", "candidates", ["made_id"])


def _create_signatures() -> None:
    op.create_table(
        "signatures",
        _text("problem_id"),
        _text("version"),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("problem_id", name=op.f("pk_signatures")),
        sa.ForeignKeyConstraint(["problem_id"], ["problems.id"], name=op.f("fk_signatures_problems")),
    )


def _create_metrics() -> None:
    op.create_table(
        "metrics",
        _text("run_id"),
        _text("problem_id"),
        _number("number"),
        _text("name"),
        sa.Column("value", sa.Double(), nullable=False),
        _number("rank", nullable=True),
        sa.PrimaryKeyConstraint("run_id", "problem_id", "number", "name", name=op.f("pk_metrics")),
        sa.ForeignKeyConstraint(
            ["run_id", "problem_id", "number"],
            ["attempts.run_id", "attempts.problem_id", "attempts.number"],
            name=op.f("fk_metrics_attempts"),
        ),
    )
