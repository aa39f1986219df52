"""Briefs and the candidates in their responses, written to a store as a run that makes problems does."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Engine

from gristmill.db.attempts import record
from gristmill.db.candidates import record_candidates
from gristmill.db.sessions import writing
from gristmill.sampling.records import (
    Attempt,
    Candidate,
    Failure,
    Outcome,
    Problem,
    Stop,
    Verdict,
    problem_id,
)
from tests.db.samples import RUN, a_problem, an_attempt

REASONS = {Outcome.ACCEPTED: "new", Outcome.REJECTED: "too-short", Outcome.UNDECIDED: "beyond-target"}


class Book:
    """The briefs that a test writes, at the positions that it says."""

    def __init__(self, places: dict[int, Problem], signature_version: str = "v1") -> None:
        self.signature_version = signature_version
        self._places = {brief.id: (position, brief) for position, brief in places.items()}

    def placed(self, brief_id: str) -> tuple[int, Problem]:
        return self._places[brief_id]

    def signature(self, text: str) -> bytes:
        return f"{self.signature_version}:{text}".encode("utf-8", "surrogatepass")


def a_brief(name: str, *parents: str) -> Problem:
    return replace(a_problem(f"brief {name}"), parents=parents, origin={"subject": name})


def a_candidate(
    proposed: str,
    outcome: Outcome = Outcome.ACCEPTED,
    *,
    parents: tuple[str, ...] = ("seed",),
    reason: str = "",
    detail: str = "",
    reference: str = "",
) -> Candidate:
    problem = Problem(
        problem_id(proposed, reference), proposed, reference, "easy", "refine", parents, {"brief": "x"}
    )
    verdict = Verdict(outcome, reason or REASONS[outcome], "gates", "1", detail)
    return Candidate(proposed, problem, verdict)


def proposing(brief: Problem, number: int, *candidates: Candidate) -> Attempt:
    accepted = any(candidate.verdict.outcome is Outcome.ACCEPTED for candidate in candidates)
    attempt = an_attempt(brief, number, Outcome.ACCEPTED if accepted else Outcome.REJECTED)
    return replace(attempt, verdict=replace(attempt.verdict, candidates=candidates))


def write(
    engine: Engine,
    book: Book,
    attempts: Sequence[Attempt],
    failures: Sequence[Failure] = (),
    *,
    run_id: str = RUN,
    stops: Sequence[Stop] = (),
    batch: str | None = None,
) -> None:
    with writing(engine) as session:
        record_candidates(session, run_id, attempts, failures, book)
        record(session, run_id, attempts, failures, stops, batch=batch)


ONE, TWO, THREE = a_brief("one", "doc-2", "doc-1"), a_brief("two"), a_brief("three")
BOOK = Book({0: ONE, 1: TWO, 2: THREE})
