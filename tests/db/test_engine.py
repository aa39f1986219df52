"""Opening a store: the settings it gets, and what is said when it cannot be used."""

import multiprocessing
import re
import sqlite3
import sys
import traceback
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, make_url, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from gristmill.db.engine import open_engine
from gristmill.db.schema import prepare_schema
from gristmill.db.sessions import reading, writing
from gristmill.sampling.errors import ConfigError, StoreError
from tests.db.samples import a_problem, an_attempt, start_run, store

SECRET = "hunter2"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "not a database URL"),
        (f"no url with {SECRET}", "not a database URL"),
        (f"postgresql://user:{SECRET}@host:port{SECRET}/x", "not a database URL"),
        (f"mysql://user:{SECRET}@host/x", "unknown database 'mysql'"),
        (f"postgresql+asyncpg://user:{SECRET}@host/x", r"unknown database 'postgresql\+asyncpg'"),
        ("sqlite://", "names no file or database"),
        ("sqlite:///store.db?timeot=5", "unknown options timeot;"),
        ("sqlite:///:memory:", "names no file or database"),
        (f"postgresql://user:{SECRET}@host", "names no file or database"),
    ],
)
def test_a_url_that_cannot_be_used_is_refused_and_never_echoed(url: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said) as caught:
        open_engine(url)
    assert SECRET not in "".join(traceback.format_exception(caught.value))
    assert "sqlite:///PATH" in str(caught.value)


def test_a_missing_driver_is_named_with_the_command_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(ConfigError, match=r"pip install 'gristmill\[postgres\]'"):
        open_engine("postgresql://host/x")


def test_a_server_that_is_not_there_is_named_without_the_password() -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(StoreError, match=r"the store x on 127\.0\.0\.1:1: cannot connect") as caught:
        open_engine(f"postgresql://user:{SECRET}@127.0.0.1:1/x")
    assert SECRET not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_unknown_option_of_postgresql_is_named() -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(StoreError, match='invalid connection option "timeot"'):
        open_engine(f"postgresql://user:{SECRET}@127.0.0.1:1/x?timeot=5")


def test_a_database_that_is_not_there_is_said_to_be_missing(postgres_url: str) -> None:
    missing = re.sub(r"gristmill_[0-9a-f]{32}", "nowhere", postgres_url)
    with pytest.raises(StoreError, match='database "nowhere" does not exist'):
        open_engine(missing)


def test_a_missing_folder_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="mkdir -p"):
        open_engine(f"sqlite:///{tmp_path}/no/store.db")


def test_a_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="the path must be a file"):
        open_engine(f"sqlite:///{tmp_path}")


def test_a_file_that_is_no_database_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    path.write_bytes(b"These are my notes.\n" * 300)
    with pytest.raises(StoreError, match="not a SQLite database"):
        open_engine(f"sqlite:///{path}")
    assert path.read_bytes() == b"These are my notes.\n" * 300


def test_a_store_that_must_exist_is_not_made(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with pytest.raises(StoreError, match="there is none"):
        open_engine(f"sqlite:///{path}", must_exist=True)
    assert not path.exists()


def test_a_read_only_store_can_be_read_and_says_why_it_cannot_be_written(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    writable = open_engine(f"sqlite:///{path}")
    prepare_schema(writable)
    problem = a_problem(1)
    start_run(writable, [problem])
    writable.dispose()
    engine = open_engine(f"sqlite:///file:{path}?mode=ro&uri=true")
    prepare_schema(engine)
    with pytest.raises(StoreError, match="it is read-only: make the file"):
        store(engine, [an_attempt(problem, 0)])
    with reading(engine) as session:
        assert session.execute(text("SELECT count(*) FROM run_problems")).scalar_one() == 1
    engine.dispose()


def test_a_store_that_was_never_in_wal_mode_and_is_read_only_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    made = sqlite3.connect(path)
    made.execute("CREATE TABLE x (y)")
    made.close()
    with pytest.raises(StoreError, match="it is read-only"):
        open_engine(f"sqlite:///file:{path}?mode=ro&uri=true")


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 30_000)],
)
def test_sqlite_is_durable_and_checks_foreign_keys(tmp_path: Path, pragma: str, value: object) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'store.db'}")
    with engine.connect() as connection:
        assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar_one() == value
    engine.dispose()


@pytest.mark.full
def test_a_new_file_can_be_opened_by_several_processes_at_once(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    everybody = spawn.Barrier(4)
    processes = [spawn.Process(target=open_all, args=(tmp_path, everybody)) for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
    assert [process.exitcode for process in processes] == [0] * 4


def open_all(folder: Path, everybody: Barrier) -> None:
    """The others open the same files at the same moment."""
    for number in range(60):
        everybody.wait(20)
        open_engine(f"sqlite:///{folder / f'{number}.db'}").dispose()


def test_making_a_table_is_undone_when_the_transaction_is(store_url: str) -> None:
    engine = open_engine(store_url)
    make = text("CREATE TABLE x (y INTEGER)")
    with writing(engine) as session:
        session.execute(make)
        session.rollback()
    assert not inspect(engine).has_table("x")
    with writing(engine) as session:
        session.execute(make)
    assert inspect(engine).has_table("x")
    engine.dispose()


def test_a_commit_that_fails_is_undone_and_its_lock_given_back(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    engine, other = open_engine(url), open_engine(url, busy_seconds=0)
    prepare_schema(engine)
    with pytest.raises(IntegrityError), writing(engine) as session:
        insert_orphan(session)
    for writer in (other, engine):
        start_run(writer, [a_problem(1)])
    with reading(engine) as session:
        assert session.execute(text("SELECT problem_id FROM run_problems")).scalars().all() == [
            a_problem(1).id
        ]
    engine.dispose()
    other.dispose()


def insert_orphan(session: Session) -> None:
    """SQLite is to notice at the end: its COMMIT then fails and leaves the transaction open."""
    session.execute(text("PRAGMA defer_foreign_keys=ON"))
    session.execute(text("INSERT INTO run_problems (run_id, problem_id, position) VALUES ('x', 'y', 0)"))


def test_a_reader_sees_one_moment_while_others_write(engine: Engine) -> None:
    problem = a_problem(1)
    start_run(engine, [problem])
    count = text("SELECT count(*) FROM attempts")
    with reading(engine) as session:
        assert session.execute(count).scalar_one() == 0
        store(engine, [an_attempt(problem, 0)])
        assert session.execute(count).scalar_one() == 0
    with reading(engine) as session:
        assert session.execute(count).scalar_one() == 1


def test_a_postgresql_server_that_falls_silent_is_given_up_within_half_a_minute(postgres_url: str) -> None:
    parameters = connection_parameters(postgres_url)
    idle, interval, count = (int(parameters[f"keepalives_{name}"]) for name in ("idle", "interval", "count"))
    assert parameters["keepalives"] == "1"
    assert idle + interval * count <= 30
    assert parameters["tcp_user_timeout"] == "30000"


def test_the_url_may_say_how_long_a_silent_server_is_waited_for(postgres_url: str) -> None:
    url = make_url(postgres_url).update_query_dict({"tcp_user_timeout": "5000"})
    parameters = connection_parameters(url.render_as_string(hide_password=False))
    assert parameters["tcp_user_timeout"] == "5000"


def connection_parameters(url: str) -> dict[str, str]:
    """All that the driver was told, by keyword, but for the defaults of the library below it."""
    engine = open_engine(url)
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        parameters: dict[str, str] = driver.info.get_parameters()
    engine.dispose()
    return parameters
