"""Reads tallies, metrics, details and step values of a window of problems, where an export asks for them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gristmill.db.evidence import is_current_at, is_of_attempt
from gristmill.db.exports.attempt_details import attempt_details
from gristmill.db.exports.records import AttemptDetail, AttemptKey, ExportQuery, StepValue
from gristmill.db.problems import chunks
from gristmill.db.steps import steps_of
from gristmill.db.tables.core import AttemptRow, VerdictRow
from gristmill.db.tables.instructions import MetricRow
from gristmill.sampling.records import Tally

Metrics = Mapping[str, Mapping[AttemptKey, float]]


@dataclass(frozen=True, slots=True)
class Extras:
    """By problem; one that has nothing is not in it."""

    tallies: dict[str, Tally] = field(default_factory=dict)
    metrics: dict[str, Metrics] = field(default_factory=dict)
    details: dict[str, Mapping[AttemptKey, AttemptDetail]] = field(default_factory=dict)
    steps: dict[str, Mapping[AttemptKey, Sequence[StepValue]]] = field(default_factory=dict)


def read_extras(session: Session, query: ExportQuery, problem_ids: Sequence[str]) -> Extras:
    """The extras that the query asks for, of these problems."""
    found = Extras()
    for chunk in chunks(problem_ids):  # many runs together have more problems than one statement takes
        if query.tally:
            found.tallies.update(_tallies(session, query, chunk))
        if query.metrics:
            found.metrics.update(_metrics(session, query, chunk))
        if query.details:
            found.details.update(_details(session, query, chunk))
        if query.steps:
            found.steps.update(_steps(session, query, chunk))
    return found


def _tallies(session: Session, query: ExportQuery, problem_ids: Sequence[str]) -> dict[str, Tally]:
    """Counts over the runs and models chosen, whatever else is asked of the attempts."""
    counted = (
        select(
            AttemptRow.problem_id,
            VerdictRow.outcome,
            func.count(),
            func.sum(AttemptRow.completion_tokens),
        )
        .join(VerdictRow, is_of_attempt())
        .where(AttemptRow.run_id.in_(query.run_ids), AttemptRow.problem_id.in_(problem_ids))
        # Said of both: PostgreSQL reads through all verdicts otherwise.
        .where(VerdictRow.run_id.in_(query.run_ids), VerdictRow.problem_id.in_(problem_ids))
        .where(is_current_at(query.as_of))
        .group_by(AttemptRow.problem_id, VerdictRow.outcome)
    )
    if query.models:
        counted = counted.where(AttemptRow.model.in_(query.models))
    if query.without_models:
        counted = counted.where(AttemptRow.model.not_in(query.without_models))
    found: defaultdict[str, dict[str, int]] = defaultdict(lambda: {"tokens": 0})
    for problem_id, outcome, count, tokens in session.execute(counted):
        found[problem_id][outcome.value] = count
        found[problem_id]["tokens"] += tokens
    return {problem_id: Tally(**counts) for problem_id, counts in found.items()}


def _metrics(session: Session, query: ExportQuery, problem_ids: Sequence[str]) -> dict[str, Metrics]:
    rows = session.execute(
        select(MetricRow.problem_id, MetricRow.name, MetricRow.run_id, MetricRow.number, MetricRow.value)
        .where(MetricRow.run_id.in_(query.run_ids), MetricRow.problem_id.in_(problem_ids))
        .where(MetricRow.name.in_(query.metrics))
    )
    found: dict[str, dict[str, dict[AttemptKey, float]]] = {}
    for problem_id, name, run_id, number, value in rows:
        found.setdefault(problem_id, {}).setdefault(name, {})[run_id, number] = value
    return dict(found)


def _details(
    session: Session, query: ExportQuery, problem_ids: Sequence[str]
) -> dict[str, dict[AttemptKey, AttemptDetail]]:
    found: dict[str, dict[AttemptKey, AttemptDetail]] = {}
    for run_id in query.run_ids:
        for problem_id, details in attempt_details(session, run_id, problem_ids, query.as_of).items():
            of_problem = found.setdefault(problem_id, {})
            of_problem.update({(run_id, number): detail for number, detail in details.items()})
    return found


def _steps(
    session: Session, query: ExportQuery, problem_ids: Sequence[str]
) -> dict[str, dict[AttemptKey, Sequence[StepValue]]]:
    found: dict[str, dict[AttemptKey, Sequence[StepValue]]] = {}
    for run_id in query.run_ids:
        for problem_id, steps in steps_of(session, run_id, problem_ids, query.as_of).items():
            found.setdefault(problem_id, {}).update(
                {(run_id, number): values for number, values in steps.items()}
            )
    return found
