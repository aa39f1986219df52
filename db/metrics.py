"""Metrics of responses: values by name, and the rank among the accepted ones where a run selects by one.

They follow from the responses: computing them again changes no value, but ranks where more was drawn or
judged anew. None is ever taken away, so that whoever reads meanwhile finds them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import Session

from gristmill.db.inserts import insert_new, put
from gristmill.db.moments import write_timestamp
from gristmill.db.problems import chunks
from gristmill.db.tables.core import AttemptRow, table
from gristmill.db.tables.instructions import MetricRow


@dataclass(frozen=True, slots=True)
class Measured:
    """One metric of one attempt; `rank` counts from 1, None where it is not ranked."""

    problem_id: str
    number: int
    name: str
    value: float
    rank: int | None


def add_metrics(session: Session, run_id: str, measured: Sequence[Measured]) -> None:
    """What is there already stays."""
    for rows in chunks(_rows(session, run_id, measured)):
        insert_new(session, table(MetricRow), rows)


def put_metrics(session: Session, run_id: str, measured: Sequence[Measured]) -> None:
    """In place of what is there of these attempts and names; when it was first computed stays."""
    for rows in chunks(_rows(session, run_id, measured)):
        put(session, table(MetricRow), rows, ("value", "rank"))


def _rows(session: Session, run_id: str, measured: Sequence[Measured]) -> list[dict[str, object]]:
    moment = write_timestamp(session, run_id)
    return [
        {
            "run_id": run_id,
            "problem_id": item.problem_id,
            "number": item.number,
            "name": item.name,
            "value": item.value,
            "rank": item.rank,
            "created_at": moment,
        }
        for item in sorted(measured, key=lambda item: (item.problem_id, item.number, item.name))
    ]


def metrics_of(session: Session, run_id: str, problem_id: str) -> dict[int, list[Measured]]:
    """By number of the attempt, each in order of name."""
    rows = session.execute(
        select(MetricRow.number, MetricRow.name, MetricRow.value, MetricRow.rank)
        .where(MetricRow.run_id == run_id, MetricRow.problem_id == problem_id)
        .order_by(MetricRow.number, MetricRow.name)
    )
    found: dict[int, list[Measured]] = {}
    for number, name, value, rank in rows:
        found.setdefault(number, []).append(Measured(problem_id, number, name, value, rank))
    return found


def metric_means(session: Session, run_id: str) -> list[tuple[str, int, float, float | None]]:
    """Name, responses measured, their mean, and the mean of those that rank first (None: none is ranked)."""
    of_run = MetricRow.run_id == run_id
    everything = session.execute(
        select(MetricRow.name, func.count(), func.avg(MetricRow.value)).where(of_run).group_by(MetricRow.name)
    ).all()
    ranked = session.execute(
        select(MetricRow.name, func.avg(MetricRow.value))
        .where(and_(of_run, MetricRow.rank == 1))
        .group_by(MetricRow.name)
    )
    first: dict[str, float] = {name: mean for name, mean in ranked}  # noqa: C416 - to mypy a row is no tuple
    return sorted((name, count, mean, first.get(name)) for name, count, mean in everything)


def lacks_metric(session: Session, run_id: str, name: str, as_of: datetime) -> bool:
    """Whether a response that the run had by then has no value of this metric."""
    has = exists().where(
        MetricRow.run_id == AttemptRow.run_id,
        MetricRow.problem_id == AttemptRow.problem_id,
        MetricRow.number == AttemptRow.number,
        MetricRow.name == name,
    )
    query = select(AttemptRow.number).where(AttemptRow.run_id == run_id, ~has)
    query = query.where(AttemptRow.created_at <= as_of).limit(1)
    return session.execute(query).first() is not None
