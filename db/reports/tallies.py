"""Tallies of the problems of a run by current verdicts, for resuming and for summaries.

Everything is counted in SQL, in one pass over the run; a row per problem comes back, in position order, also
for problems that have no attempt yet.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Subquery, case, func, select, true
from sqlalchemy.orm import Session

from gristmill.db.evidence import is_current, is_of_attempt
from gristmill.db.problems import chunks
from gristmill.db.tables.core import AttemptRow, RunProblemRow, VerdictRow
from gristmill.sampling.records import Outcome, StopReason, Tally

_SUMS = ("accepted", "rejected", "undecided", "tokens", "next_number", "prompt_tokens", "seconds")


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
    counted = _counted(run_id, problem_ids)
    named = true() if problem_ids is None else RunProblemRow.problem_id.in_(problem_ids)
    rows = session.execute(
        select(
            RunProblemRow.problem_id,
            RunProblemRow.fail_rate,
            RunProblemRow.stop_reason,
            RunProblemRow.quota,
            *(func.coalesce(counted.c[name], 0) for name in _SUMS),
        )
        .outerjoin(counted, counted.c.problem_id == RunProblemRow.problem_id)
        .where(RunProblemRow.run_id == run_id, named)
        .order_by(RunProblemRow.position)
    )
    return [
        ProblemTally(
            problem_id=problem_id,
            tally=Tally(accepted, rejected, undecided, tokens),
            next_number=next_number,
            prompt_tokens=prompt_tokens,
            seconds=seconds,
            fail_rate=fail_rate,
            stop_reason=stop_reason,
            quota=quota,
        )
        for (
            problem_id,
            fail_rate,
            stop_reason,
            quota,
            accepted,
            rejected,
            undecided,
            tokens,
            next_number,
            prompt_tokens,
            seconds,
        ) in rows
    ]


def _counted(run_id: str, problem_ids: Sequence[str] | None) -> Subquery:
    """The sums of `_SUMS`, for the problems that have attempts."""
    sums = (
        *(func.sum(case((VerdictRow.outcome == outcome, 1), else_=0)) for outcome in Outcome),
        func.sum(AttemptRow.completion_tokens),
        func.max(AttemptRow.number) + 1,
        func.sum(AttemptRow.prompt_tokens),
        func.sum(AttemptRow.seconds),
    )
    named = true() if problem_ids is None else AttemptRow.problem_id.in_(problem_ids)
    return (
        select(AttemptRow.problem_id, *(column.label(name) for name, column in zip(_SUMS, sums, strict=True)))
        .join(VerdictRow, is_of_attempt())
        .where(AttemptRow.run_id == run_id, named, is_current())
        .group_by(AttemptRow.problem_id)
        .subquery()
    )
