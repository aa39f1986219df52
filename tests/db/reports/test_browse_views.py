"""A store opened for looking at: what its views show, and that nothing can be written through it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine

from gristmill.db.engine import open_engine
from gristmill.db.reports import browse_views
from gristmill.db.reports.browse_views import VIEWS, open_with_views, store_file
from gristmill.db.verdicts import append_verdicts
from gristmill.sampling.errors import StoreError
from gristmill.sampling.records import Outcome
from tests.db.samples import RUN, a_problem, a_verdict, an_attempt, commit, start_run, store
from tests.support.stores import made_store

SOLVED, UNSOLVED, UNTRIED = a_problem(1), a_problem(2, "hard"), a_problem(3)
ODD_NAME = "a b?mode=rw#%41'\"é.db"
WRITES = (
    "DELETE FROM verdicts",
    "INSERT INTO problem_parents VALUES ('a', 'b', 0)",
    "CREATE TABLE more (id INTEGER)",
    "DROP VIEW reasons",
    "PRAGMA user_version = 3",
)


@pytest.fixture
def stored(tmp_path: Path) -> Iterator[Engine]:
    """A run with a problem solved at the second attempt, one solved at none, and one without attempts."""
    attempts = [an_attempt(SOLVED, 0, Outcome.REJECTED), an_attempt(SOLVED, 1)]
    with made_store(f"sqlite:///{tmp_path / 'store.db'}") as engine:
        start_run(engine, [SOLVED, UNSOLVED, UNTRIED])
        store(engine, [*attempts, an_attempt(UNSOLVED, 0, Outcome.REJECTED), an_attempt(UNSOLVED, 1)])
        commit(engine, append_verdicts, RUN, [(UNSOLVED.id, 1, a_verdict(Outcome.UNDECIDED, "2"))])
        yield engine


@pytest.fixture
def opened(stored: Engine) -> Iterator[sqlite3.Connection]:
    file = store_file(stored)
    assert file is not None
    with closing(open_with_views(file)) as connection:
        yield connection


def test_every_attempt_is_there_once_with_its_current_verdict(opened: sqlite3.Connection) -> None:
    query = "SELECT problem, number, outcome, ordinal, version FROM attempts_with_verdicts"
    expected = [
        (SOLVED.id, 0, "rejected", 0, "1"),
        (SOLVED.id, 1, "accepted", 0, "1"),
        (UNSOLVED.id, 0, "rejected", 0, "1"),
        (UNSOLVED.id, 1, "undecided", 1, "2"),
    ]
    assert sorted(opened.execute(query)) == sorted(expected)


def test_an_attempt_comes_with_what_explains_it(opened: sqlite3.Connection) -> None:
    query = "SELECT run, level, model, prompt, response, answer, reference FROM attempts_with_verdicts "
    [row] = opened.execute(f"{query} WHERE problem = ? AND number = 0", [UNSOLVED.id]).fetchall()
    assert row == (RUN, "hard", "tiny-model", UNSOLVED.prompt, "It is 4.", "4", "2")


def test_a_problem_is_unsolved_when_it_was_tried_and_no_current_verdict_accepts(
    opened: sqlite3.Connection,
) -> None:
    query = "SELECT problem, attempts, rejected, undecided FROM unsolved_problems"
    assert opened.execute(query).fetchall() == [(UNSOLVED.id, 2, 1, 1)]


def test_reasons_are_counted_by_current_verdict(opened: sqlite3.Connection) -> None:
    query = "SELECT outcome, reason, attempts FROM reasons ORDER BY outcome"
    assert opened.execute(query).fetchall() == [
        ("accepted", "equal", 1),
        ("rejected", "not-equal", 2),
        ("undecided", "time-out", 1),
    ]


def test_what_is_committed_meanwhile_is_seen(stored: Engine, opened: sqlite3.Connection) -> None:
    count = "SELECT count(*) FROM attempts_with_verdicts"
    assert opened.execute(count).fetchone() == (4,)
    store(stored, [an_attempt(UNTRIED, 0)])
    assert opened.execute(count).fetchone() == (5,)


@pytest.mark.parametrize("statement", WRITES)
def test_a_write_is_refused_by_the_database(
    opened: sqlite3.Connection, stored: Engine, statement: str
) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        opened.execute(statement)
    opened.execute("PRAGMA query_only=OFF")
    if statement != "DROP VIEW reasons":  # is in the connection, not in the file
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            opened.execute(statement)


def test_counting_outcomes_reads_no_text(opened: sqlite3.Connection) -> None:
    query = "EXPLAIN QUERY PLAN SELECT outcome, count(*) FROM attempts_with_verdicts GROUP BY outcome"
    steps = [step for *_, step in opened.execute(query)]
    assert "SCAN v" in steps
    assert all("COVERING INDEX" in step for step in steps if step.startswith(("SEARCH a ", "SEARCH p ")))


def test_the_name_of_a_file_cannot_open_it_for_writing(stored: Engine, tmp_path: Path) -> None:
    file = tmp_path / ODD_NAME
    stored.dispose()
    (tmp_path / "store.db").rename(file)
    with closing(open_with_views(file)) as connection:
        assert connection.execute("SELECT count(*) FROM reasons").fetchone() == (3,)
        connection.execute("PRAGMA query_only=OFF")
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            connection.execute("DELETE FROM verdicts")


@pytest.mark.parametrize("content", [None, b"", b"no database, by any means " * 99])
def test_what_is_no_store_is_told(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "other.db"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(StoreError, match=r"other\.db: cannot be opened for reading"):
        open_with_views(file)


def test_a_store_on_postgresql_has_no_file(postgres_url: str) -> None:
    engine = open_engine(postgres_url)
    assert store_file(engine) is None
    engine.dispose()


def test_no_view_hides_a_table(stored: Engine) -> None:
    with stored.connect() as connection:
        names = {name for (name,) in connection.exec_driver_sql("SELECT name FROM sqlite_master")}
    assert names.isdisjoint(VIEWS)
    assert {browse_views.ATTEMPTS, browse_views.UNSOLVED, browse_views.REASONS} == set(VIEWS)
