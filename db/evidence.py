"""Query of attempts joined with problem and current verdict, streamed by windows of positions.

A run is read in windows of positions. Each is one query, which both databases answer from their indexes: no
window is large, so nothing is sorted on disk and the first row comes at once.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.orm import Session, aliased

from gristmill.db.rows import PROBLEM_COLUMNS, RESPONSE_COLUMNS, VERDICT_COLUMNS
from gristmill.db.tables.core import AttemptRow, ProblemRow, RunProblemRow, VerdictRow

WINDOW_PROBLEMS = 100

_Later = aliased(VerdictRow)


def evidence(run_id: str) -> Select[tuple[Any, ...]]:
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


def current_verdicts(session: Session, run_id: str) -> ColumnElement[bool]:
    """As `is_current`, for verdicts of this run: a quarter of its time where none was judged again."""
    return is_current() if was_judged_again(session, run_id) else VerdictRow.ordinal == 0


def is_current_at(moment: datetime, *, judged_again: bool = True) -> ColumnElement[bool]:
    """That a verdict was its attempt's last at that moment: of one attempt no two are, even where the clock
    was set back between them. `judged_again` False: every attempt has one verdict alone.
    """
    if not judged_again:
        return VerdictRow.created_at <= moment
    later = exists().where(
        _Later.run_id == VerdictRow.run_id,
        _Later.problem_id == VerdictRow.problem_id,
        _Later.number == VerdictRow.number,
        _Later.ordinal > VerdictRow.ordinal,
        _Later.created_at <= moment,
    )
    return and_(VerdictRow.created_at <= moment, ~later)


def was_judged_again(session: Session, run_id: str) -> bool:
    """Whether an attempt of the run has more than its first verdict. Where none has, its first one is its
    current one, which costs half as much to say as `is_current_at`.
    """
    again = select(VerdictRow.ordinal).where(VerdictRow.run_id == run_id, VerdictRow.ordinal > 0).limit(1)
    return session.execute(again).first() is not None


def windows(session: Session, run_id: str) -> Iterator[ColumnElement[bool]]:
    """Conditions on the position in the run that together take in all of it, from the first to the last."""
    last = session.scalar(select(func.max(RunProblemRow.position)).where(RunProblemRow.run_id == run_id))
    for first in range(0, -1 if last is None else last + 1, WINDOW_PROBLEMS):
        yield RunProblemRow.position.between(first, first + WINDOW_PROBLEMS - 1)
