"""What a run lacks of the problems of the store, on both databases."""

from dataclasses import replace

from sqlalchemy import update

from gristmill.db.clock import now
from gristmill.db.problems import insert_problems
from gristmill.db.reports.top_up import (
    ProblemQuery,
    held_back,
    judged_since,
    lacking,
    source_statuses,
    without_active,
)
from gristmill.db.sessions import Engine, reading, writing
from gristmill.db.tables.core import ProblemRow, table
from gristmill.sampling.records import Problem
from tests.db.samples import RUN, a_problem, an_attempt, commit, read, start_run, store

ALGEBRA = [replace(a_problem(number), source="algebra") for number in range(4)]
GEOMETRY = [replace(a_problem(number), source="geometry", parents=("one", "two")) for number in range(10, 13)]


def filled(engine: Engine) -> None:
    """Run `run-1` has the first two problems of algebra, run `other` those of geometry."""
    commit(engine, insert_problems, {problem.id: problem for problem in ALGEBRA})
    start_run(engine, ALGEBRA[:2])
    start_run(engine, GEOMETRY, "other")


def missing(engine: Engine, query: ProblemQuery, run_id: str = RUN) -> list[Problem]:
    return read(engine, lacking, run_id, query)


def test_a_run_lacks_what_its_sources_have_and_it_has_not(engine: Engine) -> None:
    filled(engine)
    assert {problem.id for problem in missing(engine, ProblemQuery(sources=("algebra",)))} == {
        problem.id for problem in ALGEBRA[2:]
    }


def test_a_run_that_is_not_there_lacks_everything(engine: Engine) -> None:
    filled(engine)
    found = missing(engine, ProblemQuery(("algebra", "geometry")), "new")
    assert {problem.id for problem in found} == {problem.id for problem in (*ALGEBRA, *GEOMETRY)}


def test_problems_come_whole_with_their_parents(engine: Engine) -> None:
    filled(engine)
    found = missing(engine, ProblemQuery(runs=("other",)))
    assert sorted(found, key=lambda problem: problem.id) == sorted(GEOMETRY, key=lambda problem: problem.id)


def test_sources_and_runs_add_up(engine: Engine) -> None:
    filled(engine)
    assert len(missing(engine, ProblemQuery(("algebra",), ("other", RUN)))) == 5


def test_places_without_a_name_have_no_problem(engine: Engine) -> None:
    filled(engine)
    assert missing(engine, ProblemQuery()) == []


def test_a_problem_that_is_not_active_is_missed_by_nobody(engine: Engine) -> None:
    filled(engine)
    gone = ALGEBRA[2].id
    with writing(engine) as session:
        session.execute(update(table(ProblemRow)).where(ProblemRow.id == gone).values(status="contaminated"))
    assert [problem.id for problem in missing(engine, ProblemQuery(("algebra",)))] == [ALGEBRA[3].id]
    with reading(engine) as session:
        assert held_back(session, [gone, ALGEBRA[0].id, "unknown"]) == {gone}
        assert source_statuses(session) == {"algebra": ("active", "contaminated"), "geometry": ("active",)}


def test_each_place_without_an_active_problem_is_found_in_the_order_given(engine: Engine) -> None:
    filled(engine)
    start_run(engine, [], "empty")
    hard = "\x00\ud800"
    with writing(engine) as session:
        of_geometry = ProblemRow.source == "geometry"
        session.execute(update(table(ProblemRow)).where(of_geometry).values(status="contaminated"))
        insert_problems(session, {"hard": replace(a_problem(20), id="hard", source=hard)})
    asked = ProblemQuery(("geometry", "algebra", "algbra", hard), (hard, "other", RUN, "nowhere", "empty"))
    with reading(engine) as session:
        assert without_active(session, asked) == ProblemQuery(
            ("geometry", "algbra"), (hard, "other", "nowhere", "empty")
        )
        assert without_active(session, ProblemQuery(("algebra",), (RUN,))) == ProblemQuery()
        assert source_statuses(session)["geometry"] == ("contaminated",)


def test_verdicts_are_new_after_a_moment_and_in_their_own_run(engine: Engine) -> None:
    start_run(engine, ALGEBRA)
    start_run(engine, ALGEBRA, "other")
    before = now()
    store(engine, [an_attempt(ALGEBRA[0], 0)])
    after = now()
    with reading(engine) as session:
        assert judged_since(session, RUN, before)
        assert not judged_since(session, RUN, after)
        assert not judged_since(session, "other", before)
