"""Sample records (problems, attempts, verdicts, failures), and runs to store them in."""

from collections.abc import Callable, Iterable, Sequence
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Engine

from gristmill.db.attempts import record
from gristmill.db.problems import add_problems
from gristmill.db.runs import create_run
from gristmill.db.sessions import Session, reading, writing
from gristmill.sampling.records import (
    Attempt,
    Draw,
    Failure,
    FinishReason,
    Outcome,
    Problem,
    Response,
    Verdict,
    draw_seed,
    problem_id,
)

P = ParamSpec("P")
T = TypeVar("T")
RUN = "run-1"
REASONS = {Outcome.ACCEPTED: "equal", Outcome.REJECTED: "not-equal", Outcome.UNDECIDED: "time-out"}


def a_problem(name: int | str, level: str = "easy") -> Problem:
    prompt = f"What is {name} and 1?"
    return Problem(problem_id(prompt, str(name)), prompt, str(name), level=level, source="tests")


def a_verdict(outcome: Outcome = Outcome.ACCEPTED, version: str = "1", **changes: object) -> Verdict:
    given: dict[str, object] = {"detail": "", "answer": "4", "span": (3, 4), "seconds": 0.25}
    return Verdict(outcome, REASONS[outcome], "math", version, **(given | changes))  # type: ignore[arg-type]


def an_attempt(
    problem: Problem, number: int, outcome: Outcome = Outcome.ACCEPTED, text: str = "It is 4."
) -> Attempt:
    return Attempt(
        Draw(problem.id, number, draw_seed(7, problem.id, number)),
        Response(text, FinishReason.STOP, 11, 5, 0.5, "tiny-model", -1.25),
        a_verdict(outcome),
    )


def a_failure(problem: Problem, number: int, kind: str = "timeout") -> Failure:
    return Failure(
        Draw(problem.id, number, draw_seed(7, problem.id, number)), kind, "no answer in 60 s", 60.0
    )


def start_run(engine: Engine, problems: Sequence[Problem], run_id: str = RUN) -> None:
    with writing(engine) as session:
        create_run(session, run_id=run_id, recipe="uniform", config="{}", seed=7, code_version="0.1.0")
        add_problems(session, run_id, problems, {})


def store(engine: Engine, attempts: Iterable[Attempt], run_id: str = RUN) -> None:
    with writing(engine) as session:
        record(session, run_id, list(attempts), [], [])


def read(engine: Engine, query: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What a query of the store gives in a session of its own; no query that streams."""
    with reading(engine) as session:
        return query(session, *args, **kwargs)


def commit(
    engine: Engine, function: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """What a function that writes gives, in a transaction of its own."""
    with writing(engine) as session:
        return function(session, *args, **kwargs)
