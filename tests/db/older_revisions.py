"""Stores of older schema revisions, and the whole content of a store of any revision."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, insert, inspect, text

from gristmill.db import schema
from gristmill.db.exports.withdrawals import Kind
from gristmill.db.rows import attempt_row, failure_row, problem_row, verdict_row
from gristmill.db.tables.core import VERSION_TABLE, Base
from gristmill.sampling.records import Outcome, RunState, StopReason
from tests.db.samples import a_failure, a_problem, a_verdict, an_attempt

OLDER = sorted(schema.revisions() - {schema.head()})
Content = dict[str, tuple[list[str], list[str]]]
"""By table, what the database itself has in each: its columns, and its rows in a fixed order."""

START = datetime(2026, 1, 2, 3, 4, 5, 6, UTC)
HARD_TEXT = "<b>\x00\ud800\u202e \U00100e5c é"
"""Has every character that is stored in another form than its own."""
QUOTAS = {"a": 3, "b": 0, "c": None}
"""By problem; `c` was not ended."""
RUN: dict[str, object] = {
    "id": "run",
    "recipe": "dart-uniform",
    "state": RunState.RUNNING,
    "config": "{}",
    "seed": 7,
    "created_at": START,
    "updated_at": START,
    "elapsed_seconds": 1.5,
    "code_version": "0.1.0",
    "message": "",
}
CANDIDATE: dict[str, object] = {
    "position": 0,
    "made_id": "made",
    "outcome": Outcome.REJECTED,
    "reason": "too-short",
    "version": "1",
    "created_at": START,
    "text": "Add.",
    "reference": "",
    "detail": "",
}
EXPORT: dict[str, object] = {
    "path": "/out/sft.jsonl",
    "format": "sft",
    "filter": "{}",
    "run_ids": '["run"]',
    "row_count": 2,
    "checksum": "0f",
    "created_at": START,
}
WORKER: dict[str, object] = {
    "id": "w",
    "run_id": "run",
    "alone": False,
    "draws": True,
    "host": HARD_TEXT,
    "process": "1 2",
    "started_at": START,
    "expires_at": START,
}
OUTCOMES = ((Outcome.ACCEPTED, Outcome.REJECTED), (Outcome.ACCEPTED,))
"""Of the verdicts of each problem's attempts, by number."""


def rows() -> Iterator[tuple[str, dict[str, object]]]:
    """By table, parents first: of all tables, with columns that every revision with the table has."""
    yield "runs", RUN
    yield "workers", WORKER
    yield "exports", EXPORT
    for place, (name, quota) in enumerate(QUOTAS.items()):
        problem = replace(a_problem(name), id=name)
        yield "problems", problem_row(problem, START, "active")
        reason = None if quota is None else StopReason.QUOTA_MET
        stop = {"quota": quota, "ceiling": 9, "stop_reason": reason}
        yield "run_problems", {"run_id": "run", "problem_id": name, "position": place, **stop}
        for number, outcomes in enumerate(OUTCOMES):
            yield "attempts", attempt_row("run", an_attempt(problem, number, text=HARD_TEXT), START)
            for ordinal, outcome in enumerate(outcomes):
                verdict = verdict_row("run", name, number, a_verdict(outcome), START)
                yield "verdicts", {"ordinal": ordinal, **verdict}
            key: dict[str, object] = {"run_id": "run", "problem_id": name, "number": number}
            yield "metrics", {**key, "name": "words", "value": 3.0, "rank": number or None}
            yield "candidates", CANDIDATE | key
        yield (
            "failures",
            failure_row("run", replace(a_failure(problem, 2), detail=HARD_TEXT), START, "x", place),
        )
        yield "problem_parents", {"problem_id": name, "parent_id": HARD_TEXT, "position": 0}
        yield "signatures", {"problem_id": name, "version": "1", "signature": b"\x00\xff"}
        yield "quotas", {"run_id": "run", "problem_id": name, "created_at": START, "quota": quota}
        step: dict[str, object] = {"run_id": "run", "problem_id": name, "number": 0, "position": 0}
        yield "steps", step | {"span_start": 0, "span_end": 2, "value": 0.5, "created_at": START}
        yield "leases", {"run_id": "run", "problem_id": name, "worker_id": "w"}
    yield "withdrawals", {"kind": Kind.MODEL.value, "name": "x", "reason": "leaked", "created_at": START}


def make_older(engine: Engine, revision: str) -> None:
    """A store as the code of that revision left it, with rows in every table."""
    with engine.begin() as connection:
        schema._migrate(connection, revision)
        there = set(inspect(connection).get_table_names())
        for name, row in rows():
            if name in there:
                connection.execute(insert(Base.metadata.tables[name]).values(row))


def content(engine: Engine, like: Content | None = None) -> Content:
    """Everything, or of the tables and columns of another content what there is now."""
    found: Content = {}
    with engine.connect() as connection:
        look = inspect(connection)
        for name in like or sorted(set(look.get_table_names()) - {VERSION_TABLE}):
            columns = like[name][0] if like else [column["name"] for column in look.get_columns(name)]
            query = text(f"SELECT {', '.join(columns)} FROM {name}")  # noqa: S608
            found[name] = columns, sorted(map(repr, connection.execute(query)))
    return found


def next_release(folder: Path, body: str) -> Path:
    """The migrations, with one more after all of them that does `body`."""
    shutil.copytree(schema.MIGRATIONS, folder)
    head = f"import sys\nfrom alembic import op\nrevision, down_revision = '9999', {schema.head()!r}\n"
    (folder / "versions" / "9999_next.py").write_text(f"{head}def upgrade():\n    {body}\n")
    return folder


def differences(connection: Connection) -> list[object]:
    """Between the tables there and those that the code declares. The index that is declared as text is
    none: constraints and indexes are compared by themselves.
    """
    options = {"version_table": VERSION_TABLE, "compare_type": True, "include_object": _is_compared}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata))


def _is_compared(_: object, name: str | None, *others: object) -> bool:
    return name != "ix_run_problems_open"
