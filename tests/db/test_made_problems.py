"""The problems that runs made: their order, parents and signatures, and those that several draws bring."""

import tracemalloc

import pytest
from sqlalchemy import Engine

from gristmill.db.candidates import StoredInstruction, made_problems, made_texts, stored_instructions
from gristmill.db.problems import add_problems, run_problems
from gristmill.db.sessions import reading, writing
from gristmill.sampling.records import Outcome, Problem
from tests.db.proposals import BOOK, ONE, TWO, Book, a_candidate, proposing, write
from tests.db.samples import RUN, read, start_run


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
    assert read(engine, made_problems, RUN) == [one.problem, none.problem]


def test_more_made_problems_than_one_statement_takes_keep_their_parents(engine: Engine) -> None:
    start_run(engine, [])
    candidates = [a_candidate(f"Number {n}", parents=(f"p{n}",)) for n in range(1_100)]
    write(engine, BOOK, [proposing(ONE, 0, *candidates)])
    assert read(engine, made_problems, RUN) == [candidate.problem for candidate in candidates]


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
    assert read(engine, made_problems, RUN)[0] == first.problem


def test_a_made_problem_can_be_drawn_for_by_the_run_it_was_made_for(engine: Engine) -> None:
    start_run(engine, [])
    start_run(engine, [], run_id="responses")
    write(engine, BOOK, [proposing(ONE, 0, a_candidate("A"), a_candidate("B"))])
    with writing(engine) as session:
        made = made_problems(session, RUN)
        assert add_problems(session, "responses", made, {}) == 2
    assert read(engine, run_problems, "responses") == made


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
