"""Runs with and without a recent sign of life, in stores of both databases and of every revision."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, text, update

from gristmill.db import schema
from gristmill.db.clock import now
from gristmill.db.engine import open_engine
from gristmill.db.runs import beat_run, mark_run
from gristmill.db.tables.core import RunRow, table
from gristmill.db.workers.activity import ALIVE_SECONDS, ActiveRun, active_runs, in_words
from gristmill.sampling.records import RunState
from tests.db.older_revisions import RUN
from tests.db.samples import a_problem, commit, start_run


def heard_of(engine: Engine, run_id: str, seconds_ago: float) -> None:
    with engine.begin() as connection:
        moment = now() - timedelta(seconds=seconds_ago)
        connection.execute(update(RunRow).where(RunRow.id == run_id).values(updated_at=moment))


def found(engine: Engine, **settings: float) -> list[str]:
    with engine.connect() as connection:
        return [run.id for run in active_runs(connection, **settings)]


def test_a_run_is_active_from_its_start_to_its_mark(engine: Engine) -> None:
    assert found(engine) == []
    start_run(engine, [a_problem(1)], "one")
    start_run(engine, [], "another")
    assert found(engine) == ["another", "one"]
    for state in set(RunState) - {RunState.RUNNING}:
        commit(engine, mark_run, "one", state, elapsed_seconds=1.0)
        assert found(engine) == ["another"]


def test_a_run_that_a_dead_process_left_running_is_not_active_until_it_beats(engine: Engine) -> None:
    start_run(engine, [a_problem(1)], "dead")
    heard_of(engine, "dead", ALIVE_SECONDS + 5)
    assert found(engine) == []
    assert found(engine, within_seconds=ALIVE_SECONDS + 60) == ["dead"]
    commit(engine, beat_run, "dead", elapsed_seconds=2.0)
    assert found(engine) == ["dead"]


def test_a_run_whose_clock_is_ahead_is_active(engine: Engine) -> None:
    start_run(engine, [a_problem(1)], "ahead")
    heard_of(engine, "ahead", -3600)
    with engine.connect() as connection:
        [run] = active_runs(connection)
    assert run.silent_seconds < -3500
    assert in_words([run]) == "ahead (heard of 0 s ago)"


def test_the_look_says_for_how_long_a_run_was_silent(engine: Engine) -> None:
    start_run(engine, [a_problem(1)], "slow")
    heard_of(engine, "slow", 30)
    with engine.connect() as connection:
        [run] = active_runs(connection)
    assert run.silent_seconds == pytest.approx(30, abs=20)


def test_runs_are_named_in_words() -> None:
    runs = [ActiveRun("a", 2.6), ActiveRun("b", 41.2)]
    assert in_words(runs) == "a (heard of 3 s ago), b (heard of 41 s ago)"


def test_on_postgresql_the_clock_is_the_servers(postgres: Engine) -> None:
    """A clock that stands still within a transaction would make a long one find every run active."""
    with postgres.begin() as connection:
        before = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
        [run] = active_runs(connection)
        beat = connection.execute(text("SELECT updated_at FROM runs")).scalar_one()
        after = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    assert (before - beat).total_seconds() <= run.silent_seconds <= (after - beat).total_seconds()


@pytest.mark.parametrize("revision", sorted(schema.revisions()))
def test_every_revision_can_be_asked(store_url: str, revision: str) -> None:
    engine = open_engine(store_url)
    with engine.begin() as connection:
        schema._migrate(connection, revision)
    for run_id, seconds in (("alive", 1), ("dead", 600)):
        start = datetime.now(UTC) - timedelta(seconds=seconds)
        with engine.begin() as connection:
            connection.execute(table(RunRow).insert(), RUN | {"id": run_id, "updated_at": start})
    assert found(engine) == ["alive"]
    engine.dispose()
