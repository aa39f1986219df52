"""Reads everything recorded of the attempts on some problems, by three queries however many problems.

Attempts, verdicts and metrics are those of a moment: what was written after it is not seen.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from gristmill.db.exports.records import AttemptDetail, StoredVerdict
from gristmill.db.rows import VERDICT_COLUMNS, verdict_of
from gristmill.db.tables.core import AttemptRow, VerdictRow
from gristmill.db.tables.instructions import MetricRow

_Key = tuple[str, int]
"""Problem and number: an attempt within a run."""


def attempt_details(
    session: Session, run_id: str, problem_ids: Sequence[str], as_of: datetime
) -> dict[str, dict[int, AttemptDetail]]:
    """By problem and number of the attempt, in that order; a problem without attempts is not in it.

    What is recorded of the problems is in memory. `as_of` has a time zone.
    """
    verdicts = _verdicts(session, run_id, problem_ids, as_of)
    metrics = _metrics(session, run_id, problem_ids, as_of)
    rows = session.execute(
        select(
            AttemptRow.problem_id,
            AttemptRow.number,
            AttemptRow.seed,
            AttemptRow.finish_reason,
            AttemptRow.prompt_tokens,
            AttemptRow.seconds,
            AttemptRow.created_at,
        )
        .where(
            AttemptRow.run_id == run_id,
            AttemptRow.problem_id.in_(problem_ids),
            AttemptRow.created_at <= as_of,
        )
        .order_by(AttemptRow.problem_id, AttemptRow.number)
    )
    found: dict[str, dict[int, AttemptDetail]] = {}
    for row in rows:
        key = (row.problem_id, row.number)
        found.setdefault(row.problem_id, {})[row.number] = AttemptDetail(
            seed=row.seed,
            finish_reason=row.finish_reason.value,
            prompt_tokens=row.prompt_tokens,
            seconds=row.seconds,
            created_at=_iso(row.created_at),
            verdicts=tuple(verdicts.get(key, ())),
            metrics=metrics.get(key, {}),
        )
    return found


def _verdicts(
    session: Session, run_id: str, problem_ids: Sequence[str], as_of: datetime
) -> dict[_Key, list[StoredVerdict]]:
    rows = session.execute(
        select(VerdictRow.problem_id, VerdictRow.number, VerdictRow.created_at, *VERDICT_COLUMNS)
        .where(
            VerdictRow.run_id == run_id,
            VerdictRow.problem_id.in_(problem_ids),
            VerdictRow.created_at <= as_of,
        )
        .order_by(VerdictRow.problem_id, VerdictRow.number, VerdictRow.ordinal)
    )
    found: dict[_Key, list[StoredVerdict]] = {}
    for row in rows:
        stored = StoredVerdict(row.ordinal, _iso(row.created_at), verdict_of(row))
        found.setdefault((row.problem_id, row.number), []).append(stored)
    return found


def _metrics(
    session: Session, run_id: str, problem_ids: Sequence[str], as_of: datetime
) -> dict[_Key, dict[str, float]]:
    rows = session.execute(
        select(MetricRow.problem_id, MetricRow.number, MetricRow.name, MetricRow.value)
        .where(MetricRow.run_id == run_id, MetricRow.problem_id.in_(problem_ids))
        .where(or_(MetricRow.created_at.is_(None), MetricRow.created_at <= as_of))
    )
    found: dict[_Key, dict[str, float]] = {}
    for problem_id, number, name, value in rows:
        found.setdefault((problem_id, number), {})[name] = value
    return found


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds")
