"""Three problems in the order of a cut, what a cut is asked for, and which attempts it has."""

from dataclasses import replace

from gristmill.db.exports.records import ExportProblem, ExportQuery
from tests.db.histories import EVER
from tests.db.samples import RUN, a_problem

ONE, TWO, THREE = sorted((a_problem(1), a_problem(2), a_problem(3)), key=lambda problem: problem.id)


def query(*run_ids: str, **changes: object) -> ExportQuery:
    return replace(ExportQuery(run_ids or (RUN,), EVER), **changes)  # type: ignore[arg-type]


def keys(problem: ExportProblem) -> list[tuple[str, int]]:
    return [(attempt.run_id, attempt.number) for attempt in problem.attempts]
