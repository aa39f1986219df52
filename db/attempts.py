"""Recording attempts and failures, and reading the progress of a run that goes on.

`record` is the one way in: attempts with their first verdicts, failures and stops, in the caller's
transaction. What is there already stays, and its verdict with it: the database says who came first, by the
key (run, problem, number).
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from uuid import uuid4

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from gristmill.db.evidence import is_of_attempt
from gristmill.db.inserts import insert_new, put
from gristmill.db.moments import write_timestamp
from gristmill.db.problems import chunks
from gristmill.db.rows import (
    RESPONSE_COLUMNS,
    VERDICT_COLUMNS,
    attempt_row,
    draw_of,
    failure_row,
    response_of,
    verdict_of,
    verdict_row,
)
from gristmill.db.tables.core import AttemptRow, FailureRow, RunProblemRow, VerdictRow, table
from gristmill.db.tables.exports import QuotaRow
from gristmill.db.tables.workers import LeaseRow
from gristmill.db.tallies import ProblemTally, problem_tallies
from gristmill.sampling.records import UNREADABLE, Attempt, Failure, Progress, Stop, Verdict


@dataclass(frozen=True, slots=True)
class StoredAttempt:
    """`verdicts` are all it has had, oldest first; the attempt carries the last, which is the current one."""

    attempt: Attempt
    verdicts: tuple[Verdict, ...]


def record(
    session: Session,
    run_id: str,
    attempts: Sequence[Attempt],
    failures: Sequence[Failure],
    stops: Sequence[Stop],
    *,
    batch: str | None = None,
    worker_id: str | None = None,
) -> None:
    """Recording the same again changes nothing: attempts are known by key, failures by place in `batch`.

    `batch` is any string that no other call uses, but for a repetition of the same call; without it one is
    made up. Of a run that workers share, a stop counts only from the one that has leased the problem.
    """
    moment = write_timestamp(session, run_id)
    # In order of key: two writers with the same rows never wait for each other in a ring.
    ordered = sorted(attempts, key=attrgetter("draw.problem_id", "draw.number"))
    insert_new(session, table(AttemptRow), [attempt_row(run_id, attempt, moment) for attempt in ordered])
    insert_new(
        session,
        table(VerdictRow),
        [
            {"ordinal": 0}
            | verdict_row(run_id, attempt.draw.problem_id, attempt.draw.number, attempt.verdict, moment)
            for attempt in ordered
        ],
    )
    name = batch or uuid4().hex
    rows = [failure_row(run_id, failure, moment, name, place) for place, failure in enumerate(failures)]
    insert_new(session, table(FailureRow), rows, key=("batch", "position"))
    told = stops if worker_id is None else _leased_stops(session, run_id, worker_id, stops)
    _record_stops(session, run_id, told, moment)


def progress(session: Session, run_id: str, problem_ids: Sequence[str] | None = None) -> dict[str, Progress]:
    """For every problem of the run, in position order, or for those named."""
    tallies = problem_tallies(session, run_id, problem_ids)
    lost = _lost(session, run_id, problem_ids)
    broken = [
        row.problem_id for row in tallies if row.tally.attempts < row.next_number or row.problem_id in lost
    ]
    numbers = _numbers(session, run_id, broken)
    return {
        row.problem_id: _progress(row, numbers.get(row.problem_id), lost.get(row.problem_id, set()))
        for row in tallies
    }


def fail_rates(session: Session, run_id: str) -> dict[str, float]:
    """Rejected over decided attempts, for the problems that have any that were decided."""
    return {
        row.problem_id: row.tally.rejected / row.tally.decided
        for row in problem_tallies(session, run_id)
        if row.tally.decided
    }


def stored_attempts(session: Session, run_id: str, problem_id: str) -> list[StoredAttempt]:
    """In order of number."""
    rows = session.execute(
        select(*RESPONSE_COLUMNS, *VERDICT_COLUMNS)
        .join(VerdictRow, is_of_attempt())
        .where(AttemptRow.run_id == run_id, AttemptRow.problem_id == problem_id)
        .order_by(AttemptRow.number, VerdictRow.ordinal)
    )
    stored: dict[int, StoredAttempt] = {}
    for row in rows:
        earlier = stored[row.number].verdicts if row.number in stored else ()
        verdict = verdict_of(row)
        attempt = Attempt(draw_of(row), response_of(row), verdict)
        stored[row.number] = StoredAttempt(attempt, (*earlier, verdict))
    return list(stored.values())


def failures_of(session: Session, run_id: str, problem_id: str) -> list[Failure]:
    """Oldest first."""
    rows = session.execute(
        select(table(FailureRow))
        .where(FailureRow.run_id == run_id, FailureRow.problem_id == problem_id)
        .order_by(FailureRow.id)
    )
    return [Failure(draw_of(row), row.kind, row.detail, row.seconds) for row in rows]


def _leased_stops(session: Session, run_id: str, worker_id: str, stops: Sequence[Stop]) -> list[Stop]:
    """Those of problems that the worker has leased: one that others took for dead, and that wakes up later,
    has no say in what has become of its problems since. No lease can be taken away before the transaction
    ends.
    """
    mine: set[str] = set()
    for chunk in chunks([stop.problem_id for stop in stops]):
        query = select(LeaseRow.problem_id).where(
            LeaseRow.run_id == run_id, LeaseRow.problem_id.in_(chunk), LeaseRow.worker_id == worker_id
        )
        mine.update(session.scalars(query.order_by(LeaseRow.problem_id).with_for_update(read=True)))
    return [stop for stop in stops if stop.problem_id in mine]


def _record_stops(session: Session, run_id: str, stops: Sequence[Stop], moment: datetime) -> None:
    if not stops:
        return
    quotas = {stop.problem_id: stop.quota for stop in stops}
    rows = [
        {"run_id": run_id, "problem_id": problem_id, "created_at": moment, "quota": quotas[problem_id]}
        for problem_id in sorted(quotas)
    ]
    put(session, table(QuotaRow), rows, ("quota",))  # two moments may be the same, and the later one stands
    statement = (
        update(table(RunProblemRow))
        .where(RunProblemRow.run_id == bindparam("run"), RunProblemRow.problem_id == bindparam("problem"))
        .values(quota=bindparam("quota"), ceiling=bindparam("ceiling"), stop_reason=bindparam("reason"))
    )
    session.connection().execute(
        statement,
        [
            {
                "run": run_id,
                "problem": stop.problem_id,
                "quota": stop.quota,
                "ceiling": stop.ceiling,
                "reason": stop.reason,
            }
            for stop in sorted(stops, key=attrgetter("problem_id"))
        ],
    )


def _progress(row: ProblemTally, numbers: set[int] | None, lost: set[int]) -> Progress:
    """`numbers` are those of the attempts, None where none is missing. A draw that was lost to one worker and
    brought another one a response is not lost.
    """
    if numbers is None:
        return Progress(row.tally, (), row.next_number, row.fail_rate)
    lost = lost - numbers
    known = numbers | lost
    following = max(known) + 1
    gaps = tuple(number for number in range(following) if number not in known)
    return Progress(row.tally, gaps, following, row.fail_rate, len(lost))


def _lost(session: Session, run_id: str, problem_ids: Sequence[str] | None) -> defaultdict[str, set[int]]:
    """The numbers of the draws that were given up as unreadable, for the problems that have any."""
    lost: defaultdict[str, set[int]] = defaultdict(set)
    wanted = select(FailureRow.problem_id, FailureRow.number).where(
        FailureRow.run_id == run_id, FailureRow.kind == UNREADABLE
    )
    for chunk in [None] if problem_ids is None else chunks(problem_ids):
        query = wanted if chunk is None else wanted.where(FailureRow.problem_id.in_(chunk))
        for problem_id, number in session.execute(query):
            lost[problem_id].add(number)
    return lost


def _numbers(session: Session, run_id: str, problem_ids: Sequence[str]) -> dict[str, set[int]]:
    """The numbers that have attempts, for each of these problems."""
    present: dict[str, set[int]] = {problem_id: set() for problem_id in problem_ids}
    for chunk in chunks(problem_ids):
        rows = session.execute(
            select(AttemptRow.problem_id, AttemptRow.number).where(
                AttemptRow.run_id == run_id, AttemptRow.problem_id.in_(chunk)
            )
        )
        for problem_id, number in rows:
            present[problem_id].add(number)
    return present
