"""Queries for a top-up: problems of given sources or runs that a run does not have yet.

Whether a problem that it has needs more draws is for the scheduler to say, which goes by the tallies.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from gristmill.db.problems import chunks, parents_of
from gristmill.db.rows import ACTIVE, PROBLEM_COLUMNS, problem_of
from gristmill.db.tables.core import ProblemRow, RunProblemRow, RunRow, VerdictRow
from gristmill.db.text import escaped
from gristmill.sampling.records import Problem


@dataclass(frozen=True, slots=True)
class ProblemQuery:
    """The problems of the store that are of one of these sources, or in one of these runs."""

    sources: tuple[str, ...] = ()
    runs: tuple[str, ...] = ()


def lacking(session: Session, run_id: str, query: ProblemQuery) -> list[Problem]:
    """The active problems of `query` that the run does not have, oldest first; the run need not be there.

    A problem that an earlier load gave another source goes by that one.
    """
    taken = exists().where(RunProblemRow.run_id == run_id, RunProblemRow.problem_id == ProblemRow.id)
    wanted = (_is_in(query), ProblemRow.status == ACTIVE, ~taken)
    rows = session.execute(
        select(*PROBLEM_COLUMNS).where(*wanted).order_by(ProblemRow.created_at, ProblemRow.id)
    ).all()
    parents = parents_of(session, select(ProblemRow.id).where(*wanted))
    return [problem_of(row, parents) for row in rows]


def without_active(session: Session, query: ProblemQuery) -> ProblemQuery:
    """The sources and runs that have no active problem, or are not in the store at all, in the order given.

    Problems are read through once where sources are named; of a run no more than up to its first active one.
    """
    sources: set[str] = set()
    if query.sources:
        wanted = (ProblemRow.source.in_(query.sources), ProblemRow.status == ACTIVE)
        sources.update(session.scalars(select(ProblemRow.source).where(*wanted).distinct()))
    storable = [run_id for run_id in query.runs if escaped(run_id) == run_id]  # others are in no column
    is_active = exists().where(
        RunProblemRow.run_id == RunRow.id,
        RunProblemRow.problem_id == ProblemRow.id,
        ProblemRow.status == ACTIVE,
    )
    runs = set(session.scalars(select(RunRow.id).where(RunRow.id.in_(storable), is_active)))
    return ProblemQuery(
        tuple(source for source in query.sources if source not in sources),
        tuple(run_id for run_id in query.runs if run_id not in runs),
    )


def source_statuses(session: Session) -> dict[str, tuple[str, ...]]:
    """Each source of the store, in order of name, and which statuses its problems have."""
    statuses: defaultdict[str, set[str]] = defaultdict(set)
    for source, status in session.execute(select(ProblemRow.source, ProblemRow.status).distinct()):
        statuses[source].add(status)
    return {source: tuple(sorted(statuses[source])) for source in sorted(statuses)}


def held_back(session: Session, problem_ids: Sequence[str]) -> set[str]:
    """Those of the problems that are in the store and not active: nothing is drawn for them."""
    found: set[str] = set()
    for chunk in chunks(problem_ids):
        query = select(ProblemRow.id).where(ProblemRow.id.in_(chunk), ProblemRow.status != ACTIVE)
        found.update(session.scalars(query))
    return found


def judged_since(session: Session, run_id: str, moment: datetime) -> bool:
    """Whether an attempt of the run has got a verdict, its first or another, after that moment."""
    query = select(VerdictRow.ordinal).where(VerdictRow.run_id == run_id, VerdictRow.created_at > moment)
    return session.execute(query.limit(1)).first() is not None


def _is_in(query: ProblemQuery) -> ColumnElement[bool]:
    in_run = exists().where(RunProblemRow.run_id.in_(query.runs), RunProblemRow.problem_id == ProblemRow.id)
    return or_(ProblemRow.source.in_(query.sources), in_run)
