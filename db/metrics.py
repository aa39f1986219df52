"""Metrics of responses: values by name, and the rank among the accepted ones where a run selects by one.

They follow from the responses and are written anew as a whole: computing them again changes nothing but what
was drawn since.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select
from sqlalchemy.orm import Session

from db.evidence import is_current, is_of_attempt
from db.inserts import insert_new
from db.instruction_tables import MetricRow
from db.problems import CHUNK
from db.runs import lock_run
from db.tables import AttemptRow, VerdictRow, table
from sampling.records import Outcome


@dataclass(frozen=True, slots=True)
class Measured:
    """One metric of one attempt; `rank` counts from 1, None where it is not ranked."""

    problem_id: str
    number: int
    name: str
    value: float
    rank: int | None


def clear_metrics(session: Session, run_id: str) -> None:
    lock_run(session, run_id)
    session.execute(delete(table(MetricRow)).where(MetricRow.run_id == run_id))


def add_metrics(session: Session, run_id: str, measured: Sequence[Measured]) -> None:
    """What is there already stays."""
    rows = [
        {
            "run_id": run_id,
            "problem_id": item.problem_id,
            "number": item.number,
            "name": item.name,
            "value": item.value,
            "rank": item.rank,
        }
        for item in measured
    ]
    for start in range(0, len(rows), CHUNK):
        insert_new(session, table(MetricRow), rows[start : start + CHUNK])


def is_selected() -> ColumnElement[bool]:
    """That an attempt is the first by its run's metric."""
    return exists().where(
        MetricRow.run_id == AttemptRow.run_id,
        MetricRow.problem_id == AttemptRow.problem_id,
        MetricRow.number == AttemptRow.number,
        MetricRow.rank == 1,
    )


def ranks_are_current(session: Session, run_id: str) -> bool:
    """Whether just those attempts have a rank that are accepted now: none was drawn or judged again since."""
    accepted = VerdictRow.outcome == Outcome.ACCEPTED
    ranked = exists().where(
        MetricRow.run_id == AttemptRow.run_id,
        MetricRow.problem_id == AttemptRow.problem_id,
        MetricRow.number == AttemptRow.number,
        MetricRow.rank.is_not(None),
    )
    stale = (
        select(AttemptRow.number)
        .join(VerdictRow, is_of_attempt())
        .where(AttemptRow.run_id == run_id, is_current())
        .where(or_(and_(accepted, ~ranked), and_(~accepted, ranked)))
        .limit(1)
    )
    return session.execute(stale).first() is None


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
    first: dict[str, float] = dict(
        session.execute(
            select(MetricRow.name, func.avg(MetricRow.value))
            .where(and_(of_run, MetricRow.rank == 1))
            .group_by(MetricRow.name)
        ).all()
    )
    return sorted((name, count, mean, first.get(name)) for name, count, mean in everything)
