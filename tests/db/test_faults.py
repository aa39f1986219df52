"""What the drivers raise, caused for real, and what becomes of it."""

import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from gristmill.db.faults import TransientStoreError
from gristmill.db.sessions import reading, writing
from gristmill.sampling.errors import StoreError
from gristmill.sampling.records import Problem
from tests.db.samples import a_problem, an_attempt, start_run, store
from tests.support.stores import made_store


@pytest.fixture
def sqlite_engine(tmp_path: Path) -> Iterator[Engine]:
    with made_store(f"sqlite:///{tmp_path / 'store.db'}", busy_seconds=0.05) as engine:
        yield engine


def attempts_in(engine: Engine) -> int:
    with reading(engine) as session:
        return session.scalar(text("SELECT count(*) FROM attempts")) or 0


def test_a_full_disk_leaves_nothing_half_written_and_going_on_works(sqlite_engine: Engine) -> None:
    problem = a_problem(1)
    start_run(sqlite_engine, [problem])
    store(sqlite_engine, [an_attempt(problem, 0)])
    limit_pages(sqlite_engine, 60)
    group = [an_attempt(problem, number, text="long " * 400) for number in range(1, 101)]
    with pytest.raises(StoreError, match="the disk is full: free some space"):
        store(sqlite_engine, group)
    assert attempts_in(sqlite_engine) == 1
    limit_pages(sqlite_engine, 1_000_000)
    store(sqlite_engine, group)
    assert attempts_in(sqlite_engine) == 101


def limit_pages(engine: Engine, pages: int) -> None:
    """From now on SQLite lets the file grow to so many pages, and then says that the disk is full."""
    engine.dispose()

    def limit(connection: sqlite3.Connection, _: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages}").close()

    event.listen(engine, "connect", limit)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 2 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder], capture_output=True)
    if mounted.returncode != 0:
        pytest.skip("only root may mount a small disk")
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_a_disk_that_is_really_full_loses_nothing_that_was_kept(small_disk: Path) -> None:
    url, problem = f"sqlite:///{small_disk / 'store.db'}", a_problem(1)
    with made_store(url) as engine:
        start_run(engine, [problem])
        kept, said = fill(engine, problem)
        assert "the disk is full: free some space" in said
        assert attempts_in(engine) == kept
    subprocess.run(["mount", "-o", "remount,size=8m", small_disk], check=True)
    with made_store(url) as engine, engine.connect() as connection:
        store(engine, [an_attempt(problem, kept + place) for place in range(10)])
        assert attempts_in(engine) == kept + 10
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalars().all() == ["ok"]


def fill(engine: Engine, problem: Problem) -> tuple[int, str]:
    """Records tens of attempts until it fails; how many were kept, and what was said."""
    for number in range(0, 10_000, 10):
        try:
            store(engine, [an_attempt(problem, number + place, text="long " * 400) for place in range(10)])
        except StoreError as exc:
            return number, str(exc)
    raise AssertionError("the disk was never full")


def test_a_locked_store_says_so_after_waiting_and_may_be_tried_again(sqlite_engine: Engine) -> None:
    problem = a_problem(1)
    start_run(sqlite_engine, [problem])
    other = sqlite3.connect(str(sqlite_engine.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(TransientStoreError, match="another process keeps it locked"):
        store(sqlite_engine, [an_attempt(problem, 0)])
    other.execute("ROLLBACK")
    other.close()
    store(sqlite_engine, [an_attempt(problem, 0)])
    assert attempts_in(sqlite_engine) == 1


def test_a_damaged_file_is_said_to_be_damaged(sqlite_engine: Engine) -> None:
    start_run(sqlite_engine, [a_problem(number) for number in range(500)])
    sqlite_engine.dispose()
    path = Path(str(sqlite_engine.url.database))
    whole = path.read_bytes()
    path.write_bytes(whole[:8192] + b"\xff" * (len(whole) - 8192))
    with pytest.raises(StoreError, match="the file is damaged: restore a backup"):
        attempts_in(sqlite_engine)


@pytest.mark.parametrize(
    ("state", "said", "transient"),
    [
        ("53100", "the server's disk is full: free some space", False),
        ("25006", "it is read-only", False),
        ("42501", "permission is denied", False),
        ("55P03", "a lock is held by another process", True),
        ("40001", "raised by the test", True),
        ("40P01", "raised by the test", True),
        ("08006", "raised by the test", True),
        ("XX000", "raised by the test", False),
    ],
)
def test_a_state_of_postgresql_becomes_advice(
    postgres: Engine, state: str, said: str, transient: bool
) -> None:
    body = f"BEGIN RAISE EXCEPTION 'raised by the test' USING ERRCODE = '{state}'; END"
    with pytest.raises(StoreError, match=said) as caught, writing(postgres) as session:
        session.execute(text(f"DO $$ {body} $$"))
    assert isinstance(caught.value, TransientStoreError) is transient
    assert isinstance(caught.value.__cause__, DBAPIError)


def test_a_lost_connection_may_be_tried_again(postgres: Engine) -> None:
    with pytest.raises(TransientStoreError), writing(postgres) as session:
        lose_connection(session, postgres)
    store(postgres, [an_attempt(a_problem(1), 0)])
    assert attempts_in(postgres) == 1


def lose_connection(session: Session, engine: Engine) -> None:
    """The server ends it, as when it is shut down; the session notices when it next says something."""
    pid = session.execute(text("SELECT pg_backend_pid()")).scalar_one()
    with engine.connect() as other:
        other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
    session.execute(text("SELECT 1"))


def test_a_reading_session_cannot_write_to_postgresql(postgres: Engine) -> None:
    with pytest.raises(StoreError, match="it is read-only"), reading(postgres) as session:
        session.execute(text("DELETE FROM runs"))


def test_a_bug_keeps_its_traceback(engine: Engine) -> None:
    start_run(engine, [])
    with pytest.raises(IntegrityError):
        store(engine, [an_attempt(a_problem("not in the run"), 0)])
    with pytest.raises(DBAPIError), reading(engine) as session:
        session.execute(text("SELECT no_such_column FROM runs"))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE runs SET state = 'paused'",
        "UPDATE run_problems SET stop_reason = 'bored'",
        "UPDATE attempts SET finish_reason = 'eos'",
        "UPDATE verdicts SET outcome = 'wrong'",
        "UPDATE verdicts SET reason = NULL",
        "DELETE FROM attempts",
        "DELETE FROM problems",
        "DELETE FROM runs",
    ],
)
def test_the_database_itself_refuses_what_makes_no_sense(engine: Engine, statement: str) -> None:
    problem = a_problem(1)
    start_run(engine, [problem])
    store(engine, [an_attempt(problem, 0)])
    with pytest.raises(IntegrityError), writing(engine) as session:
        session.execute(text(statement))
