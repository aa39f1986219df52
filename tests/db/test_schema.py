"""The tables in a new, a current, an older, a newer and somebody else's database."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, inspect, text

from gristmill.db import schema
from gristmill.db.engine import open_engine
from gristmill.db.tables.core import VERSION_TABLE, Base
from gristmill.sampling.errors import StoreError
from tests.db.older_revisions import differences, next_release
from tests.db.samples import a_problem, start_run

PREPARE = """
import sys
from gristmill.db.engine import open_engine
from gristmill.db.schema import prepare_schema
print("ready", flush=True)
sys.stdin.readline()
engine = open_engine(sys.argv[1])
prepare_schema(engine)
engine.dispose()
"""


NEXT = "op.execute('CREATE TABLE next_table (id INTEGER)')"
HEAD = schema.head()
"""Of this code, whatever a test adds to it."""


@pytest.fixture
def empty(store_url: str) -> Iterator[Engine]:
    engine = open_engine(store_url)
    yield engine
    engine.dispose()


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names())


@pytest.fixture
def migrated(empty: Engine) -> Engine:
    """What the migrations make of an empty store; `engine` has what the code declares."""
    with empty.begin() as connection:
        schema._migrate(connection)
    return empty


def test_the_migrations_make_the_tables_that_the_code_declares(migrated: Engine) -> None:
    with migrated.connect() as connection:
        assert differences(connection) == []


def test_the_migrations_make_the_constraints_and_indexes_that_the_code_declares(
    migrated: Engine, tmp_path: Path
) -> None:
    if migrated.dialect.name == "sqlite":
        declared = create_engine(f"sqlite:///{tmp_path / 'declared.db'}")
    else:
        with migrated.begin() as connection:
            connection.execute(text("CREATE SCHEMA declared"))
        declared = create_engine(migrated.url, connect_args={"options": "-c search_path=declared"})
    schema.prepare_schema(declared)
    names = [*Base.metadata.tables, VERSION_TABLE]
    with migrated.connect() as one, declared.connect() as other:
        assert {name: constraints(one, name) for name in names} == {
            name: constraints(other, name) for name in names
        }
    declared.dispose()


def constraints(connection: Connection, table: str) -> list[str]:
    """Everything about a table that the database enforces, as the database tells it."""
    found = inspect(connection)
    checks = [(check["name"], check["sqltext"]) for check in found.get_check_constraints(table)]
    foreign = [
        (key["name"], key["constrained_columns"], key["referred_table"], key["referred_columns"])
        for key in found.get_foreign_keys(table)
    ]
    unique = [(key["name"], key["column_names"]) for key in found.get_unique_constraints(table)]
    indexes = [
        (
            key["name"],
            key["column_names"],
            key["unique"],
            [str(option) for option in key.get("dialect_options", {}).values()],
        )
        for key in found.get_indexes(table)
    ]
    has_options = connection.dialect.name == "sqlite"  # `WITHOUT ROWID`; PostgreSQL is asked for none
    return [
        *sorted(map(repr, [*checks, *foreign, *unique, *indexes])),
        repr(found.get_pk_constraint(table)),
        repr(found.get_table_options(table) if has_options else None),
    ]


@pytest.mark.parametrize("make_current", [schema.prepare_schema, schema.upgrade])
def test_an_empty_store_is_made_current(empty: Engine, make_current: Callable[[Engine], object]) -> None:
    assert schema.revision(empty) is None
    assert make_current(empty) in (None, (None, schema.head()))
    assert schema.revision(empty) == schema.head()
    assert tables(empty) == {*Base.metadata.tables, VERSION_TABLE}


def test_preparing_again_changes_nothing(engine: Engine) -> None:
    start_run(engine, [a_problem(1)])
    schema.prepare_schema(engine)
    assert schema.upgrade(engine) == (schema.head(), schema.head())
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM problems")).scalar_one() == 1


@pytest.mark.full
def test_several_processes_can_prepare_the_same_new_store_at_once(store_url: str) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", PREPARE, store_url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    ends = [(process.communicate(timeout=60)[1], process.returncode) for process in processes]
    assert ends == [("", 0)] * 3
    engine = open_engine(store_url)
    assert schema.revision(engine) == schema.head()
    engine.dispose()


def test_an_older_store_is_refused_until_it_is_upgraded(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start_run(engine, [a_problem(1)])
    monkeypatch.setattr(
        schema,
        "MIGRATIONS",
        next_release(tmp_path / "next", NEXT),
    )
    with pytest.raises(
        StoreError, match=rf"older Gristmill \(revision {HEAD}, wanted 9999\).*`gristmill db upgrade`"
    ):
        schema.prepare_schema(engine)
    assert schema.upgrade(engine, force=True) == (HEAD, "9999"), "its run has only just begun"
    schema.prepare_schema(engine)
    assert "next_table" in tables(engine)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM problems")).scalar_one() == 1


def test_a_newer_store_is_refused_and_left_as_it_is(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '0999'"))  # noqa: S608
    for refused in (schema.prepare_schema, schema.upgrade):
        with pytest.raises(StoreError, match=r"newer Gristmill \(revision 0999\); upgrade gristmill"):
            refused(engine)
    assert schema.revision(engine) == "0999"


@pytest.mark.parametrize("foreign", ["alembic_version", "flow_run"])
def test_a_database_of_another_application_is_refused_and_left_as_it_is(empty: Engine, foreign: str) -> None:
    with empty.begin() as connection:
        connection.execute(text(f"CREATE TABLE {foreign} (version_num VARCHAR(32))"))
        connection.execute(text(f"INSERT INTO {foreign} VALUES ('0001')"))  # noqa: S608
    for refused in (schema.prepare_schema, schema.upgrade):
        with pytest.raises(StoreError, match=rf"not Gristmill's \({foreign}\)"):
            refused(empty)
    assert tables(empty) == {foreign}


def test_a_migration_that_fails_leaves_nothing_behind(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tables(engine)
    monkeypatch.setattr(
        schema,
        "MIGRATIONS",
        next_release(tmp_path / "next", f"{NEXT}; 1 / 0"),
    )
    with pytest.raises(ZeroDivisionError):
        schema.upgrade(engine)
    assert tables(engine) == before
    assert schema.revision(engine) == HEAD


def test_making_the_tables_that_fails_leaves_nothing_behind(
    empty: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "head", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        schema.prepare_schema(empty)
    monkeypatch.undo()
    assert tables(empty) == set()
    assert schema.revision(empty) is None


def test_the_files_of_the_migrations_are_named_by_revision_in_their_order() -> None:
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    config.set_main_option("path_separator", "os")
    newest_first = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    assert newest_first == sorted(schema.revisions(), reverse=True)
    assert schema.head() == newest_first[0]


def test_a_store_is_made_and_opened_without_alembic(store_url: str) -> None:
    opens = (
        "import sys; from gristmill.db.engine import open_engine; "
        "from gristmill.db.schema import prepare_schema; "
        "[prepare_schema(open_engine(sys.argv[1])) for _ in range(2)]; assert 'alembic' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", opens, store_url], check=True)


def test_the_migrations_are_packages_and_so_are_installed() -> None:
    folders = {path.parent for path in schema.MIGRATIONS.rglob("*.py")}
    assert all((folder / "__init__.py").exists() for folder in folders)
