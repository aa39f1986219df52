"""Stores written row by row with chosen timestamps, and what an export query finds in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, update

from gristmill.db.exports.query import export_problems
from gristmill.db.exports.records import ExportProblem, ExportQuery
from gristmill.db.inserts import insert_new
from gristmill.db.problems import add_problems
from gristmill.db.rows import attempt_row, verdict_row
from gristmill.db.runs import create_run
from gristmill.db.sessions import Session, reading, writing
from gristmill.db.tables.core import AttemptRow, RunProblemRow, VerdictRow, table
from gristmill.db.tables.exports import QuotaRow
from gristmill.sampling.records import Attempt, Outcome, Problem, Verdict
from tests.db.samples import RUN, a_problem, an_attempt

MOMENTS = tuple(datetime(2026, 1, 1, tzinfo=UTC) + timedelta(microseconds=place) for place in range(6))
"""As near to each other as the store can tell."""

LATEST = MOMENTS[-1]
EVER = datetime(9999, 1, 1, tzinfo=UTC)

_LEVELS, _SOURCES = ("easy", "hard", "\ud800 odd"), ("one", "two \x00")
POOL = tuple(
    replace(a_problem(name), level=_LEVELS[name % 3], source=_SOURCES[name % 2]) for name in range(10)
)


@dataclass(frozen=True, slots=True)
class Kept:
    """An attempt in a run with all its verdicts, oldest first; it was made with the first of them."""

    run_id: str
    attempt: Attempt
    history: tuple[tuple[datetime, Verdict], ...]


Quotas = Mapping[datetime, int | None]
"""Of a problem in a run, by the moment from which it had them; none where it is empty."""

Places = Mapping[str, Mapping[str, Quotas]]
"""By run and problem."""


def quota_at(quotas: Quotas, moment: datetime) -> int | None:
    by_then = [at for at in quotas if at <= moment]
    return quotas[max(by_then)] if by_then else None


def kept(
    problem: Problem,
    number: int,
    *outcomes: Outcome,
    run_id: str = RUN,
    at: Sequence[datetime] = MOMENTS,
    reason: str | None = None,
    **response: object,
) -> Kept:
    """One verdict for each outcome, one accepting where there is none."""
    attempt = an_attempt(problem, number)
    attempt = replace(attempt, response=replace(attempt.response, **response))  # type: ignore[arg-type]
    verdicts = [an_attempt(problem, number, outcome).verdict for outcome in outcomes or (Outcome.ACCEPTED,)]
    if reason is not None:
        verdicts = [replace(verdict, reason=reason) for verdict in verdicts]
    return Kept(run_id, attempt, tuple(zip(at, verdicts, strict=False)))


def write(engine: Engine, attempts: Sequence[Kept], problems: Sequence[Problem], places: Places) -> None:
    """Problems and runs that are there already stay."""
    by_id = {problem.id: problem for problem in problems}
    with writing(engine) as session:
        for run_id, of_run in places.items():
            create_run(session, run_id=run_id, recipe="uniform", config="{}", seed=7, code_version="0.1.0")
            add_problems(session, run_id, [by_id[id_] for id_ in of_run], {})
            for id_, quotas in of_run.items():
                _write_quotas(session, run_id, id_, quotas)
        rows = [attempt_row(one.run_id, one.attempt, one.history[0][0]) for one in attempts]
        insert_new(session, table(AttemptRow), rows)
        verdicts = [
            {"ordinal": ordinal}
            | verdict_row(one.run_id, one.attempt.draw.problem_id, one.attempt.draw.number, verdict, at)
            for one in attempts
            for ordinal, (at, verdict) in enumerate(one.history)
        ]
        insert_new(session, table(VerdictRow), verdicts)


def _write_quotas(session: Session, run_id: str, problem_id: str, quotas: Quotas) -> None:
    """Their history, and the last of them where the run has it."""
    of_problem = {"run_id": run_id, "problem_id": problem_id}
    rows = [of_problem | {"created_at": at, "quota": quota} for at, quota in quotas.items()]
    insert_new(session, table(QuotaRow), rows)
    session.execute(
        update(table(RunProblemRow))
        .where(RunProblemRow.run_id == run_id, RunProblemRow.problem_id == problem_id)
        .values(quota=quota_at(quotas, EVER))
    )


def write_run(engine: Engine, problems: Sequence[Problem], *attempts: Kept, run_id: str = RUN) -> None:
    """One run, without quotas; the attempts are put in it."""
    of_run = [replace(attempt, run_id=run_id) for attempt in attempts]
    write(engine, of_run, problems, {run_id: {problem.id: {} for problem in problems}})


def found(engine: Engine, query: ExportQuery) -> list[ExportProblem]:
    with reading(engine) as session:
        return list(export_problems(session, query))
