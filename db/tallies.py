"""Tallies of the problems of a run by current verdicts, for resuming and for summaries.

Everything is counted in SQL, in one pass over the run; a row per problem comes back, in position order, also
for problems that have no attempt yet.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Subquery, case, func, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from gristmill.db.evidence import current_verdicts
from gristmill.db.problems import chunks
from gristmill.db.tables.core import AttemptRow, RunProblemRow, VerdictRow
from gristmill.sampling.records import Outcome, StopReason, Tally

_RESPONSE_SUMS = ("tokens", "next_number", "prompt_tokens", "seconds")


@dataclass(frozen=True, slots=True)
class ProblemTally:
    """`next_number` is one past the highest stored number; `seconds` is the sum over responses. `quota` is
    stored when the problem stops, or a session of the run ends: None before, and where there is none.
    """

    problem_id: str
    tally: Tally
    next_number: int
    prompt_tokens: int
    seconds: float
    fail_rate: float | None
    stop_reason: StopReason | None
    quota: int | None = None


def problem_tallies(
    session: Session, run_id: str, problem_ids: Sequence[str] | None = None
) -> list[ProblemTally]:
    """One row for every problem of the run, or for those named, in position order."""
    if problem_ids is not None:
        return [row for chunk in chunks(problem_ids) for row in _tallies(session, run_id, chunk)]
    return _tallies(session, run_id, None)


def _tallies(session: Session, run_id: str, problem_ids: Sequence[str] | None) -> list[ProblemTally]:
    verdicts = _verdicts(session, run_id, problem_ids)
    responses = _responses(run_id, problem_ids)
    columns = (*(verdicts.c[outcome] for outcome in Outcome), *(responses.c[name] for name in _RESPONSE_SUMS))
    rows = session.execute(
        select(
            RunProblemRow.problem_id,
            RunProblemRow.fail_rate,
            RunProblemRow.stop_reason,
            RunProblemRow.quota,
            *(func.coalesce(column, 0) for column in columns),
        )
        .outerjoin(verdicts, verdicts.c.problem_id == RunProblemRow.problem_id)
        .outerjoin(responses, responses.c.problem_id == RunProblemRow.problem_id)
        .where(RunProblemRow.run_id == run_id, _named(RunProblemRow.problem_id, problem_ids))
        .order_by(RunProblemRow.position)
    )
    return [
        ProblemTally(id_, Tally(*counts), next_number, prompt_tokens, seconds, fail_rate, stop_reason, quota)
        for id_, fail_rate, stop_reason, quota, *counts, next_number, prompt_tokens, seconds in rows
    ]


def _verdicts(session: Session, run_id: str, problem_ids: Sequence[str] | None) -> Subquery:
    """How many attempts have each outcome, for the problems that have attempts."""
    outcomes = (func.sum(case((VerdictRow.outcome == one, 1), else_=0)).label(one) for one in Outcome)
    return (
        select(VerdictRow.problem_id, *outcomes)
        .where(VerdictRow.run_id == run_id, _named(VerdictRow.problem_id, problem_ids))
        .where(current_verdicts(session, run_id))
        .group_by(VerdictRow.problem_id)
        .subquery()
    )


def _responses(run_id: str, problem_ids: Sequence[str] | None) -> Subquery:
    """`_RESPONSE_SUMS`, for the problems that have attempts. Apart from the verdicts, since to join row by
    row takes three times as long as to count both.
    """
    sums: tuple[ColumnElement[Any], ...] = (
        func.sum(AttemptRow.completion_tokens),
        func.max(AttemptRow.number) + 1,
        func.sum(AttemptRow.prompt_tokens),
        func.sum(AttemptRow.seconds),
    )
    named = (column.label(name) for name, column in zip(_RESPONSE_SUMS, sums, strict=True))
    return (
        select(AttemptRow.problem_id, *named)
        .where(AttemptRow.run_id == run_id, _named(AttemptRow.problem_id, problem_ids))
        .group_by(AttemptRow.problem_id)
        .subquery()
    )


def _named(column: InstrumentedAttribute[str], problem_ids: Sequence[str] | None) -> ColumnElement[bool]:
    return true() if problem_ids is None else column.in_(problem_ids)
