"""Acceptance of first attempts in earlier runs of a recipe, for comparison with a run.

First attempts are those of number 0, on current verdicts. Whichever policy a run has, it makes one on every
problem that it comes to, so their rates can be compared between runs.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, aliased

from gristmill.db.evidence import is_current
from gristmill.db.runs import RunRecord
from gristmill.db.tables.core import ProblemRow, RunProblemRow, RunRow, VerdictRow, table
from gristmill.sampling.records import Outcome, RunState

_Other = aliased(VerdictRow)
_DECIDED = (Outcome.ACCEPTED, Outcome.REJECTED)


class Counts(NamedTuple):
    """First attempts of a level: accepted, of those decided."""

    accepted: int
    decided: int


def finished_before(session: Session, recipe: str, moment: datetime, limit: int) -> list[RunRecord]:
    """The finished runs of the recipe that were made before the moment, newest first."""
    rows = session.execute(
        select(table(RunRow))
        .where(RunRow.recipe == recipe, RunRow.state == RunState.FINISHED, RunRow.created_at < moment)
        .order_by(RunRow.created_at.desc(), RunRow.id.desc())
        .limit(limit)
    )
    return [RunRecord(**row._mapping) for row in rows]


def sources_of(session: Session, run_id: str) -> frozenset[str]:
    """Where the run's problems come from, by the names that their loads gave."""
    query = (
        select(ProblemRow.source)
        .join(RunProblemRow, RunProblemRow.problem_id == ProblemRow.id)
        .where(RunProblemRow.run_id == run_id)
        .distinct()
    )
    return frozenset(session.scalars(query))


def first_attempts(
    session: Session, run_ids: Sequence[str], shared_with: Sequence[str] = ()
) -> dict[str, Counts]:
    """First attempts of the runs together that were accepted and decided, by level.

    With `shared_with` only those on problems on which one of these runs has a decided first attempt, too.
    """
    query = (
        select(
            ProblemRow.level,
            func.sum(case((VerdictRow.outcome == Outcome.ACCEPTED, 1), else_=0)),
            func.count(),
        )
        .join(ProblemRow, ProblemRow.id == VerdictRow.problem_id)
        .where(
            VerdictRow.run_id.in_(run_ids),
            VerdictRow.number == 0,
            VerdictRow.outcome.in_(_DECIDED),
            is_current(),
        )
        .group_by(ProblemRow.level)
    )
    if shared_with:
        theirs = select(_Other.problem_id).where(
            _Other.run_id.in_(shared_with), _Other.number == 0, _Other.outcome.in_(_DECIDED)
        )
        query = query.where(VerdictRow.problem_id.in_(theirs))
    return {level: Counts(int(accepted), decided) for level, accepted, decided in session.execute(query)}
