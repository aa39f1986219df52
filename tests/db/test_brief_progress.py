"""How far each brief of a run is: what a run that goes on finds again."""

from sqlalchemy import Engine

from gristmill.db.candidates import brief_progress, candidate_reasons, made_problems
from gristmill.db.sessions import reading
from gristmill.sampling.candidates import BriefProgress
from gristmill.sampling.records import Outcome, Stop, StopReason, Tally
from tests.db.proposals import BOOK, ONE, THREE, TWO, Book, a_candidate, proposing, write
from tests.db.samples import RUN, a_failure, read, start_run


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
    found = read(engine, brief_progress, RUN)
    assert found == [
        BriefProgress(TWO, 3, Tally(0, 1, 0, 5), 1, 0),
        BriefProgress(ONE, 7, Tally(1, 1, 0, 10), 4, 2),
        BriefProgress(THREE, 12, Tally(), 0, 0),
    ]


def test_a_brief_keeps_its_parents_when_the_run_goes_on(engine: Engine) -> None:
    """What is made of it in a later session names them as its own."""
    start_run(engine, [])
    write(engine, BOOK, [proposing(ONE, 0)])
    [known] = read(engine, brief_progress, RUN)
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
