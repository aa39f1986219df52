"""The first tables: runs, problems, attempts, verdicts, failures, exports."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

STATES = "'running', 'interrupted', 'failed', 'finished'"
STOP_REASONS = "'quota_met', 'ceiling_reached', 'given_up', 'budget_spent', 'failed'"
FINISH_REASONS = "'stop', 'length', 'other'"
OUTCOMES = "'accepted', 'rejected', 'undecided'"


def upgrade() -> None:
    _create_runs()
    _create_problems()
    _create_run_problems()
    _create_attempts()
    _create_verdicts()
    _create_failures()
    _create_exports()


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _integer(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _double(name: str, *, nullable: bool = False) -> sa.Column[float]:
    return sa.Column(name, sa.Double(), nullable=nullable)


def _bigint(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _word(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(16), nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _one_of(table: str, column: str, values: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{column} IN ({values})", name=op.f(f"ck_{table}_{column}"))


def _primary(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}"))


def _foreign(table: str, columns: list[str], target: str, keys: list[str]) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        columns, [f"{target}.{key}" for key in keys], name=op.f(f"fk_{table}_{target}")
    )


def _create_runs() -> None:
    op.create_table(
        "runs",
        _text("id"),
        _text("recipe"),
        _word("state"),
        _text("config"),
        _bigint("seed"),
        _moment("created_at"),
        _moment("updated_at"),
        _moment("finished_at", nullable=True),
        _double("elapsed_seconds"),
        _text("code_version"),
        _text("message"),
        _primary("runs", "id"),
        _one_of("runs", "state", STATES),
    )


def _create_problems() -> None:
    op.create_table(
        "problems",
        _text("id"),
        _text("prompt"),
        _text("reference"),
        _text("level"),
        _text("source"),
        _text("origin"),
        _text("status"),
        _text("reason", nullable=True),
        _moment("created_at"),
        _primary("problems", "id"),
    )
    op.create_table(
        "problem_parents",
        _text("problem_id"),
        _text("parent_id"),
        _integer("position"),
        _primary("problem_parents", "problem_id", "parent_id"),
        _foreign("problem_parents", ["problem_id"], "problems", ["id"]),
    )


def _create_run_problems() -> None:
    op.create_table(
        "run_problems",
        _text("run_id"),
        _text("problem_id"),
        _integer("position"),
        _double("fail_rate", nullable=True),
        _integer("quota", nullable=True),
        _integer("ceiling", nullable=True),
        _word("stop_reason", nullable=True),
        _primary("run_problems", "run_id", "problem_id"),
        sa.UniqueConstraint("run_id", "position", name=op.f("uq_run_problems_run_id_position")),
        _foreign("run_problems", ["run_id"], "runs", ["id"]),
        _foreign("run_problems", ["problem_id"], "problems", ["id"]),
        _one_of("run_problems", "stop_reason", STOP_REASONS),
    )


def _create_attempts() -> None:
    op.create_table(
        "attempts",
        _text("run_id"),
        _text("problem_id"),
        _integer("number"),
        _bigint("seed"),
        _word("finish_reason"),
        _integer("prompt_tokens"),
        _integer("completion_tokens"),
        _double("seconds"),
        _text("model"),
        _double("cumulative_logprob", nullable=True),
        _moment("created_at"),
        _text("text"),
        _primary("attempts", "run_id", "problem_id", "number"),
        _foreign("attempts", ["run_id", "problem_id"], "run_problems", ["run_id", "problem_id"]),
        _one_of("attempts", "finish_reason", FINISH_REASONS),
    )


def _create_verdicts() -> None:
    op.create_table(
        "verdicts",
        _text("run_id"),
        _text("problem_id"),
        _integer("number"),
        _integer("ordinal"),
        _word("outcome"),
        _text("reason"),
        _text("verifier"),
        _text("version"),
        _double("seconds"),
        _moment("created_at"),
        _integer("span_start", nullable=True),
        _integer("span_end", nullable=True),
        _text("answer", nullable=True),
        _text("detail"),
        _primary("verdicts", "run_id", "problem_id", "number", "ordinal"),
        _foreign(
            "verdicts", ["run_id", "problem_id", "number"], "attempts", ["run_id", "problem_id", "number"]
        ),
        _one_of("verdicts", "outcome", OUTCOMES),
        sqlite_with_rowid=False,
    )


def _create_failures() -> None:
    op.create_table(
        "failures",
        _integer("id"),
        _text("run_id"),
        _text("problem_id"),
        _integer("number"),
        _bigint("seed"),
        _text("kind"),
        _text("detail"),
        _double("seconds"),
        _moment("created_at"),
        _text("batch"),
        _integer("position"),
        _primary("failures", "id"),
        sa.UniqueConstraint("batch", "position", name=op.f("uq_failures_batch_position")),
        _foreign("failures", ["run_id", "problem_id"], "run_problems", ["run_id", "problem_id"]),
    )
    op.create_index("ix_failures_run_id_problem_id", "failures", ["run_id", "problem_id"])


def _create_exports() -> None:
    op.create_table(
        "exports",
        _integer("id"),
        _text("path"),
        _text("format"),
        _text("filter"),
        _text("run_ids"),
        _integer("row_count"),
        _text("checksum"),
        _moment("created_at"),
        _primary("exports", "id"),
    )
