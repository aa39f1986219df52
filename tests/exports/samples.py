"""Problems, and attempts to export, and text that no format or container may choke on."""

from collections.abc import Mapping

from hypothesis import strategies as st

from gristmill.db.exports.records import (
    AttemptDetail,
    AttemptKey,
    ExportAttempt,
    ExportProblem,
    StepValue,
    StoredVerdict,
)
from gristmill.exports.rows import Context
from gristmill.exports.settings import ExportSettings
from gristmill.sampling.records import Outcome, Problem, Tally, Verdict, problem_id

HOSTILE_TEXTS = (
    "",
    " ",
    "\x00",
    "a\x00b",
    "\ud800",
    "\udfff tail",
    "\ud83d\ude00",
    "\U00100e5cd800",
    "\u202eright to left",
    "line\r\nline\u2028line\x85line",
    '{"messages": [{"role": "user"}]}',
    "</s><|im_end|>",
    "\ufeffmark",
    "x" * 100_000,
)
"""What a model may emit, and what the escaping of it must not mistake for its own."""

HOSTILE = st.sampled_from(HOSTILE_TEXTS) | st.text(
    st.characters() | st.sampled_from("\x00\ud800\udfff\U00100e5c0123"), max_size=30
)

_REASONS = {Outcome.ACCEPTED: "equal", Outcome.REJECTED: "wrong-answer", Outcome.UNDECIDED: "unproved"}


def a_problem(
    prompt: str = "What is 2 + 2?", reference: str = "4", *, level: str = "", source: str = "sample"
) -> Problem:
    return Problem(problem_id(prompt, reference), prompt, reference, level, source)


def an_attempt(
    number: int = 0,
    text: str = "The answer is \\boxed{4}.",
    outcome: Outcome = Outcome.ACCEPTED,
    *,
    run_id: str = "run",
    model: str = "model",
    ordinal: int = 0,
    tokens: int = 10,
    logprob: float | None = None,
) -> ExportAttempt:
    """With the reason that is usual for the outcome."""
    reason = _REASONS[outcome]
    return ExportAttempt(run_id, number, ordinal, model, outcome, reason, "math", tokens, logprob, text)


def a_rejected(
    number: int = 1, text: str = "The answer is \\boxed{5}.", run_id: str = "run"
) -> ExportAttempt:
    return an_attempt(number, text, Outcome.REJECTED, run_id=run_id)


def an_undecided(number: int = 2, text: str = "Perhaps \\boxed{x}.", run_id: str = "run") -> ExportAttempt:
    return an_attempt(number, text, Outcome.UNDECIDED, run_id=run_id)


def a_detail(attempt: ExportAttempt) -> AttemptDetail:
    """With one verdict, that of the attempt."""
    verdict = Verdict(attempt.outcome, attempt.reason, attempt.verifier, "1", answer="4", span=(3, 4))
    moment = "2026-01-02T03:04:05.000006+00:00"
    stored = StoredVerdict(attempt.ordinal, moment, verdict)
    return AttemptDetail(7, "stop", 11, 0.5, moment, (stored,), {"words": 4.0})


def problem_with(
    problem: Problem | None = None,
    *attempts: ExportAttempt,
    metrics: Mapping[str, Mapping[AttemptKey, float]] | None = None,
    details: Mapping[AttemptKey, AttemptDetail] | None = None,
    steps: Mapping[AttemptKey, list[StepValue]] | None = None,
    verifier: str = "math",
) -> ExportProblem:
    """Its tally counts these attempts, its runs have no quotas, and unless they are given each attempt has
    the details of `a_detail`.
    """
    if details is None:
        details = {(attempt.run_id, attempt.number): a_detail(attempt) for attempt in attempts}
    outcomes = [attempt.outcome for attempt in attempts]
    tally = Tally(
        accepted=outcomes.count(Outcome.ACCEPTED),
        rejected=outcomes.count(Outcome.REJECTED),
        undecided=outcomes.count(Outcome.UNDECIDED),
        tokens=sum(attempt.completion_tokens for attempt in attempts),
    )
    return ExportProblem(
        problem or a_problem(),
        {attempt.run_id: None for attempt in attempts},
        attempts,
        tally,
        metrics or {},
        details,
        steps or {},
        verifier,
    )


def a_context(settings: ExportSettings | None = None) -> Context:
    return Context(settings or ExportSettings())
