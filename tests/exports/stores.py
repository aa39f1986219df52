"""Stores to export from: a standard one with something for every format, what makes it grow, and single runs.

Everything in the standard store follows from the numbers of problem and attempt, so that it is the same on
every database; `fix_moments` makes the moments of its rows the same, too.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

from sqlalchemy import update

from gristmill.db.attempts import record
from gristmill.db.exports.records import StepValue
from gristmill.db.problems import add_problems
from gristmill.db.runs import create_run
from gristmill.db.sessions import Engine, writing
from gristmill.db.steps import add_steps
from gristmill.db.tables.core import AttemptRow, VerdictRow, table
from gristmill.db.tables.exports import QuotaRow, StepRow
from gristmill.db.verdicts import append_verdicts
from gristmill.exports.settings import ExportSettings
from gristmill.runs.settings.recipe import run_config
from gristmill.runs.settings.snapshot import snapshot_of
from gristmill.sampling.records import (
    Attempt,
    Draw,
    FinishReason,
    Outcome,
    Problem,
    Response,
    Stop,
    StopReason,
    Verdict,
    draw_seed,
    problem_id,
)

RUN_A, RUN_B, LATER_RUN = "run-a", "run-b", "run-c"
MODEL_A, MODEL_B = "model-a", "model-b"
ACCEPTED, REJECTED, UNDECIDED = Outcome.ACCEPTED, Outcome.REJECTED, Outcome.UNDECIDED
REASONS = {ACCEPTED: "equal", REJECTED: "wrong-answer", UNDECIDED: "unproved"}
OUTCOMES = (ACCEPTED, REJECTED, UNDECIDED, ACCEPTED, REJECTED, ACCEPTED)
QUOTA = 2
MOMENT = datetime(2026, 1, 2, 3, 4, 5, 6, UTC)
AFTER = datetime(2026, 1, 2, 3, 4, 6, tzinfo=UTC)


def a_problem(number: int) -> Problem:
    """Of five levels and two sources; every fourth has a parent."""
    prompt = f"Question {number}: you have {number} apples and get {number} more; how many are there?"
    reference = str(2 * number)
    parents = ("document-1",) if number % 4 == 0 else ()
    return Problem(
        problem_id(prompt, reference),
        prompt,
        reference,
        level=str(number % 5 + 1),
        source="algebra" if number % 2 else "geometry",
        parents=parents,
        origin={"file": "questions.jsonl", "line": str(number)},
    )


PROBLEMS = [a_problem(number) for number in range(40)]
LATER_PROBLEMS = [a_problem(number) for number in range(100, 106)]
OF_RUN = {RUN_A: PROBLEMS[:30], RUN_B: PROBLEMS[15:]}


def a_verdict(outcome: Outcome, **changes: object) -> Verdict:
    given: dict[str, object] = {"reason": REASONS[outcome], "verifier": "math", "version": "1"}
    return Verdict(outcome, **(given | changes))  # type: ignore[arg-type]


def an_attempt(
    problem: Problem,
    number: int,
    outcome: Outcome = ACCEPTED,
    text: str = "It is \\boxed{4}.",
    *,
    model: str = MODEL_A,
    tokens: int = 10,
    logprob: float | None = -1.25,
    verdict: Verdict | None = None,
) -> Attempt:
    """With the reason that is usual for the outcome, unless it has a verdict of its own."""
    return Attempt(
        Draw(problem.id, number, draw_seed(7, problem.id, number)),
        Response(text, FinishReason.STOP, 11, tokens, 0.5, model, logprob),
        verdict or a_verdict(outcome),
    )


@cache
def config() -> str:
    """The snapshot of a run of a recipe, as `runs.config` holds it."""
    return snapshot_of(run_config("dart-uniform", {"dataset": {"dataset": "demo"}}))


def add_run(
    engine: Engine,
    run_id: str,
    problems: Sequence[Problem],
    attempts: Iterable[Attempt],
    *,
    quotas: Mapping[str, int] | None = None,
    recipe: str = "dart-uniform",
) -> None:
    """Adds to it where it is there. `quotas` are by problem id; others have none."""
    stops = [Stop(id_, StopReason.QUOTA_MET, quota, 9) for id_, quota in (quotas or {}).items()]
    with writing(engine) as session:
        create_run(session, run_id=run_id, recipe=recipe, config=config(), seed=7, code_version="0.1.0")
        add_problems(session, run_id, problems, {})
        record(session, run_id, list(attempts), [], stops)


def attempts_of(run_id: str) -> list[Attempt]:
    """As many of each problem as `OUTCOMES`, no two of one problem with the same text, length or chance."""
    shift = 0 if run_id == RUN_A else 1
    made = []
    for at, problem in enumerate(OF_RUN[run_id]):
        for number in range(len(OUTCOMES)):
            outcome = OUTCOMES[(number + shift * at) % len(OUTCOMES)]
            model = MODEL_B if shift and number % 2 else MODEL_A
            text = f"By {run_id}, try {number}: first think. Then it is {problem.reference}."
            tokens, logprob = 10 + (7 * number + at) % 31, -1.0 - (5 * number + at) % 13
            made.append(
                an_attempt(problem, number, outcome, text, model=model, tokens=tokens, logprob=logprob)
            )
    return made


def fill(engine: Engine) -> Engine:
    """The standard store: two runs that share problems; run A has quotas and, on some, steps."""
    quotas = {problem.id: QUOTA for problem in OF_RUN[RUN_A]}
    add_run(engine, RUN_A, OF_RUN[RUN_A], attempts_of(RUN_A), quotas=quotas)
    add_run(engine, RUN_B, OF_RUN[RUN_B], attempts_of(RUN_B))
    with writing(engine) as session:
        for problem in OF_RUN[RUN_A][:8]:
            for number in range(3):
                add_steps(session, RUN_A, problem.id, number, [StepValue(0, 9, 0.75), StepValue(9, 30, 0.0)])
    return engine


def fix_moments(engine: Engine) -> None:
    """All attempts, verdicts, quotas and steps that are there came at `MOMENT`, before `AFTER`."""
    with writing(engine) as session:
        for row in (AttemptRow, VerdictRow, QuotaRow, StepRow):
            session.execute(update(table(row)).values(created_at=MOMENT))


def grow(engine: Engine, *, problems: bool = True) -> None:
    """More attempts in run A, other quotas, other verdicts on the old ones, more steps, another run; in run A
    more `problems`, too.
    """
    more = LATER_PROBLEMS if problems else []
    late = [
        an_attempt(problem, number, text=f"A later one, {number}.")
        for problem in (*OF_RUN[RUN_A], *more)
        for number in (20, 21, 22)
    ]
    add_run(engine, RUN_A, more, late, quotas={problem.id: QUOTA + 1 for problem in OF_RUN[RUN_A][:20]})
    add_run(engine, LATER_RUN, LATER_PROBLEMS, [an_attempt(problem, 0) for problem in LATER_PROBLEMS])
    turned = {ACCEPTED: REJECTED, REJECTED: UNDECIDED, UNDECIDED: ACCEPTED}
    items = [
        (a.draw.problem_id, a.draw.number, a_verdict(turned[a.verdict.outcome], version="2"))
        for a in attempts_of(RUN_A)
    ]
    with writing(engine) as session:
        append_verdicts(session, RUN_A, items)
        add_steps(session, RUN_A, PROBLEMS[9].id, 0, [StepValue(0, 4, 1.0)])


def settings(format_name: str = "sft", container: str = "jsonl", **sections: object) -> ExportSettings:
    """Of both runs, unless a section `filter` says otherwise."""
    given: dict[str, object] = {
        "output": {"format": format_name, "container": container},
        "filter": {"runs": [RUN_A, RUN_B]},
    }
    return ExportSettings.model_validate(given | sections)


def with_text(attempt: Attempt, text: str) -> Attempt:
    return replace(attempt, response=replace(attempt.response, text=text))
