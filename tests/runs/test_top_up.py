"""Nights of top-ups with the scripted generator: what is drawn, what is exported, and when nothing is."""

import asyncio
import threading
from pathlib import Path

import pytest

from gristmill.db.exports.log import list_exports
from gristmill.db.exports.withdrawals import Kind, withdraw
from gristmill.db.reports.top_up import ProblemQuery
from gristmill.db.runs import find_run
from gristmill.db.sessions import Engine, reading
from gristmill.db.tallies import problem_tallies
from gristmill.exports.export import Exported
from gristmill.exports.recipe import export_settings
from gristmill.exports.versions import NotExported, export_new_version
from gristmill.runs.prepare import Prepared
from gristmill.runs.store import stored_run
from gristmill.runs.top_up import ToppedUp, problems_to_take_up, top_up, top_up_of
from gristmill.sampling.errors import ConfigError
from gristmill.sampling.records import Draw, Problem, RunState, StopReason
from tests.db.samples import commit, read, start_run
from tests.support.sampling_runs import ScriptedGenerators
from tests.support.top_ups import (
    ALGEBRA,
    NEVER,
    PROBLEMS,
    a_problem,
    config,
    load,
    night,
    right,
    top_up_session,
)

pytestmark = pytest.mark.usefixtures("verifier_here")


def accepted(engine: Engine, run_id: str) -> dict[str, int]:
    with reading(engine) as session:
        return {row.problem_id: row.tally.accepted for row in problem_tallies(session, run_id)}


def version(engine: Engine, done: ToppedUp, folder: Path) -> Exported | NotExported:
    settings = export_settings(None, {"filter": {"runs": (done.prepared.run_id,)}})
    return export_new_version(engine, settings, folder, "set")


@pytest.fixture
def store(sqlite_engine: Engine) -> Engine:
    """With the problems, on SQLite."""
    load(sqlite_engine, *PROBLEMS)
    return sqlite_engine


async def test_a_night_with_nothing_missing_issues_no_request_and_makes_no_export(
    engine: Engine, tmp_path: Path
) -> None:
    load(engine, *PROBLEMS)
    folder = tmp_path / "exports"
    load(engine, a_problem(30, source="geometry"))
    first, requests = await night(engine)
    assert requests >= 8
    assert first.report.state is RunState.FINISHED
    made = version(engine, first, folder)
    assert isinstance(made, Exported)
    assert (made.path.name, made.manifest.rows) == ("set-v1", 8)
    second, requests = await night(engine)
    assert requests == second.report.attempts == second.added == 0
    assert second.prepared.run_id == first.prepared.run_id
    assert version(engine, second, folder) == NotExported(folder / "set-v1")
    assert [path.name for path in folder.iterdir()] == ["set-v1"]
    assert len(read(engine, list_exports)) == 1
    load(engine, a_problem(9))
    third, requests = await night(engine)
    assert third.added == 1
    assert requests >= 2
    assert min(accepted(engine, third.prepared.run_id).values()) >= 2
    assert len(accepted(engine, third.prepared.run_id)) == 5
    made = version(engine, third, folder)
    assert isinstance(made, Exported)
    assert (made.path.name, made.manifest.rows) == ("set-v2", 10)


async def test_a_problem_at_its_ceiling_stays_stopped(store: Engine, tmp_path: Path) -> None:
    hard = a_problem(20, reference=NEVER)
    load(store, hard)
    done, _ = await night(store)
    assert accepted(store, done.prepared.run_id)[hard.id] == 0
    _, requests = await night(store)
    assert requests == 0
    with reading(store) as session:
        stops = {row.problem_id: row.stop_reason for row in problem_tallies(session, done.prepared.run_id)}
    assert stops[hard.id] is StopReason.CEILING_REACHED


async def test_a_data_set_is_read_each_night(store: Engine, tmp_path: Path) -> None:
    file = tmp_path / "sums.jsonl"
    file.write_text('{"prompt": "What is 2 + 3?", "reference": "5"}\n')
    base = config()
    dataset = base.dataset.model_copy(
        update={"dataset": str(file), "prompt_field": "prompt", "reference_field": "reference"}
    )
    asked = top_up_of(base.model_copy(update={"dataset": dataset}), None)
    first, _ = await night(store, asked)
    with file.open("a") as more:
        more.write('{"prompt": "What is 3 + 4?", "reference": "7 "}\n')
    second, _ = await night(store, asked)
    assert (first.added, second.added, second.prepared.problems) == (1, 1, 2)


