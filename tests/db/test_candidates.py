"""What responses propose, as it is recorded: once, whole or not at all, what was rejected with its reason."""

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from gristmill.db.candidates import (
    ProposedRow,
    barren_reasons,
    brief_progress,
    candidate_reasons,
    candidates_of,
    made_problems,
    made_texts,
    stored_instructions,
)
from gristmill.db.ledger import StoreLedger
from gristmill.db.reports.summary import ReasonRow
from gristmill.db.sessions import reading
from gristmill.sampling.errors import StoreError
from gristmill.sampling.records import Outcome, Problem, problem_id
from tests.db.proposals import BOOK, ONE, THREE, TWO, Book, a_candidate, proposing, write
from tests.db.samples import RUN, a_failure, read, start_run
from tests.db.test_text import HARD

COUNTS = ("problems", "problem_parents", "run_problems", "candidates", "signatures", "attempts", "failures")


class UnsigningBook(Book):
    """Fails once the rows before the signatures are written."""

    def signature(self, text: str) -> bytes:
        return "\ud800".encode()


def counts(session: Session) -> dict[str, int]:
    return {
        name: session.scalar(text(f"SELECT count(*) FROM {name}")) or 0  # noqa: S608 - names of our own
        for name in COUNTS
    }


def test_recording_the_same_again_changes_nothing(engine: Engine) -> None:
    start_run(engine, [])
    attempts = [
        proposing(TWO, 0, a_candidate("Name a river."), a_candidate("?", Outcome.REJECTED)),
        proposing(ONE, 0, a_candidate("Name a lake."), a_candidate("Late", Outcome.UNDECIDED)),
    ]
    failures = [a_failure(THREE, 0)]
    seen = []
    for _ in range(2):
        write(engine, BOOK, attempts, failures, batch="the same")
        with reading(engine) as session:
            shown = [candidates_of(session, RUN, brief.id) for brief in (ONE, TWO, THREE)]
            seen.append((counts(session), shown, brief_progress(session, RUN), made_problems(session, RUN)))
    assert seen[0] == seen[1]
    assert seen[0][0] == {
        "problems": 5,  # three briefs and what was accepted
        "problem_parents": 4,
        "run_problems": 3,
        "candidates": 4,
        "signatures": 2,
        "attempts": 2,
        "failures": 1,
    }


def test_what_came_first_stays_for_an_attempt_that_is_recorded_otherwise(engine: Engine) -> None:
    start_run(engine, [])
    write(engine, BOOK, [proposing(ONE, 0, a_candidate("First"))])
    write(engine, BOOK, [proposing(ONE, 0, a_candidate("Second", Outcome.REJECTED))])
    with reading(engine) as session:
        assert candidates_of(session, RUN, ONE.id) == [(0, ProposedRow("First", Outcome.ACCEPTED, "new", ""))]
        assert [problem.prompt for problem in made_problems(session, RUN)] == ["First"]


def test_nothing_of_a_group_stays_when_its_transaction_fails(engine: Engine) -> None:
    start_run(engine, [])
    before = read(engine, counts)
    with pytest.raises(UnicodeEncodeError):
        write(engine, UnsigningBook({0: ONE}), [proposing(ONE, 0, a_candidate("Lost"))])
    assert read(engine, counts) == before


def test_two_processes_that_carry_out_one_run_are_told_so(engine: Engine) -> None:
    start_run(engine, [])
    write(engine, Book({0: ONE}), [proposing(ONE, 0)])
    with pytest.raises(StoreError, match="another process makes instructions for run 'run-1' at the same"):
        write(engine, Book({0: TWO}), [proposing(TWO, 0)])
    assert [known.brief for known in read(engine, brief_progress, RUN)] == [ONE]


def test_a_rejected_candidate_is_kept_and_becomes_no_problem(engine: Engine) -> None:
    start_run(engine, [])
    bad = a_candidate("Bad", Outcome.REJECTED, reason="too-short", detail="1 word")
    write(engine, BOOK, [proposing(ONE, 0, bad)])
    with reading(engine) as session:
        assert candidates_of(session, RUN, ONE.id) == [
            (0, ProposedRow("Bad", Outcome.REJECTED, "too-short", "1 word"))
        ]
        assert (made_problems(session, RUN), made_texts(session, RUN)) == ([], [])
        assert list(stored_instructions(session, "v1")) == []
        assert (counts(session)["problems"], counts(session)["signatures"]) == (1, 0)


