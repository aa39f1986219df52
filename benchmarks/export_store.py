"""A store with a run of many attempts, for the benchmarks of exports: half of them accepted, a hundred words
each, written past the ledger for speed.
"""

import random
from collections.abc import Iterator

from sqlalchemy import Engine, insert

from gristmill.db.clock import now
from gristmill.db.problems import add_problems
from gristmill.db.rows import attempt_row, verdict_row
from gristmill.db.runs import create_run
from gristmill.db.schema import prepare_schema
from gristmill.db.sessions import writing
from gristmill.db.tables.core import AttemptRow, VerdictRow, table
from gristmill.runs.settings.recipe import run_config
from gristmill.runs.settings.snapshot import snapshot_of
from gristmill.sampling.records import (
    Attempt,
    Draw,
    FinishReason,
    Outcome,
    Problem,
    Response,
    Verdict,
    problem_id,
)

RUN = "benchmark"
PER_PROBLEM = 40
_WORDS = 100
_GROUP = 20_000
_LEVELS = 5


def fill_store(engine: Engine, attempts: int) -> None:
    """The schema, a run of `attempts / PER_PROBLEM` problems, and the attempts on them."""
    prepare_schema(engine)
    problems = [_problem(number) for number in range(attempts // PER_PROBLEM)]
    config = snapshot_of(run_config("dart-uniform", {"dataset": {"dataset": "demo"}}))
    with writing(engine) as session:
        create_run(session, run_id=RUN, recipe="dart-uniform", config=config, seed=1, code_version="0")
        add_problems(session, RUN, problems, {})
    group: list[Attempt] = []
    for attempt in _attempts(problems):
        group.append(attempt)
        if len(group) == _GROUP:
            _write(engine, group)
            group = []
    _write(engine, group)


def _problem(number: int) -> Problem:
    prompt = (
        f"Of {number} apples, {number % 7} are eaten and the others are shared by three. How many has each?"
    )
    return Problem(
        problem_id(prompt, "7"), prompt, "7", level=f"Level {number % _LEVELS}", source="benchmark"
    )


def _attempts(problems: list[Problem]) -> Iterator[Attempt]:
    lot, words = random.Random(1), [f"word{number}" for number in range(500)]
    for problem in problems:
        for number in range(PER_PROBLEM):
            outcome, reason = (
                (Outcome.ACCEPTED, "equal") if number % 2 else (Outcome.REJECTED, "wrong-answer")
            )
            text = " ".join(lot.choices(words, k=_WORDS))
            yield Attempt(
                Draw(problem.id, number, number),
                Response(text, FinishReason.STOP, 60, _WORDS + number, 1.0, "model", -90.0 - number),
                Verdict(outcome, reason, "math", "1", answer="7", span=(0, 4), seconds=0.01),
            )


def _write(engine: Engine, group: list[Attempt]) -> None:
    if not group:
        return
    moment = now()
    with writing(engine) as session:
        connection = session.connection()
        connection.execute(
            insert(table(AttemptRow)), [attempt_row(RUN, attempt, moment) for attempt in group]
        )
        verdicts = [
            {"ordinal": 0} | verdict_row(RUN, one.draw.problem_id, one.draw.number, one.verdict, moment)
            for one in group
        ]
        connection.execute(insert(table(VerdictRow)), verdicts)
