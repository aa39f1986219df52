"""What a top-up says of query that have nothing for it, and of a recipe that is none."""

import pytest

from gristmill.db.reports.top_up import ProblemQuery
from gristmill.db.runs import find_run
from gristmill.db.sessions import Engine
from gristmill.runs.prepare import write_new_run
from gristmill.runs.top_up import problems_to_take_up, top_up_of
from gristmill.sampling.errors import ConfigError
from gristmill.sampling.records import RunState
from tests.db.samples import commit, read, start_run
from tests.support.top_ups import ALGEBRA, a_problem, config, load, night

pytestmark = pytest.mark.usefixtures("verifier_here")

MISSPELT = "dart-unifrom"


@pytest.fixture
def store(sqlite_engine: Engine) -> Engine:
    """With three sources, of which one has seeds alone, and two runs, of which one has no problem."""
    algebra = [a_problem(number, "algebra") for number in range(3)]
    load(sqlite_engine, *algebra, a_problem(10, "geometry"))
    load(sqlite_engine, a_problem(20, "seeds.jsonl"), status="seed")
    start_run(sqlite_engine, algebra[:1], "monday")
    start_run(sqlite_engine, [], "empty")
    return sqlite_engine


def refusal(engine: Engine, query: ProblemQuery) -> str:
    with pytest.raises(ConfigError) as refused:
        problems_to_take_up(engine, top_up_of(config(), query))
    return str(refused.value)


def test_every_place_that_has_nothing_is_named_with_what_is_near_it(store: Engine) -> None:
    asked = ProblemQuery(("algebra", "algbra", "GEOMETRY", "seeds.jsonl"), ("monday", "munday", "empty"))
    assert refusal(store, asked) == (
        'the store has no active problem of source "GEOMETRY" (near: geometry), source "algbra" (near: '
        'algebra), source "seeds.jsonl" (it has problems, with status seed), run "empty" (it is there, '
        'without an active problem), run "munday" (near: monday); its sources are: algebra, geometry; '
        "its runs are: empty, monday"
    )


def test_places_that_all_have_something_are_taken_whole(store: Engine) -> None:
    asked = top_up_of(config(), ProblemQuery(("algebra", "geometry"), ("monday",)))
    assert len(problems_to_take_up(store, asked)) == 4


def test_a_place_that_was_emptied_on_purpose_does_not_keep_the_others_from_theirs(store: Engine) -> None:
    asked = top_up_of(config(), ProblemQuery(("algebra", "seeds.jsonl"), ("empty",)))
    assert len(problems_to_take_up(store, asked)) == 3
    assert 'source "seeds.jsonl" (it has problems, with status seed)' in refusal(
        store, ProblemQuery(("seeds.jsonl",), ("empty",))
    )


def test_what_no_column_can_hold_is_the_name_of_nothing(store: Engine) -> None:
    assert r'source "\ud800", run "\u0000"; ' in refusal(store, ProblemQuery(("\ud800",), ("\x00",)))


def test_of_many_sources_and_runs_few_are_listed(store: Engine) -> None:
    load(store, *(a_problem(100 + number, f"set {number:03}") for number in range(300)))
    for number in range(40):
        start_run(store, [], f"run-{number:02}")
    message = refusal(store, ProblemQuery(("set 1000",), ("run-77",)))
    assert "its sources are: algebra, geometry, set 000, " in message
    assert ", set 007 and 292 more; " in message
    assert message.endswith(", run-07 and 32 more")
    assert message.count("set ") <= 1 + 3 + 10


async def test_a_new_top_up_under_a_misspelt_recipe_writes_nothing(store: Engine) -> None:
    asked = top_up_of(config().model_copy(update={"recipe": MISSPELT}), ALGEBRA)
    with pytest.raises(ConfigError, match="unknown recipe 'dart-unifrom': is it dart-uniform"):
        await night(store, asked)
    assert read(store, find_run, asked.run_id) is None


async def test_a_top_up_that_began_under_a_misspelt_recipe_goes_on(store: Engine) -> None:
    begun = top_up_of(config().model_copy(update={"recipe": MISSPELT}), ALGEBRA)
    settled = begun.config.model_copy(
        update={"generator": begun.config.generator.model_copy(update={"model": "scripted"})}
    )
    assert commit(store, write_new_run, begun.run_id, settled)
    done, _ = await night(store, begun)
    assert not done.prepared.new
    assert done.report.state is RunState.FINISHED
