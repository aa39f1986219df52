"""What a run that makes problems keeps, and what it finds again when it goes on."""

import tracemalloc
from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from db.attempts import record
from db.candidates import (
    ProposedRow,
    StoredInstruction,
    brief_progress,
    candidate_reasons,
    candidates_of,
    made_problems,
    made_texts,
    record_candidates,
    stored_instructions,
)
from db.ledger import StoreLedger
from db.problems import add_problems, run_problems
from db.sessions import reading, writing
from db.summary import ReasonRow
from sampling.candidates import BriefProgress
from sampling.errors import StoreError
from sampling.records import (
    Attempt,
    Candidate,
    Failure,
    Outcome,
    Problem,
    Stop,
    StopReason,
    Tally,
    Verdict,
    problem_id,
)
from tests.db.samples import RUN, a_failure, a_problem, an_attempt, start_run
from tests.db.test_text import HARD

REASONS = {Outcome.ACCEPTED: "new", Outcome.REJECTED: "too-short", Outcome.UNDECIDED: "beyond-target"}
COUNTS = ("problems", "problem_parents", "run_problems", "candidates", "signatures", "attempts", "failures")


class Book:
    """The briefs that a test writes, at the positions that it says."""

    def __init__(self, places: dict[int, Problem], signature_version: str = "v1") -> None:
        self.signature_version = signature_version
        self._places = {brief.id: (position, brief) for position, brief in places.items()}

    def placed(self, brief_id: str) -> tuple[int, Problem]:
        return self._places[brief_id]

    def signature(self, text: str) -> bytes:
        return f"{self.signature_version}:{text}".encode("utf-8", "surrogatepass")


class UnsigningBook(Book):
    """Fails once the rows before the signatures are written."""

    def signature(self, text: str) -> bytes:
        return "\ud800".encode()


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


def counts(session: Session) -> dict[str, int]:
    return {
        name: session.scalar(text(f"SELECT count(*) FROM {name}")) or 0  # noqa: S608 - names of our own
        for name in COUNTS
    }


ONE, TWO, THREE = a_brief("one", "doc-2", "doc-1"), a_brief("two"), a_brief("three")
BOOK = Book({0: ONE, 1: TWO, 2: THREE})


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
    with reading(engine) as session:
        before = counts(session)
    with pytest.raises(UnicodeEncodeError):
        write(engine, UnsigningBook({0: ONE}), [proposing(ONE, 0, a_candidate("Lost"))])
    with reading(engine) as session:
        assert counts(session) == before


def test_two_processes_that_carry_out_one_run_are_told_so(engine: Engine) -> None:
    start_run(engine, [])
    write(engine, Book({0: ONE}), [proposing(ONE, 0)])
    with pytest.raises(StoreError, match="another process makes instructions for run 'run-1' at the same"):
        write(engine, Book({0: TWO}), [proposing(TWO, 0)])
    with reading(engine) as session:
        assert [known.brief for known in brief_progress(session, RUN)] == [ONE]


@pytest.mark.parametrize(
    ("places", "expected"), [({4: ONE, 2: TWO}, "bacdf"), ({2: ONE, 4: TWO}, "cdfba")], ids=["two", "one"]
)
def test_made_problems_come_by_brief_draw_and_place_whatever_the_order_of_recording(
    engine: Engine, places: dict[int, Problem], expected: str
) -> None:
    start_run(engine, [])
    book = Book(places)
    write(engine, book, [proposing(ONE, 10, a_candidate("f"))])
    write(engine, book, [proposing(ONE, 9, a_candidate("d"), a_candidate("-", Outcome.REJECTED))])
    of_two = proposing(TWO, 5, a_candidate("+", Outcome.UNDECIDED), a_candidate("b"), a_candidate("a"))
    write(engine, book, [proposing(ONE, 2, a_candidate("c")), of_two])
    with reading(engine) as session:
        assert "".join(problem.prompt for problem in made_problems(session, RUN)) == expected
        assert sorted(made_texts(session, RUN)) == ["a", "b", "c", "d", "f"]


def test_a_made_problem_comes_back_whole_with_its_parents_in_order(engine: Engine) -> None:
    start_run(engine, [])
    one = a_candidate("One", parents=("z", "a", "m"), reference="17")
    none = a_candidate("None", parents=())
    write(engine, BOOK, [proposing(ONE, 0, one, none)])
    with reading(engine) as session:
        assert made_problems(session, RUN) == [one.problem, none.problem]


def test_more_made_problems_than_one_statement_takes_keep_their_parents(engine: Engine) -> None:
    start_run(engine, [])
    candidates = [a_candidate(f"Number {n}", parents=(f"p{n}",)) for n in range(1_100)]
    write(engine, BOOK, [proposing(ONE, 0, *candidates)])
    with reading(engine) as session:
        assert made_problems(session, RUN) == [candidate.problem for candidate in candidates]


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


def test_a_text_that_two_runs_accepted_is_one_problem_in_both(engine: Engine) -> None:
    start_run(engine, [])
    start_run(engine, [], run_id="run-2")
    mine, theirs = a_candidate("Same", parents=("p1",)), a_candidate("Same", parents=("p2", "p3"))
    write(engine, BOOK, [proposing(ONE, 0, mine)])
    write(engine, Book({0: TWO}, "v2"), [proposing(TWO, 0, theirs)], run_id="run-2")
    with reading(engine) as session:
        assert made_problems(session, RUN) == made_problems(session, "run-2") == [mine.problem]
        [stored] = stored_instructions(session, "v1")
    assert stored == StoredInstruction(mine.problem.id, "Same", b"v1:Same")


