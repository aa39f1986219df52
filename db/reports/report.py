"""Queries of the HTML report beyond the summary: quotas, difficulty, growth, lengths, examples.

Everything is aggregated by the database, on current verdicts; what comes back is a few hundred rows however
large the run. Counting by problem reads verdicts alone, and so no text. The sums agree with
`db/reports/summary.py`.
"""

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from gristmill.db.evidence import current_verdicts, evidence, is_current, is_of_attempt
from gristmill.db.reports.records import (
    TENTHS,
    DifficultyPoint,
    ExportUse,
    GrowthPoint,
    Lengths,
    PassRates,
    UnsolvedRow,
)
from gristmill.db.reports.summary import Example
from gristmill.db.rows import draw_of, problem_of, response_of, verdict_of
from gristmill.db.tables.core import AttemptRow, ExportRow, ProblemRow, RunProblemRow, VerdictRow
from gristmill.db.text import StoredText, escaped
from gristmill.sampling.records import Attempt, Outcome


def within_quota(session: Session, run_id: str) -> int:
    """Accepted attempts without the surplus; where a problem has no quota all of them count."""
    of_problem = _of_problems(session, run_id)
    kept = case((of_problem.c.quota < of_problem.c.accepted, of_problem.c.quota), else_=of_problem.c.accepted)
    return int(session.scalar(select(func.coalesce(func.sum(kept), 0))) or 0)


def pass_rates(session: Session, run_id: str) -> PassRates:
    """Every problem of the run counts once."""
    found = _of_problems(session, run_id).c
    place = case(
        (found.decided == 0, -2),
        (found.accepted == 0, -1),
        (found.accepted == found.decided, TENTHS),
        else_=found.accepted * TENTHS // found.decided,
    )
    placed = select(place.label("place")).subquery()
    rows = session.execute(select(placed.c.place, func.count()).group_by(placed.c.place))
    counts = {int(at): count for at, count in rows}
    tenths = tuple(counts.get(at, 0) for at in range(TENTHS))
    return PassRates(counts.get(-1, 0), tenths, counts.get(TENTHS, 0), counts.get(-2, 0))


def by_difficulty(session: Session, run_id: str, points: int) -> list[DifficultyPoint]:
    """At most `points`, the hardest problems first; those without a decided attempt are left out.

    Difficulty is by the posterior mean of the pass rate under a uniform prior: a problem that failed a
    hundred times is harder than one that failed once.
    """
    found = _of_problems(session, run_id).c
    order = ((found.accepted + 1.0) / (found.decided + 2.0), found.position)
    placed = (
        select(found.attempts, found.accepted, func.ntile(points).over(order_by=order).label("place"))
        .where(found.decided > 0)
        .subquery()
    )
    rows = session.execute(
        select(func.count(), func.sum(placed.c.attempts), func.sum(placed.c.accepted))
        .group_by(placed.c.place)
        .order_by(placed.c.place)
    )
    return [DifficultyPoint(problems, int(attempts), int(accepted)) for problems, attempts, accepted in rows]


def growth(session: Session, run_id: str, points: int) -> list[GrowthPoint]:
    """At most `points`, as many attempts in each as nearly as may be, in order of time."""
    order = (AttemptRow.created_at, AttemptRow.problem_id, AttemptRow.number)
    placed = _responses(
        run_id, AttemptRow.created_at, func.ntile(points).over(order_by=order).label("place")
    ).subquery()
    rows = session.execute(
        select(func.max(placed.c.created_at), func.count(), func.sum(_is(placed.c.outcome, Outcome.ACCEPTED)))
        .group_by(placed.c.place)
        .order_by(placed.c.place)
    )
    return [GrowthPoint(moment, attempts, int(accepted)) for moment, attempts, accepted in rows]


