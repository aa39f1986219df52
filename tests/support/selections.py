"""Runs whose responses have the values that a test gives, and what is stored, chosen and exported of them."""

from contextlib import closing
from datetime import UTC, datetime

from sqlalchemy import Engine

from gristmill.db.exports.query import export_problems
from gristmill.db.exports.records import ExportQuery
from gristmill.db.sessions import reading
from gristmill.exports.select import select_attempts
from gristmill.exports.settings import ExportSettings
from tests.db.samples import RUN, a_problem, an_attempt, start_run, store


def start(engine: Engine, values: list[list[float]]) -> None:
    """A run whose accepted responses have these values, problem by problem."""
    problems = [a_problem(n) for n in range(len(values))]
    start_run(engine, problems)
    store(
        engine,
        [
            an_attempt(problem, number, text=repr(value))
            for problem, of_problem in zip(problems, values, strict=True)
            for number, value in enumerate(of_problem)
        ],
    )


def stored(engine: Engine) -> list[tuple[object, ...]]:
    with reading(engine) as session, closing(session.connection().exec_driver_sql(METRIC_ROWS)) as rows:
        return [tuple(row) for row in rows]


METRIC_ROWS = "SELECT problem_id, number, name, value, rank FROM metrics ORDER BY 1, 2, 3"
FIRST_BY_RANK = """
    SELECT a.text FROM metrics m JOIN attempts a USING (run_id, problem_id, number)
    JOIN run_problems p USING (run_id, problem_id) WHERE m.rank = 1 ORDER BY p.position
"""


def selected(engine: Engine) -> list[float]:
    """By rank, in order of the problems in the run."""
    with reading(engine) as session, closing(session.connection().exec_driver_sql(FIRST_BY_RANK)) as rows:
        return [float(text) for (text,) in rows]


def exported(engine: Engine, select: str) -> list[float]:
    """What an export keeps by the metric, in order of the problems in the run."""
    settings = ExportSettings.model_validate(
        {"keep": {"keep": select, "keep_metric": "number"}, "filter": {"with_surplus": True}}
    )
    with reading(engine) as session:
        problems = list(export_problems(session, ExportQuery([RUN], datetime.now(UTC), metrics=["number"])))
    places = {a_problem(n).id: n for n in range(len(problems))}
    problems.sort(key=lambda problem: places[problem.problem.id])
    return [float(one.text) for problem in problems for one in select_attempts(problem, settings).attempts]
