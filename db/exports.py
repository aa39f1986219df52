"""What leaves the store: accepted attempts, streamed in an order that never changes, and the record of it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, insert, or_, select
from sqlalchemy.orm import Session

from db.clock import now
from db.evidence import evidence, windows
from db.metrics import is_selected
from db.problems import parents_of
from db.rows import problem_of, response_of, verdict_of
from db.sessions import stream
from db.tables import AttemptRow, ExportRow, RunProblemRow, VerdictRow, table
from sampling.records import Outcome, Problem, Response, Verdict


@dataclass(frozen=True, slots=True)
class AcceptedRow:
    """One accepted attempt with everything that explains it; `verdict` is the current one."""

    run_id: str
    problem: Problem
    number: int
    seed: int
    response: Response
    verdict: Verdict


def accepted_rows(
    session: Session, run_ids: Sequence[str], *, with_surplus: bool, selected: bool = False
) -> Iterator[AcceptedRow]:
    """Run by run as given, by position, then by number; in constant memory, while the session is open.

    Without surplus a problem gives at most its quota, the lowest numbers first; without a quota it gives
    all. With `selected` a problem gives the one response that ranks first by its run's metric, whatever its
    number. Quotas are stored as problems stop and when a session of the run ends: a run that was killed
    lacks those of its open problems until it is started again, and gives their surplus too.
    """
    for run_id in run_ids:
        parents = parents_of(session, run_id)
        for window in windows(session, run_id):
            for row in stream(session, _accepted(run_id, window, with_surplus, selected)):
                yield AcceptedRow(
                    run_id=run_id,
                    problem=problem_of(row, parents),
                    number=row.number,
                    seed=row.seed,
                    response=response_of(row),
                    verdict=verdict_of(row),
                )


def record_export(
    session: Session,
    *,
    path: str,
    format: str,
    filter: Mapping[str, object],
    run_ids: Sequence[str],
    row_count: int,
    checksum: str,
) -> int:
    """The id of the record; `filter` is kept as JSON."""
    row = {
        "path": path,
        "format": format,
        "filter": json.dumps(filter, sort_keys=True),
        "run_ids": json.dumps(list(run_ids)),
        "row_count": row_count,
        "checksum": checksum,
        "created_at": now(),
    }
    return session.execute(insert(table(ExportRow)).values(row).returning(ExportRow.id)).scalar_one()


def _accepted(
    run_id: str, window: ColumnElement[bool], with_surplus: bool, selected: bool
) -> Select[*tuple[Any, ...]]:
    """`rank` says which accepted attempt of its problem a row is, counting from 1 in order of number."""
    rank = func.row_number().over(partition_by=RunProblemRow.position, order_by=AttemptRow.number)
    accepted = (
        evidence(run_id)
        .add_columns(RunProblemRow.position, RunProblemRow.quota, rank.label("rank"))
        .where(window, VerdictRow.outcome == Outcome.ACCEPTED)
    )
    if selected:
        return accepted.where(is_selected()).order_by(RunProblemRow.position, AttemptRow.number)
    ranked = accepted.subquery()
    query = select(ranked).order_by(ranked.c.position, ranked.c.number)
    if with_surplus:
        return query
    return query.where(or_(ranked.c.quota.is_(None), ranked.c.rank <= ranked.c.quota))
