"""The numbers and examples of one run in an HTML report, read from the store in one transaction.

Few rows come back however large the run (`db/reports/report.py`), and of long texts only what is shown: the
responses of the examples are cut as they are read, one at a time.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from gristmill.db.reports.records import (
    DifficultyPoint,
    ExportUse,
    GrowthPoint,
    Lengths,
    PassRates,
    UnsolvedRow,
)
from gristmill.db.reports.report import (
    by_difficulty,
    exports_of,
    first_attempt,
    first_unsolved,
    growth,
    lengths,
    pass_rates,
    telling_problems,
    within_quota,
)
from gristmill.db.reports.summary import Example
from gristmill.db.sessions import Engine, Session, reading
from gristmill.reports.instructions import InstructionReport, read_instructions
from gristmill.reports.summary import RunSummary, summary_in
from gristmill.reports.visible_text import Piece, pieces, short
from gristmill.runs.run_ids import instruction_run_id
from gristmill.runs.settings.snapshot import Snapshot, snapshot_from
from gristmill.sampling.records import Outcome

POINTS = 200
BINS = 40
MOST_EXAMPLES = 6
MOST_UNSOLVED = 50
_ALL_EXAMPLES, _ALL_UNSOLVED = 12, 100
"""In a report of several runs, of all of them together: what keeps its size within bounds."""

MOST_EXPORTS = 6
_LONGEST_RESPONSE = 3_000
_LONGEST_PROMPT = 1_500
_LONGEST_LINE = 300


@dataclass(frozen=True, slots=True)
class Side:
    """An attempt of an example. `text` has the span that the verdict comes from told apart."""

    number: int
    model: str
    tokens: int
    reason: str
    verifier: str
    answer: str | None
    detail: str
    text: list[Piece]


@dataclass(frozen=True, slots=True)
class ExamplePair:
    """Responses to one problem, the first of each kind, None where it has none."""

    problem_id: str
    level: str
    prompt: str
    reference: str
    accepted: Side | None
    rejected: Side | None


@dataclass(frozen=True, slots=True)
class RunFacts:
    """`unsolved` are the first of `summary.total.unsolved`. `instructions` None: the run made none."""

    summary: RunSummary
    snapshot: Snapshot
    within_quota: int
    exports: list[ExportUse]
    pass_rates: PassRates
    difficulty: list[DifficultyPoint]
    growth: list[GrowthPoint]
    lengths: Lengths
    examples: list[ExamplePair]
    unsolved: list[UnsolvedRow]
    instructions: InstructionReport | None


def read_facts(engine: Engine, run_id: str, runs: int = 1) -> RunFacts:
    """One of so many `runs` in a report. Raises ConfigError where there is no such run, StoreError where its
    configuration cannot be read.

    The candidates of a run that made instructions are read after the rest.
    """
    with reading(engine) as session:
        summary = summary_in(session, run_id)
        facts = RunFacts(
            summary=summary,
            snapshot=snapshot_from(summary.run.config),
            within_quota=within_quota(session, run_id),
            exports=exports_of(session, run_id, MOST_EXPORTS),
            pass_rates=pass_rates(session, run_id),
            difficulty=by_difficulty(session, run_id, POINTS),
            growth=growth(session, run_id, POINTS),
            lengths=lengths(session, run_id, BINS),
            examples=list(_examples(session, run_id, min(MOST_EXAMPLES, _ALL_EXAMPLES // runs))),
            unsolved=first_unsolved(
                session, run_id, min(MOST_UNSOLVED, _ALL_UNSOLVED // runs), _LONGEST_LINE
            ),
            instructions=None,
        )
    made_for = run_id.removesuffix(instruction_run_id(""))
    return replace(facts, instructions=read_instructions(engine, made_for, whole=False))


def _examples(session: Session, run_id: str, limit: int) -> Iterator[ExamplePair]:
    for problem_id in telling_problems(session, run_id, limit):
        sides, problem = [], None
        for outcome in (Outcome.ACCEPTED, Outcome.REJECTED):
            found = first_attempt(session, run_id, problem_id, outcome)
            sides.append(None if found is None else _side(found))
            problem = problem if found is None else found.problem
        if problem is not None:
            prompt, reference = (
                short(problem.prompt, _LONGEST_PROMPT),
                short(problem.reference, _LONGEST_LINE),
            )
            yield ExamplePair(problem_id, problem.level, prompt, reference, *sides)


def _side(example: Example) -> Side:
    response, verdict = example.attempt.response, example.attempt.verdict
    return Side(
        number=example.attempt.draw.number,
        model=response.model,
        tokens=response.completion_tokens,
        reason=verdict.reason,
        verifier=f"{verdict.verifier} {verdict.version}",
        answer=None if verdict.answer is None else short(verdict.answer, _LONGEST_LINE),
        detail=short(verdict.detail, _LONGEST_LINE),
        text=pieces(response.text, verdict.span, _LONGEST_RESPONSE),
    )
