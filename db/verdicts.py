"""Verdicts, append-only, so that stored attempts can be verified again and the two compared.

Verifying again reads in one session and appends in others. What is read is the store as it was when reading
began, so verdicts appended on the way do not come round again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Insert, bindparam, func, insert, select
from sqlalchemy.orm import Session

from gristmill.db.evidence import evidence, windows
from gristmill.db.moments import write_timestamp
from gristmill.db.problems import parents_in_run
from gristmill.db.rows import problem_of, response_of, verdict_of, verdict_row
from gristmill.db.runs import lock_run
from gristmill.db.sessions import stream
from gristmill.db.tables.core import AttemptRow, RunProblemRow, VerdictRow, table
from gristmill.sampling.records import Outcome, Problem, Response, Verdict

_OF_THE_MACHINE = frozenset({"time-out", "out-of-memory", "crash"})
"""Reasons for `undecided` that tell as much of a busy machine as of the response."""


@dataclass(frozen=True, slots=True)
class Verified:
    """A stored attempt as verifying it again needs it; `verdict` is the current one."""

    problem: Problem
    number: int
    response: Response
    verdict: Verdict


def attempts_to_verify(session: Session, run_id: str) -> Iterator[Verified]:
    """Every attempt by position and number; in constant memory, while the session is open."""
    parents = parents_in_run(session, run_id)
    for window in windows(session, run_id):
        query = evidence(run_id).where(window).order_by(RunProblemRow.position, AttemptRow.number)
        for row in stream(session, query):
            yield Verified(problem_of(row, parents), row.number, response_of(row), verdict_of(row))


def append_verdicts(session: Session, run_id: str, items: Sequence[tuple[str, int, Verdict]]) -> None:
    """Each (problem id, number, verdict) becomes that attempt's current verdict; the earlier ones stay."""
    if not items:
        return
    lock_run(session, run_id)
    moment = write_timestamp(session, run_id)
    rows = [verdict_row(run_id, problem_id, number, verdict, moment) for problem_id, number, verdict in items]
    session.connection().execute(_append(list(rows[0])), rows)


def differs(old: Verdict, new: Verdict) -> bool:
    """Whether the new verdict says something that the old one did not, and hence is worth appending.

    A verifier that ran out of time or memory, or died, says nothing against a verdict that was decided.
    """
    unlucky = new.outcome is Outcome.UNDECIDED and new.reason in _OF_THE_MACHINE
    if unlucky and old.outcome is not Outcome.UNDECIDED:
        return False
    return (old.outcome, old.reason, old.verifier, old.version) != (
        new.outcome,
        new.reason,
        new.verifier,
        new.version,
    )


def _append(names: Sequence[str]) -> Insert:
    """An insert of the named columns, and of the ordinal after the attempt's highest."""
    verdicts = table(VerdictRow)
    values = {name: bindparam(name, type_=verdicts.c[name].type) for name in names}
    following = select(func.coalesce(func.max(VerdictRow.ordinal) + 1, 0), *values.values()).where(
        VerdictRow.run_id == values["run_id"],
        VerdictRow.problem_id == values["problem_id"],
        VerdictRow.number == values["number"],
    )
    return insert(verdicts).from_select(["ordinal", *names], following)
