"""An attempt with its problem and its current verdict: everything that explains it, in one row.

A run is read in windows of positions. Each is one query, which both databases answer from their indexes: no
window is large, so nothing is sorted on disk and the first row comes at once.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.orm import Session, aliased

from db.rows import PROBLEM_COLUMNS, RESPONSE_COLUMNS, VERDICT_COLUMNS
from db.tables import AttemptRow, ProblemRow, RunProblemRow, VerdictRow

WINDOW_PROBLEMS = 100

_Later = aliased(VerdictRow)


def evidence(run_id: str) -> Select[*tuple[Any, ...]]:
    """One row for every attempt of the run, in no order."""
    return (
        select(*PROBLEM_COLUMNS, *RESPONSE_COLUMNS, *VERDICT_COLUMNS)
        .select_from(RunProblemRow)
        .join(ProblemRow, ProblemRow.id == RunProblemRow.problem_id)
        .join(
            AttemptRow,
            and_(
                AttemptRow.run_id == RunProblemRow.run_id,
                AttemptRow.problem_id == RunProblemRow.problem_id,
            ),
        )
        .join(VerdictRow, is_of_attempt())
        .where(RunProblemRow.run_id == run_id, is_current())
    )


def is_of_attempt() -> ColumnElement[bool]:
    """That a verdict belongs to the attempt it is joined to."""
    return and_(
        VerdictRow.run_id == AttemptRow.run_id,
        VerdictRow.problem_id == AttemptRow.problem_id,
        VerdictRow.number == AttemptRow.number,
    )


def is_current() -> ColumnElement[bool]:
    """That a verdict is its attempt's last. Ordinals have no gaps: only the next one is looked for."""
    return ~exists().where(
        _Later.run_id == VerdictRow.run_id,
        _Later.problem_id == VerdictRow.problem_id,
        _Later.number == VerdictRow.number,
        _Later.ordinal == VerdictRow.ordinal + 1,
    )


def windows(session: Session, run_id: str) -> Iterator[ColumnElement[bool]]:
    """Conditions on the position in the run that together take in all of it, from the first to the last."""
    last = session.scalar(select(func.max(RunProblemRow.position)).where(RunProblemRow.run_id == run_id))
    for first in range(0, -1 if last is None else last + 1, WINDOW_PROBLEMS):
        yield RunProblemRow.position.between(first, first + WINDOW_PROBLEMS - 1)