def lengths(session: Session, run_id: str, bins: int) -> Lengths:
    """At most `bins`, of a whole number of tokens each; every outcome is in it."""
    longest = select(func.max(AttemptRow.completion_tokens)).where(AttemptRow.run_id == run_id)
    width = (session.scalar(longest) or 0) // bins + 1
    placed = _responses(run_id, (AttemptRow.completion_tokens // width).label("place")).subquery()
    counts = {outcome: [0] * bins for outcome in Outcome}
    columns = (placed.c.outcome, placed.c.place)
    for outcome, place, count in session.execute(select(*columns, func.count()).group_by(*columns)):
        counts[outcome][place] = count
    return Lengths(width, {outcome: tuple(found) for outcome, found in counts.items()})


def first_unsolved(session: Session, run_id: str, limit: int, characters: int) -> list[UnsolvedRow]:
    """The first by position; of long prompts and references no more is read than `characters`."""
    found = _of_problems(session, run_id).c
    rows = session.execute(
        select(
            found.problem_id,
            func.substr(ProblemRow.prompt, 1, characters, type_=StoredText()),
            func.substr(ProblemRow.reference, 1, characters, type_=StoredText()),
            ProblemRow.level,
            found.attempts,
            found.stop_reason,
        )
        .join(ProblemRow, ProblemRow.id == found.problem_id)
        .where(found.accepted == 0)
        .order_by(found.position)
        .limit(limit)
    )
    return [UnsolvedRow(*row) for row in rows]


def telling_problems(session: Session, run_id: str, limit: int) -> list[str]:
    """Ids of problems to show: first those that have accepted and rejected responses, one of each level
    before the second of any, by position; then others with a decided one.
    """
    found = _of_problems(session, run_id).c
    one_sided = case((found.accepted.in_((0, found.decided)), 1), else_=0).label("one_sided")
    turn = (
        func.row_number()
        .over(partition_by=(ProblemRow.level, one_sided), order_by=found.position)
        .label("turn")
    )
    placed = (
        select(found.problem_id, found.position, one_sided, turn)
        .join(ProblemRow, ProblemRow.id == found.problem_id)
        .where(found.decided > 0)
        .subquery()
    )
    order = (placed.c.one_sided, placed.c.turn, placed.c.position)
    return list(session.scalars(select(placed.c.problem_id).order_by(*order).limit(limit)))


def first_attempt(session: Session, run_id: str, problem_id: str, outcome: Outcome) -> Example | None:
    """The one of the lowest number with that outcome, without the problem's parents; whole, so hold few."""
    row = session.execute(
        evidence(run_id)
        .where(AttemptRow.problem_id == problem_id, VerdictRow.outcome == outcome)
        .order_by(AttemptRow.number)
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    return Example(problem_of(row, {}), Attempt(draw_of(row), response_of(row), verdict_of(row)))


def exports_of(session: Session, run_id: str, limit: int) -> list[ExportUse]:
    """The newest exports from the run that were not replaced by another, newest first."""
    columns = (ExportRow.id, ExportRow.run_ids)
    rows = session.execute(
        select(*columns).where(ExportRow.replaced_by.is_(None)).order_by(ExportRow.id.desc())
    )
    ids = [id_ for id_, run_ids in rows if run_id in json.loads(run_ids)][:limit]
    return list(_uses(session, run_id, ids))


def _uses(session: Session, run_id: str, export_ids: list[int]) -> Iterator[ExportUse]:
    for export_id in export_ids:
        row = session.get_one(ExportRow, export_id)
        counts = json.loads(row.manifest or "{}").get("counts", {}).get("run") or {}
        known = counts or not row.row_count
        attempts = counts.get(run_id, counts.get(escaped(run_id), 0)) if known else None
        runs = len(json.loads(row.run_ids))
        withdrawn = row.withdrawn_at is not None
        yield ExportUse(row.id, row.format, row.path, row.row_count, attempts, runs, withdrawn)


def _is(column: ColumnElement[Any] | InstrumentedAttribute[Outcome], outcome: Outcome) -> ColumnElement[int]:
    return case((column == outcome, 1), else_=0)


def _of_problems(session: Session, run_id: str) -> Subquery:
    """A row for every problem of the run: its place, quota, stop, and its attempts by outcome."""
    counted = (
        select(
            VerdictRow.problem_id,
            func.count().label("attempts"),
            func.sum(_is(VerdictRow.outcome, Outcome.ACCEPTED)).label("accepted"),
            func.sum(1 - _is(VerdictRow.outcome, Outcome.UNDECIDED)).label("decided"),
        )
        .where(VerdictRow.run_id == run_id, current_verdicts(session, run_id))
        .group_by(VerdictRow.problem_id)
        .subquery()
    )
    sums = (func.coalesce(counted.c[name], 0).label(name) for name in ("attempts", "accepted", "decided"))
    return (
        select(
            RunProblemRow.problem_id,
            RunProblemRow.position,
            RunProblemRow.quota,
            RunProblemRow.stop_reason,
            *sums,
        )
        .outerjoin(counted, counted.c.problem_id == RunProblemRow.problem_id)
        .where(RunProblemRow.run_id == run_id)
        .subquery()
    )


def _responses(run_id: str, *columns: ColumnElement[Any] | Any) -> Select[tuple[Any, ...]]:
    """The current outcome of every attempt, and these columns of it."""
    return (
        select(VerdictRow.outcome, *columns)
        .select_from(AttemptRow)
        .join(VerdictRow, is_of_attempt())
        .where(AttemptRow.run_id == run_id, is_current())
    )
