"""Briefs (prompts for instructions), the candidates proposed in responses, and the problems made of them.

Briefs come up as the run goes, so they are written with the first attempt or failure of theirs, in the same
transaction. A candidate is known by its attempt and its place in the response: writing it again changes
nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Protocol

from sqlalchemy import and_, exists, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from gristmill.db.evidence import is_current
from gristmill.db.inserts import insert_new
from gristmill.db.moments import write_timestamp
from gristmill.db.problems import insert_problems, parents_in_run, parents_of
from gristmill.db.reports.summary import ReasonRow, count_reasons
from gristmill.db.rows import PROBLEM_COLUMNS, candidate_rows, problem_of
from gristmill.db.sessions import stream
from gristmill.db.tables.core import ProblemRow, RunProblemRow, VerdictRow, table
from gristmill.db.tables.instructions import BRIEF, CandidateRow, SignatureRow
from gristmill.db.tallies import problem_tallies
from gristmill.sampling.candidates import BriefProgress
from gristmill.sampling.errors import StoreError
from gristmill.sampling.records import Attempt, Candidate, Failure, Outcome, Problem


class BriefBook(Protocol):
    """What must be known besides attempts to record what they propose."""

    signature_version: str

    def placed(self, brief_id: str) -> tuple[int, Problem]:
        """A brief's position in the run, and the brief."""
        ...

    def signature(self, text: str) -> bytes:
        """What an index of near-duplicates wants to find again for an accepted problem."""
        ...


@dataclass(frozen=True, slots=True)
class StoredInstruction:
    """A problem that some run made; `signature` None: of another version than was asked for, or none."""

    problem_id: str
    text: str
    signature: bytes | None


@dataclass(frozen=True, slots=True)
class ProposedRow:
    """A candidate as it is shown."""

    text: str
    outcome: Outcome
    reason: str
    detail: str


def record_candidates(
    session: Session, run_id: str, attempts: Sequence[Attempt], failures: Sequence[Failure], book: BriefBook
) -> None:
    """The briefs that these draws are for, all that their responses propose, and the problems made of it.

    Raises StoreError where another brief has the place of one of these: the run is carried out twice at once.
    """
    moment = write_timestamp(session, run_id)
    brief_ids = {attempt.draw.problem_id for attempt in attempts} | {f.draw.problem_id for f in failures}
    _insert_briefs(session, run_id, [book.placed(brief_id) for brief_id in sorted(brief_ids)])
    ordered = sorted(attempts, key=attrgetter("draw.problem_id", "draw.number"))
    rows = [row for attempt in ordered for row in candidate_rows(run_id, attempt, moment)]
    insert_new(session, table(CandidateRow), rows)
    made: dict[str, Candidate] = {}
    for attempt in ordered:
        for candidate in attempt.verdict.candidates:
            if candidate.verdict.outcome is Outcome.ACCEPTED:
                made.setdefault(candidate.problem.id, candidate)
    insert_problems(session, {id_: candidate.problem for id_, candidate in made.items()})
    signatures = [
        {"problem_id": id_, "version": book.signature_version, "signature": book.signature(candidate.text)}
        for id_, candidate in sorted(made.items())
    ]
    insert_new(session, table(SignatureRow), signatures)


def brief_progress(session: Session, run_id: str) -> list[BriefProgress]:
    """For every brief of the run, in the order in which they were first recorded."""
    accepted = session.execute(
        select(CandidateRow.problem_id, func.count())
        .where(CandidateRow.run_id == run_id, CandidateRow.outcome == Outcome.ACCEPTED)
        .group_by(CandidateRow.problem_id)
    )
    made = {brief_id: count for brief_id, count in accepted}  # noqa: C416 - to mypy a row is no tuple
    tallies = {row.problem_id: row for row in problem_tallies(session, run_id)}
    parents = parents_in_run(session, run_id)
    rows = session.execute(
        select(*PROBLEM_COLUMNS, RunProblemRow.position)
        .join(RunProblemRow, RunProblemRow.problem_id == ProblemRow.id)
        .where(RunProblemRow.run_id == run_id)
        .order_by(RunProblemRow.position)
    )
    return [
        BriefProgress(
            problem_of(row, parents),
            row.position,
            tallies[row.id].tally,
            tallies[row.id].next_number,
            made.get(row.id, 0),
        )
        for row in rows
    ]


