"""Values of the steps of responses: span of each step in the text, and how often it led to the answer.

A response is cut into steps once: what is stored of an attempt stays, whatever is added later.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from gristmill.db.exports.records import StepValue
from gristmill.db.inserts import insert_new
from gristmill.db.moments import write_timestamp
from gristmill.db.runs import lock_run
from gristmill.db.tables.core import AttemptRow, table
from gristmill.db.tables.exports import StepRow
from gristmill.sampling.errors import DataError


def add_steps(
    session: Session, run_id: str, problem_id: str, number: int, steps: Sequence[StepValue]
) -> None:
    """In order of the text. Changes nothing where the attempt has steps. Raises DataError where there is no
    such run or attempt, for spans that are not in the text or not in order, and for values beyond [0, 1].
    """
    lock_run(session, run_id)  # two writers would mix their ways of cutting one response
    moment = write_timestamp(session, run_id)
    _check(session, run_id, problem_id, number, steps)
    of_attempt = exists().where(
        StepRow.run_id == run_id, StepRow.problem_id == problem_id, StepRow.number == number
    )
    if session.scalar(select(of_attempt)):
        return
    rows = [
        {
            "run_id": run_id,
            "problem_id": problem_id,
            "number": number,
            "position": position,
            "span_start": step.start,
            "span_end": step.end,
            "value": step.value,
            "created_at": moment,
        }
        for position, step in enumerate(steps)
    ]
    insert_new(session, table(StepRow), rows)


def steps_of(
    session: Session, run_id: str, problem_ids: Sequence[str], as_of: datetime
) -> dict[str, dict[int, list[StepValue]]]:
    """By problem and number of the attempt, in order of the text; attempts that had no steps by then are not
    in it. What the problems have is in memory.
    """
    rows = session.execute(
        select(StepRow.problem_id, StepRow.number, StepRow.span_start, StepRow.span_end, StepRow.value)
        .where(StepRow.run_id == run_id, StepRow.problem_id.in_(problem_ids), StepRow.created_at <= as_of)
        .order_by(StepRow.problem_id, StepRow.number, StepRow.position)
    )
    found: dict[str, dict[int, list[StepValue]]] = {}
    for problem_id, number, start, end, value in rows:
        found.setdefault(problem_id, {}).setdefault(number, []).append(StepValue(start, end, value))
    return found


def _check(session: Session, run_id: str, problem_id: str, number: int, steps: Sequence[StepValue]) -> None:
    text = session.scalar(
        select(AttemptRow.text).where(
            AttemptRow.run_id == run_id, AttemptRow.problem_id == problem_id, AttemptRow.number == number
        )
    )
    if text is None:
        raise DataError(f"run {run_id!r} has no attempt {number} on problem {problem_id!r}")
    last = 0
    for position, step in enumerate(steps):
        if not (last <= step.start < step.end <= len(text)):
            raise DataError(
                f"step {position}: {step.start} to {step.end} is no span of the response after {last}, "
                f"which has {len(text)} characters"
            )
        if not 0.0 <= step.value <= 1.0:
            raise DataError(f"step {position}: the value {step.value} is not in 0 to 1")
        last = step.end
