"""Facts on the runs of an export for its manifest: attempts by verdict as of a moment, models, quotas."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gristmill.db.evidence import is_current_at, was_judged_again
from gristmill.db.sessions import stream
from gristmill.db.tables.core import AttemptRow, ProblemRow, RunProblemRow, VerdictRow
from gristmill.db.tables.exports import QuotaRow

_STREAM_ROWS = 5_000


@dataclass(frozen=True, slots=True)
class RunFacts:
    """`attempts` by `outcome: reason`, in order of name; undecided ones count too.

    `quotas_sha256` is over the lines `problem id, quota` in order of id, of the problems that had one.
    """

    problems: int
    attempts: dict[str, int]
    verifiers: list[str]
    quotas_sha256: str


def run_facts(session: Session, run_id: str, as_of: datetime) -> RunFacts:
    """Reads through the run's verdicts once."""
    rows = session.execute(
        select(VerdictRow.outcome, VerdictRow.reason, VerdictRow.verifier, VerdictRow.version, func.count())
        .where(VerdictRow.run_id == run_id)
        .where(is_current_at(as_of, judged_again=was_judged_again(session, run_id)))
        .group_by(VerdictRow.outcome, VerdictRow.reason, VerdictRow.verifier, VerdictRow.version)
    ).all()
    attempts: dict[str, int] = {}
    for outcome, reason, _, _, count in rows:
        key = f"{outcome.value}: {reason}"
        attempts[key] = attempts.get(key, 0) + count
    problems, quotas_sha256 = _quotas(session, run_id, as_of)
    return RunFacts(
        problems,
        dict(sorted(attempts.items())),
        sorted({f"{row.verifier} {row.version}" for row in rows}),
        quotas_sha256,
    )


def models_of(session: Session, run_id: str, as_of: datetime) -> list[str]:
    """In order of name. Every attempt is looked at, which takes longer than anything else here."""
    query = select(AttemptRow.model).where(AttemptRow.run_id == run_id, AttemptRow.created_at <= as_of)
    return sorted(session.scalars(query.distinct()))


def known_values(session: Session, run_ids: Sequence[str], what: str) -> set[str]:
    """Every `source` or `level` of the runs' problems, every `model` or `reason` of the attempts on them."""
    of_problems = {"source": ProblemRow.source, "level": ProblemRow.level}
    if what in of_problems:
        query = (
            select(of_problems[what])
            .join(RunProblemRow, RunProblemRow.problem_id == ProblemRow.id)
            .where(RunProblemRow.run_id.in_(run_ids))
        )
    elif what == "reason":
        query = select(VerdictRow.reason).where(VerdictRow.run_id.in_(run_ids))
    else:
        query = select(AttemptRow.model).where(AttemptRow.run_id.in_(run_ids))
    return set(session.scalars(query.distinct()))


def problem_count(session: Session, run_ids: Sequence[str]) -> int:
    """A problem that several of the runs have counts once."""
    of_runs = select(RunProblemRow.problem_id).where(RunProblemRow.run_id.in_(run_ids)).distinct()
    return session.execute(select(func.count()).select_from(of_runs.subquery())).scalar_one()


def _quotas(session: Session, run_id: str, as_of: datetime) -> tuple[int, str]:
    """The number of problems, and the checksum of the quotas that they had."""
    checksum = hashlib.sha256()
    rows = stream(
        session,
        select(QuotaRow.problem_id, QuotaRow.quota)
        .where(QuotaRow.run_id == run_id, QuotaRow.created_at <= as_of)
        .order_by(QuotaRow.problem_id, QuotaRow.created_at),
        _STREAM_ROWS,
    )
    for problem_id, of_problem in groupby(rows, key=itemgetter(0)):
        *_, (_, quota) = of_problem
        if quota is not None:
            checksum.update(f"{problem_id} {quota}\n".encode())
    problems = select(func.count()).select_from(RunProblemRow).where(RunProblemRow.run_id == run_id)
    return session.execute(problems).scalar_one(), checksum.hexdigest()
