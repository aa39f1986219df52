"""Copies runs from one store into another, empty one: their rows in every table, with their problems.

Which rows of a table belong to a run follows from its columns, so a table that is added later comes along.
What belongs to no run alone (exports, withdrawals) stays behind.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, insert, select
from sqlalchemy.orm import Session

from gristmill.db.sessions import stream
from gristmill.db.tables.core import Base, ProblemRow, RunProblemRow, RunRow, table

_BATCH = 500


def copy_runs(source: Session, target: Session, run_ids: Sequence[str]) -> int:
    """How many rows were copied. `source` is of `reading`, and so the copy is of one moment. A run that is
    not there adds nothing.
    """
    copied = 0
    for each in Base.metadata.sorted_tables:
        belongs = _belongs(each, run_ids)
        if belongs is None:
            continue
        for batch in _batches(stream(source, select(each).where(belongs))):
            target.execute(insert(each), [dict(row._mapping) for row in batch])
            copied += len(batch)
    return copied


def _belongs(each: Table, run_ids: Sequence[str]) -> ColumnElement[bool] | None:
    """The condition for a row of the table to be of these runs, None where rows are of no run."""
    chosen = select(RunProblemRow.problem_id).where(RunProblemRow.run_id.in_(run_ids))
    if each is table(RunRow):
        return each.c.id.in_(run_ids)
    if each is table(ProblemRow):
        return each.c.id.in_(chosen)
    if "run_id" in each.c:
        return each.c.run_id.in_(run_ids)
    return each.c.problem_id.in_(chosen) if "problem_id" in each.c else None


def _batches(rows: Iterator[Row[tuple[Any, ...]]]) -> Iterator[list[Row[tuple[Any, ...]]]]:
    while batch := list(islice(rows, _BATCH)):
        yield batch