def test_hostile_text_comes_back_exactly(engine: Engine) -> None:
    start_run(engine, [])
    hard = [each for each in HARD if each]
    candidates = [a_candidate(each, detail=each, reference=each) for each in hard]
    bad = [a_candidate(each, Outcome.REJECTED, detail=each) for each in hard]
    ids = [problem_id(f"{each}?", each) for each in hard]
    briefs = {n: Problem(ids[n], f"{each}?", each, each, each) for n, each in enumerate(hard)}
    book = Book(briefs)
    write(engine, book, [proposing(briefs[0], 0, *candidates), proposing(briefs[0], 1, *bad)])
    write(engine, book, [], [a_failure(brief, 0) for brief in briefs.values()])
    with reading(engine) as session:
        assert made_problems(session, RUN) == [candidate.problem for candidate in candidates]
        assert [row.text for _, row in candidates_of(session, RUN, briefs[0].id)] == hard * 2
        assert [row.detail for _, row in candidates_of(session, RUN, briefs[0].id)] == hard * 2
        stored = {item.problem_id: item for item in stored_instructions(session, "v1")}
        assert [known.brief for known in brief_progress(session, RUN)] == list(briefs.values())
    for candidate in candidates:
        item = stored[candidate.problem.id]
        assert (item.text, item.signature) == (candidate.text, book.signature(candidate.text))


def test_reasons_come_by_verdict_and_the_most_frequent_first(engine: Engine) -> None:
    start_run(engine, [])
    no, late = Outcome.REJECTED, Outcome.UNDECIDED
    candidates = [
        a_candidate("1", late),
        *(a_candidate(f"b{n}", no, reason="b") for n in range(2)),
        *(a_candidate(f"a{n}", no, reason="a") for n in range(2)),
        *(a_candidate(f"c{n}", no, reason="c") for n in range(3)),
        a_candidate("2"),
    ]
    write(engine, BOOK, [proposing(ONE, 0, *candidates)])
    found = read(engine, candidate_reasons, RUN)
    assert found == [
        ReasonRow(Outcome.ACCEPTED, "new", 1),
        ReasonRow(no, "c", 3),
        ReasonRow(no, "a", 2),
        ReasonRow(no, "b", 2),
        ReasonRow(late, "beyond-target", 1),
    ]


def test_responses_in_which_nothing_was_proposed_are_counted_by_reason(engine: Engine) -> None:
    start_run(engine, [])
    proposed = proposing(TWO, 0, a_candidate("a", Outcome.REJECTED))
    write(engine, BOOK, [proposing(ONE, 0), proposing(ONE, 1), proposed])
    assert read(engine, barren_reasons, RUN) == [ReasonRow(Outcome.REJECTED, "not-equal", 2)]


def test_what_responses_propose_comes_by_number_and_place(engine: Engine) -> None:
    start_run(engine, [])
    write(engine, BOOK, [proposing(ONE, 10, a_candidate("d")), proposing(TWO, 0, a_candidate("other"))])
    write(engine, BOOK, [proposing(ONE, 9, a_candidate("c"), a_candidate("b")), proposing(ONE, 0)])
    found = [(number, row.text) for number, row in read(engine, candidates_of, RUN, ONE.id)]
    assert found == [(9, "c"), (9, "b"), (10, "d")]


async def test_the_ledger_of_a_making_run_records_briefs_and_candidates_with_the_attempts(
    engine: Engine,
) -> None:
    start_run(engine, [])
    ledger = StoreLedger(engine, RUN, briefs=BOOK)
    await ledger.record([proposing(ONE, 0, a_candidate("a"))], [a_failure(TWO, 0)], [])
    with reading(engine) as session:
        found = [(b.brief.id, b.tally.attempts, b.made) for b in brief_progress(session, RUN)]
        status = session.execute(text("SELECT prompt, status FROM problems")).all()
    assert found == [(ONE.id, 1, 1), (TWO.id, 0, 0)]
    assert {row.prompt: row.status for row in status} == {
        ONE.prompt: "brief",
        TWO.prompt: "brief",
        "a": "active",
    }
