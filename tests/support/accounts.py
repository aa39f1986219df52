"""What the store holds of a run set against what the stub was asked and what its script says."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select, text

from gristmill.db.engine import open_engine
from gristmill.db.sessions import reading
from gristmill.db.tables.core import AttemptRow, FailureRow, RunProblemRow, RunRow, VerdictRow
from gristmill.generators.scripted.script import Script, scripted_response
from gristmill.sampling.records import Draw, FinishReason, Outcome, Problem, StopReason, Tally, draw_seed
from tests.conftest import END_OTHERS
from tests.stub.stats import Asked

Pair = tuple[str, int]
"""A problem's id and a draw's seed: what a request can be told by."""


@dataclass(frozen=True, slots=True)
class Row:
    """An attempt as stored, whole, with its only verdict."""

    number: int
    text: str
    model: str
    tokens: int
    created_at: object
    outcome: Outcome
    reason: str


@dataclass(frozen=True, slots=True)
class Account:
    """Everything a run has in the store. `attempts` and `verdicts` count rows."""

    state: str
    rows: dict[Pair, Row]
    attempts: int
    verdicts: int
    failures: Counter[Pair]
    stops: dict[str, StopReason | None]

    def numbers(self, problem: Problem) -> list[int]:
        return sorted(row.number for (id_, _), row in self.rows.items() if id_ == problem.id)

    def tally(self, problem: Problem) -> Tally:
        outcomes = Counter(row.outcome for (id_, _), row in self.rows.items() if id_ == problem.id)
        return Tally(outcomes[Outcome.ACCEPTED], outcomes[Outcome.REJECTED], outcomes[Outcome.UNDECIDED])


NOTHING = Account("", {}, 0, 0, Counter(), {})


def account(store_url: str, run_id: str) -> Account:
    """Opens the store anew, as whoever comes after a crash does."""
    engine = open_engine(store_url)
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "postgresql":  # the killed child's own may still be at work
                connection.execute(text(END_OTHERS))
        with reading(engine) as session:
            columns = (AttemptRow, VerdictRow.outcome, VerdictRow.reason)
            of_attempt = (
                (VerdictRow.run_id == AttemptRow.run_id)
                & (VerdictRow.problem_id == AttemptRow.problem_id)
                & (VerdictRow.number == AttemptRow.number)
            )
            stored = session.execute(
                select(*columns).outerjoin(VerdictRow, of_attempt).where(AttemptRow.run_id == run_id)
            ).all()
            failed = select(FailureRow.problem_id, FailureRow.seed).where(FailureRow.run_id == run_id)
            stops = select(RunProblemRow.problem_id, RunProblemRow.stop_reason)
            return Account(
                state=str(session.scalar(select(RunRow.state).where(RunRow.id == run_id)) or ""),
                rows={
                    (row.problem_id, row.seed): _row(row, outcome, reason) for row, outcome, reason in stored
                },
                attempts=len({(row.problem_id, row.number) for row, _, _ in stored}),
                verdicts=len(
                    session.execute(select(VerdictRow.number).where(VerdictRow.run_id == run_id)).all()
                ),
                failures=Counter((problem, seed) for problem, seed in session.execute(failed)),
                stops={row.problem_id: row.stop_reason for row in session.execute(stops)},
            )
    finally:
        engine.dispose()


def _row(row: AttemptRow, outcome: Outcome, reason: str) -> Row:
    return Row(row.number, row.text, row.model, row.completion_tokens, row.created_at, outcome, reason)


def unaccounted(requests: Iterable[Asked], before: Account, after: Account) -> Counter[Pair]:
    """The requests of one session of which it stored neither an attempt nor a failure."""
    left = Counter((request.problem, request.seed) for request in requests)
    left.subtract(after.rows.keys() - before.rows.keys())
    left.subtract(after.failures - before.failures)
    assert min(left.values(), default=0) >= 0, "something was stored that nobody asked for"
    return +left


def assert_by_the_rule(result: Account, problems: list[Problem], script: Script, run_seed: int) -> None:
    """Every attempt, each for itself, is what the script answers to its draw, and judged as that is meant."""
    by_id = {problem.id: problem for problem in problems}
    for (problem_id, seed), row in result.rows.items():
        assert seed == draw_seed(run_seed, problem_id, row.number)
        text, outcome, reason, tokens = _expected(script, by_id[problem_id], seed)
        assert (row.text, row.tokens, row.outcome, row.reason) == (text, tokens, outcome, reason)
    assert result.attempts == result.verdicts == len(result.rows)


def _expected(script: Script, problem: Problem, seed: int) -> tuple[str, Outcome, str, int]:
    response = scripted_response(script, problem.id, problem.reference, Draw(problem.id, 0, seed), "")
    tokens = response.completion_tokens
    if response.finish_reason is FinishReason.LENGTH:
        return response.text, Outcome.REJECTED, "cut-off", tokens
    if f"\\boxed{{{problem.reference}}}" in response.text:
        return response.text, Outcome.ACCEPTED, "equal", tokens
    return response.text, Outcome.REJECTED, "wrong-answer", tokens


def fewest_draws(problems: list[Problem], script: Script, run_seed: int, quota: int, ceiling: int) -> int:
    """How many draws a run needs that is never cut short: each problem's, in order, until it is done."""
    return sum(_draws_of(problem, script, run_seed, quota, ceiling) for problem in problems)


def _draws_of(problem: Problem, script: Script, run_seed: int, quota: int, ceiling: int) -> int:
    accepted = 0
    for number in range(ceiling):
        outcome = _expected(script, problem, draw_seed(run_seed, problem.id, number))[1]
        accepted += outcome is Outcome.ACCEPTED
        if accepted == quota:
            return number + 1
    return ceiling