@pytest.mark.parametrize("step", [1, -1])
def test_within_one_group_too_the_first_draw_says_what_a_problem_is(engine: Engine, step: int) -> None:
    start_run(engine, [])
    first, later = a_candidate("Same", parents=("p1",)), a_candidate("Same", parents=("p2",))
    write(engine, BOOK, [proposing(ONE, 0, first), proposing(ONE, 1, later)][::step])
    with reading(engine) as session:
        assert made_problems(session, RUN)[0] == first.problem


def test_a_made_problem_can_be_drawn_for_by_the_run_it_was_made_for(engine: Engine) -> None:
    start_run(engine, [])
    start_run(engine, [], run_id="responses")
    write(engine, BOOK, [proposing(ONE, 0, a_candidate("A"), a_candidate("B"))])
    with writing(engine) as session:
        made = made_problems(session, RUN)
        assert add_problems(session, "responses", made, {}) == 2
    with reading(engine) as session:
        assert run_problems(session, "responses") == made


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


def test_signatures_of_another_version_are_none_and_the_texts_are_there(engine: Engine) -> None:
    start_run(engine, [])
    write(engine, Book({0: ONE, 1: TWO}, "v1"), [proposing(ONE, 0, a_candidate("old"))])
    write(engine, Book({0: ONE, 1: TWO}, "v2"), [proposing(TWO, 0, a_candidate("new"))])
    with reading(engine) as session:
        found = {
            version: {item.text: item.signature for item in stored_instructions(session, version)}
            for version in ("v1", "v2", "v3")
        }
    assert found == {
        "v1": {"old": b"v1:old", "new": None},
        "v2": {"old": None, "new": b"v2:new"},
        "v3": {"old": None, "new": None},
    }


def test_stored_instructions_come_in_order_of_id_in_constant_memory(engine: Engine) -> None:
    start_run(engine, [])
    long = "x" * 10_000
    for group in range(5):
        candidates = [a_candidate(f"{group}/{n} {long}") for n in range(200)]
        write(engine, BOOK, [proposing(ONE, group, *candidates)])
    with reading(engine) as session:
        tracemalloc.start()
        ids = [item.problem_id for item in stored_instructions(session, "v1")]
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert ids == sorted(set(ids))
    assert len(ids) == 1_000
    assert peak < 10_000_000 < len(ids) * 2 * len(long)


def test_a_run_that_has_drawn_nothing_has_no_briefs(engine: Engine) -> None:
    start_run(engine, [])
    with reading(engine) as session:
        assert brief_progress(session, RUN) == []
        assert made_problems(session, RUN) == []
        assert candidate_reasons(session, RUN) == []


def test_brief_progress_says_what_was_drawn_and_made_at_positions_with_gaps(engine: Engine) -> None:
    start_run(engine, [])
    book = Book({7: ONE, 3: TWO, 12: THREE})
    write(
        engine,
        book,
        [
            proposing(ONE, 0, a_candidate("a"), a_candidate("b"), a_candidate("-", Outcome.REJECTED)),
            proposing(ONE, 3),
            proposing(TWO, 0, a_candidate("c", Outcome.UNDECIDED)),
        ],
        [a_failure(THREE, 0), a_failure(ONE, 1)],
        stops=[Stop(THREE.id, StopReason.FAILED, None, 20)],
    )
    with reading(engine) as session:
        found = brief_progress(session, RUN)
    assert found == [
        BriefProgress(TWO, 3, Tally(0, 1, 0, 5), 1, 0),
        BriefProgress(ONE, 7, Tally(1, 1, 0, 10), 4, 2),
        BriefProgress(THREE, 12, Tally(), 0, 0),
    ]


def test_a_brief_keeps_its_parents_when_the_run_goes_on(engine: Engine) -> None:
    """What is made of it in a later session names them as its own."""
    start_run(engine, [])
    write(engine, BOOK, [proposing(ONE, 0)])
    with reading(engine) as session:
        [known] = brief_progress(session, RUN)
    assert known.brief == ONE
    assert known.brief.parents == ("doc-2", "doc-1")


def test_progress_is_of_the_run_that_is_asked_for(engine: Engine) -> None:
    start_run(engine, [])
    start_run(engine, [], run_id="run-2")
    write(engine, BOOK, [proposing(ONE, 0, a_candidate("a"))])
    write(engine, Book({5: ONE}), [proposing(ONE, 0), proposing(ONE, 1)], run_id="run-2")
    with reading(engine) as session:
        assert [(b.position, b.next_number, b.made) for b in brief_progress(session, RUN)] == [(0, 1, 1)]
        assert [(b.position, b.next_number, b.made) for b in brief_progress(session, "run-2")] == [(5, 2, 0)]
        assert candidate_reasons(session, "run-2") == []


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
    with reading(engine) as session:
        found = candidate_reasons(session, RUN)
    assert found == [
        ReasonRow(Outcome.ACCEPTED, "new", 1),
        ReasonRow(no, "c", 3),
        ReasonRow(no, "a", 2),
        ReasonRow(no, "b", 2),
        ReasonRow(late, "beyond-target", 1),
    ]


def test_what_responses_propose_comes_by_number_and_place(engine: Engine) -> None:
    start_run(engine, [])
    write(engine, BOOK, [proposing(ONE, 10, a_candidate("d")), proposing(TWO, 0, a_candidate("other"))])
    write(engine, BOOK, [proposing(ONE, 9, a_candidate("c"), a_candidate("b")), proposing(ONE, 0)])
    with reading(engine) as session:
        found = [(number, row.text) for number, row in candidates_of(session, RUN, ONE.id)]
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
