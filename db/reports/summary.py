"""Summary queries on current verdicts: by level, reason and stop, examples."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from gristmill.db.evidence import current_verdicts, evidence, is_current, is_of_attempt
from gristmill.db.problems import parents_in_run
from gristmill.db.rows import draw_of, problem_of, response_of, verdict_of
from gristmill.db.tables.core import AttemptRow, FailureRow, ProblemRow, RunProblemRow, VerdictRow
from gristmill.db.tables.instructions import CandidateRow
from gristmill.db.tallies import ProblemTally, problem_tallies
from gristmill.sampling.records import Attempt, Outcome, Problem, StopReason


@dataclass(frozen=True, slots=True)
class LevelRow:
    """One stratum. `seconds` is the sum over its responses, which overlap in time; `unsolved` counts problems
    without an accepted response, drawn for or not.
    """

    level: str
    problems: int
    quota_met: int
    attempts: int
    accepted: int
    rejected: int
    undecided: int
    prompt_tokens: int
    completion_tokens: int
    seconds: float
    unsolved: int


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """How many attempts have this as their current verdict."""

    outcome: Outcome
    reason: str
    attempts: int


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """Attempts of one reason, and the tokens of their prompts and responses."""

    outcome: Outcome
    reason: str
    attempts: int
    prompt_tokens: int
    completion_tokens: int


@dataclass(frozen=True, slots=True)
class Example:
    """An attempt with its problem; the verdict is the current one."""

    problem: Problem
    attempt: Attempt


def by_level(session: Session, run_id: str) -> list[LevelRow]:
    """Ordered by the level's name; a problem without a level is in "". The rows add up to the run."""
    rows = session.execute(
        select(ProblemRow.id, ProblemRow.level)
        .join(RunProblemRow, RunProblemRow.problem_id == ProblemRow.id)
        .where(RunProblemRow.run_id == run_id)
    )
    levels = {row.id: row.level for row in rows}
    grouped: defaultdict[str, list[ProblemTally]] = defaultdict(list)
    for row in problem_tallies(session, run_id):
        grouped[levels[row.problem_id]].append(row)
    return [_level_row(level, grouped[level]) for level in sorted(grouped)]


def by_reason(session: Session, run_id: str) -> list[ReasonRow]:
    """Attempts by current verdict, in the order of `count_reasons`."""
    return count_reasons(session, VerdictRow, VerdictRow.run_id == run_id, current_verdicts(session, run_id))


def count_reasons(
    session: Session, of: type[VerdictRow] | type[CandidateRow], *conditions: ColumnElement[bool]
) -> list[ReasonRow]:
    """Accepted first, then rejected, then undecided; the most frequent reason of each first."""
    counted = select(of.outcome, of.reason, func.count()).where(*conditions)
    rows = session.execute(counted.group_by(of.outcome, of.reason))
    order = list(Outcome)
    return sorted(
        (ReasonRow(*row) for row in rows),
        key=lambda row: (order.index(row.outcome), -row.attempts, row.reason),
    )


def reason_counts(session: Session, run_id: str) -> list[ReasonCount]:
    """In order of outcome and reason. Every verdict and the head of every attempt is read: about a second for
    a million of them.
    """
    rows = session.execute(
        select(
            VerdictRow.outcome,
            VerdictRow.reason,
            func.count(),
            func.sum(AttemptRow.prompt_tokens),
            func.sum(AttemptRow.completion_tokens),
        )
        .join(AttemptRow, is_of_attempt())
        .where(VerdictRow.run_id == run_id, AttemptRow.run_id == run_id, is_current())
        .group_by(VerdictRow.outcome, VerdictRow.reason)
    )
    return sorted((ReasonCount(*row) for row in rows), key=lambda row: (row.outcome, row.reason))


def by_stop(session: Session, run_id: str) -> dict[StopReason | None, int]:
    """Problems by why they stopped; None: they have not."""
    rows = session.execute(
        select(RunProblemRow.stop_reason, func.count())
        .where(RunProblemRow.run_id == run_id)
        .group_by(RunProblemRow.stop_reason)
    )
    return {reason: count for reason, count in rows}  # noqa: C416 - to mypy a row is no tuple


def failure_kinds(session: Session, run_id: str) -> dict[str, int]:
    """Failures by kind, the most frequent first."""
    rows = session.execute(
        select(FailureRow.kind, func.count()).where(FailureRow.run_id == run_id).group_by(FailureRow.kind)
    )
    kinds = [(kind, count) for kind, count in rows]
    return dict(sorted(kinds, key=lambda row: (-row[1], row[0])))


def examples(session: Session, run_id: str, outcome: Outcome, limit: int) -> list[Example]:
    """The first attempts with that outcome: number by number, and by position within it, so problems vary."""
    rows = session.execute(
        evidence(run_id)
        .where(VerdictRow.outcome == outcome)
        .order_by(AttemptRow.number, RunProblemRow.position)
        .limit(limit)
    )
    parents = parents_in_run(session, run_id)
    return [
        Example(problem_of(row, parents), Attempt(draw_of(row), response_of(row), verdict_of(row)))
        for row in rows
    ]


def _level_row(level: str, rows: list[ProblemTally]) -> LevelRow:
    return LevelRow(
        level=level,
        problems=len(rows),
        quota_met=sum(row.stop_reason is StopReason.QUOTA_MET for row in rows),
        attempts=sum(row.tally.attempts for row in rows),
        accepted=sum(row.tally.accepted for row in rows),
        rejected=sum(row.tally.rejected for row in rows),
        undecided=sum(row.tally.undecided for row in rows),
        prompt_tokens=sum(row.prompt_tokens for row in rows),
        completion_tokens=sum(row.tally.tokens for row in rows),
        seconds=sum(row.seconds for row in rows),
        unsolved=sum(not row.tally.accepted for row in rows),
    )
