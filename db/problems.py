"""Problems and their positions in a run. A problem loaded twice is one row: its id is a hash of its content.

What the first load said of a problem (level, source, origin, parents) stays: later loads of the same content
reuse it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from gristmill.db.clock import now
from gristmill.db.inserts import insert_new
from gristmill.db.rows import ACTIVE, PROBLEM_COLUMNS, Parents, problem_of, problem_row
from gristmill.db.runs import lock_run
from gristmill.db.tables.core import ParentRow, ProblemRow, RunProblemRow, table
from gristmill.sampling.errors import DataError
from gristmill.sampling.records import Problem

CHUNK = 1_000
_CANDIDATES = 5

T = TypeVar("T")


def add_problems(
    session: Session, run_id: str, problems: Iterable[Problem], fail_rates: Mapping[str, float]
) -> int:
    """Appends to the run, in the order given, those it does not have yet; returns how many these were.

    A problem met twice counts once. `fail_rates` are an earlier run's, by problem id; others have none.
    """
    lock_run(session, run_id)
    held = set(session.scalars(select(RunProblemRow.problem_id).where(RunProblemRow.run_id == run_id)))
    new: dict[str, Problem] = {}
    for problem in problems:
        if problem.id not in held:
            new.setdefault(problem.id, problem)
    insert_problems(session, new)
    last = func.max(RunProblemRow.position)
    first = session.execute(
        select(func.coalesce(last + 1, 0)).where(RunProblemRow.run_id == run_id)
    ).scalar_one()
    places = [
        {"run_id": run_id, "problem_id": id_, "position": position, "fail_rate": fail_rates.get(id_)}
        for position, id_ in enumerate(new, start=first)
    ]
    for chunk in chunks(places):
        insert_new(session, table(RunProblemRow), chunk)
    return len(new)


def run_problems(session: Session, run_id: str) -> list[Problem]:
    """All problems of the run, in position order."""
    parents = parents_in_run(session, run_id)
    rows = session.execute(_in_run(run_id).order_by(RunProblemRow.position))
    return [problem_of(row, parents) for row in rows]


def find_problem(session: Session, run_id: str, id_prefix: str) -> Problem:
    """The one problem whose id begins so. Raises DataError, with the candidates if there are several."""
    begins = ProblemRow.id.startswith(id_prefix, autoescape=True)
    rows = session.execute(
        _in_run(run_id).where(begins).order_by(RunProblemRow.position).limit(_CANDIDATES + 1)
    ).all()
    exact = [row for row in rows if row.id == id_prefix]
    found = exact or rows
    if not found:
        raise DataError(f"run {run_id!r} has no problem whose id begins with {id_prefix!r}")
    if len(found) > 1:
        known = ", ".join(row.id for row in found[:_CANDIDATES]) + (
            ", ..." if len(found) > _CANDIDATES else ""
        )
        raise DataError(f"several problems of run {run_id!r} begin with {id_prefix!r}: {known}")
    return problem_of(found[0], parents_in_run(session, run_id))


def parents_in_run(session: Session, run_id: str) -> Parents:
    """The parents of the run's problems."""
    return parents_of(session, select(RunProblemRow.problem_id).where(RunProblemRow.run_id == run_id))


def parents_of(session: Session, problem_ids: Select[tuple[str]]) -> Parents:
    """The parents, in order, of the problems that a query names; problems without any are not in it."""
    rows = session.execute(
        select(ParentRow.problem_id, ParentRow.parent_id)
        .where(ParentRow.problem_id.in_(problem_ids))
        .order_by(ParentRow.problem_id, ParentRow.position)
    )
    parents: defaultdict[str, tuple[str, ...]] = defaultdict(tuple)
    for problem_id, parent_id in rows:
        parents[problem_id] += (parent_id,)
    return parents


def chunks(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """`items` in order, in pieces that one statement can take."""
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]


def _in_run(run_id: str) -> Select[tuple[str, str, str, str, str, str]]:
    return (
        select(*PROBLEM_COLUMNS)
        .join(RunProblemRow, RunProblemRow.problem_id == ProblemRow.id)
        .where(RunProblemRow.run_id == run_id)
    )


def insert_problems(session: Session, problems: Mapping[str, Problem], status: str = ACTIVE) -> None:
    """Those that are not there yet, by id, with their parents; those that are stay as they are.

    In order of id: two runs that load the same problems at once never wait for each other in a ring.
    """
    moment = now()
    for chunk in chunks(sorted(problems)):
        chosen = [problems[id_] for id_ in chunk]
        held = set(session.scalars(select(ProblemRow.id).where(ProblemRow.id.in_(chunk))))
        insert_new(
            session,
            table(ProblemRow),
            [problem_row(problem, moment, status) for problem in chosen],
        )
        insert_new(
            session,
            table(ParentRow),
            [
                {"problem_id": problem.id, "parent_id": parent, "position": position}
                for problem in chosen
                if problem.id not in held
                for position, parent in enumerate(dict.fromkeys(problem.parents))
            ],
        )