async def test_an_interrupted_night_is_gone_on_with_to_the_same_quotas(store: Engine) -> None:
    stop = asyncio.Event()

    def stopping(problem: Problem, draw: Draw) -> str:
        stop.set()
        return right(problem, draw)

    cut, _ = await night(store, stop=stop, reply=stopping)
    assert cut.report.state is RunState.INTERRUPTED
    assert sum(accepted(store, cut.prepared.run_id).values()) < 8
    whole, _ = await night(store)
    assert whole.report.state is RunState.FINISHED
    assert min(accepted(store, whole.prepared.run_id).values()) >= 2


async def test_a_night_that_is_stopped_before_it_begins_changes_nothing(store: Engine) -> None:
    stop = asyncio.Event()
    stop.set()
    asked = top_up_of(config(), ALGEBRA)
    async with ScriptedGenerators(right) as generators:
        assert await top_up(top_up_session(store, asked, generators, stop), asked.query) is None
    assert read(store, find_run, asked.run_id) is None


async def test_a_budget_is_that_of_each_night_and_may_change(store: Engine) -> None:
    budgets = (3, 4, 100)
    spent = []
    for draws in budgets:
        asked = top_up_of(config(policy="budgeted", budget_draws=draws), ALGEBRA)
        _, requests = await night(store, asked)
        spent.append(requests)
    assert spent[:2] == [3, 4]
    assert min(accepted(store, asked.run_id).values()) >= 2
    assert '"budget_draws":3' in read(store, stored_run, asked.run_id).config


async def test_the_second_of_two_top_ups_at_once_is_told_and_the_first_goes_on(store: Engine) -> None:
    asked = top_up_of(config(), ALGEBRA)
    refused: list[str] = []

    def another() -> None:
        with pytest.raises(ConfigError) as error:
            asyncio.run(night(store, asked))
        refused.append(str(error.value))

    def meanwhile(_: Prepared, __: int) -> None:
        second = threading.Thread(target=another)
        second.start()
        second.join()

    async with ScriptedGenerators(right) as generators:
        done = await top_up(top_up_session(store, asked, generators), asked.query, meanwhile)
    assert done is not None
    assert min(accepted(store, asked.run_id).values()) >= 2
    [message] = refused
    assert "another process" in message


def test_problems_are_found_by_run_and_those_it_has_are_left_out(store: Engine) -> None:
    start_run(store, PROBLEMS[:3], "one")
    asked = top_up_of(config(), ProblemQuery(runs=("one",)), "two")
    start_run(store, PROBLEMS[:1], "two")
    assert {problem.id for problem in problems_to_take_up(store, asked)} == {
        problem.id for problem in PROBLEMS[1:3]
    }


async def test_another_configuration_is_refused_with_the_way_out(store: Engine) -> None:
    await night(store)
    with pytest.raises(ConfigError, match=r"quota: stored 2, asked 3.*--run-id"):
        await night(store, top_up_of(config(quota=3), ALGEBRA))


async def test_a_source_that_is_not_there_is_named_with_those_that_are(store: Engine) -> None:
    with pytest.raises(ConfigError, match=r"no active problem of source .nothing..*algebra"):
        await night(store, top_up_of(config(), ProblemQuery(("nothing",))))


async def test_a_run_that_was_withdrawn_is_not_topped_up(store: Engine) -> None:
    asked = top_up_of(config(), ALGEBRA)
    commit(store, withdraw, Kind.RUN, asked.run_id, "a bad prompt")
    with pytest.raises(ConfigError, match="withdrawn: a bad prompt"):
        await night(store, asked)


def test_recipe_and_places_name_the_run_whatever_their_order() -> None:
    one = top_up_of(config(), ProblemQuery(("b", "a"), ("r",)))
    two = top_up_of(config(), ProblemQuery(("a", "b", "a"), ("r",)))
    assert one.run_id == two.run_id
    assert one.config == two.config
    others = {top_up_of(config(), query).run_id for query in (ProblemQuery(("a",)), ProblemQuery((), ("a",)))}
    assert len({*others, one.run_id}) == 3
    assert top_up_of(config(), ALGEBRA, "mine").run_id == "mine"