def made_problems(session: Session, run_id: str) -> list[Problem]:
    """The accepted candidates of the run as problems, in order of brief, draw and place in the response."""
    accepted = (CandidateRow.run_id == run_id, CandidateRow.outcome == Outcome.ACCEPTED)
    rows = session.execute(
        select(*PROBLEM_COLUMNS)
        .join(CandidateRow, CandidateRow.made_id == ProblemRow.id)
        .join(
            RunProblemRow,
            and_(
                RunProblemRow.run_id == CandidateRow.run_id,
                RunProblemRow.problem_id == CandidateRow.problem_id,
            ),
        )
        .where(*accepted)
        .order_by(RunProblemRow.position, CandidateRow.number, CandidateRow.position)
    )
    parents = parents_of(session, select(CandidateRow.made_id).where(*accepted))
    return [problem_of(row, parents) for row in rows]


def stored_instructions(session: Session, signature_version: str) -> Iterator[StoredInstruction]:
    """Every problem that any run has made, once, in order of id; in constant memory."""
    made = (
        select(CandidateRow.made_id, func.min(CandidateRow.text).label("text"))
        .where(CandidateRow.outcome == Outcome.ACCEPTED)
        .group_by(CandidateRow.made_id)
        .subquery()
    )
    signed = and_(SignatureRow.problem_id == made.c.made_id, SignatureRow.version == signature_version)
    query = (
        select(made.c.made_id, made.c.text, SignatureRow.signature)
        .outerjoin(SignatureRow, signed)
        .order_by(made.c.made_id)
    )
    for id_, text, signature in stream(session, query):
        yield StoredInstruction(id_, text, signature)


def made_texts(session: Session, run_id: str) -> list[str]:
    """What was proposed and accepted in the run, in an order that never changes."""
    return list(
        session.scalars(
            select(CandidateRow.text)
            .where(CandidateRow.run_id == run_id, CandidateRow.outcome == Outcome.ACCEPTED)
            .order_by(CandidateRow.problem_id, CandidateRow.number, CandidateRow.position)
        )
    )


def candidate_reasons(session: Session, run_id: str) -> list[ReasonRow]:
    """Candidates by verdict: accepted, rejected, undecided; the most frequent reason of each first."""
    return count_reasons(session, CandidateRow, CandidateRow.run_id == run_id)


def barren_reasons(session: Session, run_id: str) -> list[ReasonRow]:
    """Responses to briefs in which nothing was proposed, by verdict."""
    proposed = exists().where(
        CandidateRow.run_id == VerdictRow.run_id,
        CandidateRow.problem_id == VerdictRow.problem_id,
        CandidateRow.number == VerdictRow.number,
    )
    found = count_reasons(session, VerdictRow, VerdictRow.run_id == run_id, is_current(), ~proposed)
    return sorted(found, key=lambda row: (-row.attempts, row.reason))


def candidates_of(session: Session, run_id: str, brief_id: str) -> list[tuple[int, ProposedRow]]:
    """What responses to the brief propose, with the number of their draw, in order."""
    rows = session.execute(
        select(table(CandidateRow))
        .where(CandidateRow.run_id == run_id, CandidateRow.problem_id == brief_id)
        .order_by(CandidateRow.number, CandidateRow.position)
    )
    return [(row.number, ProposedRow(row.text, row.outcome, row.reason, row.detail)) for row in rows]


def _insert_briefs(session: Session, run_id: str, placed: Sequence[tuple[int, Problem]]) -> None:
    insert_problems(session, {brief.id: brief for _, brief in placed}, BRIEF)
    places = [
        {"run_id": run_id, "problem_id": brief.id, "position": position, "fail_rate": None}
        for position, brief in placed
    ]
    try:
        insert_new(session, table(RunProblemRow), places)
    except IntegrityError as exc:  # another brief has that place in the run
        raise StoreError(
            f"another process makes instructions for run {run_id!r} at the same time: end one of the two, "
            "then run the same command again"
        ) from exc
