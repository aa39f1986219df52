"""`gristmill db upgrade` as it is called: what it says before and after, and what it refuses."""

import re
import shlex
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest
from sqlalchemy import Engine, create_engine, update

from gristmill.cli.store import backup_command
from gristmill.db import schema
from gristmill.db.clock import now
from gristmill.db.engine import open_engine
from gristmill.db.tables.core import RunRow
from tests.db.older_revisions import OLDER, content, make_older
from tests.support.commands import Workplace

HEAD = schema.head()


@pytest.fixture
def older(workplace: Workplace) -> Iterator[Engine]:
    """The store of the working directory, of the oldest revision, with a run left `running` long ago."""
    engine = open_engine(f"sqlite:///{workplace.store}")
    make_older(engine, OLDER[0])
    yield engine
    engine.dispose()


def beat(engine: Engine, seconds_ago: float) -> None:
    with engine.begin() as connection:
        moment = now() - timedelta(seconds=seconds_ago)
        connection.execute(update(RunRow).values(updated_at=moment))


@pytest.mark.usefixtures("older")
def test_an_upgrade_says_how_to_back_up_and_what_was_done(workplace: Workplace) -> None:
    told = workplace.does("db", "upgrade").splitlines()
    assert told == [
        f"schema {OLDER[0]} is older: upgrading it in one transaction",
        "a backup is made by: sqlite3 gristmill.db '.backup \"gristmill.db.bak\"' "
        "(or, while nothing writes to it, copy the file with its -wal)",
        f"schema {OLDER[0]} -> {HEAD}",
    ]
    assert workplace.does("db", "upgrade") == f"schema {HEAD}: nothing to do\n"


def test_a_new_store_is_made_without_advice(workplace: Workplace) -> None:
    assert workplace.does("db", "upgrade") == f"schema none -> {HEAD}\n"


def test_an_upgrade_under_an_active_run_is_refused_by_name_and_changes_nothing(
    older: Engine, workplace: Workplace
) -> None:
    beat(older, seconds_ago=3)
    before = content(older)
    told = workplace.refuses("db", "upgrade")
    assert re.search(r"1 of its runs is active: run \(heard of \d+ s ago\)", told)
    assert "stop them first (Ctrl-C), or upgrade under them with `gristmill db upgrade --force`" in told
    assert (schema.revision(older), content(older)) == (OLDER[0], before)


def test_force_upgrades_under_an_active_run(older: Engine, workplace: Workplace) -> None:
    beat(older, seconds_ago=3)
    assert f"schema {OLDER[0]} -> {HEAD}" in workplace.does("db", "upgrade", "--force")
    assert "running" in workplace.does("runs")


@pytest.mark.parametrize("name", ["store.db", "a store.db", "$HOME & co.db"])
def test_the_advice_for_sqlite_is_a_command_with_the_file_in_it(workplace: Workplace, name: str) -> None:
    engine = create_engine(f"sqlite:///{name}")
    program, file, copy, *_ = shlex.split(backup_command(engine).partition(" (or")[0])
    assert (program, file) == ("sqlite3", name)
    # The shell of SQLite takes quotes as the shell does.
    assert shlex.split(copy) == [".backup", f"{name}.bak"]


@pytest.mark.parametrize(
    ("url", "advice"),
    [
        ("user:secret@db.example:5433/mill", "pg_dump -h db.example -p 5433 -Fc -f mill.dump mill"),
        ("/mill?host=/run/pg", "pg_dump -h /run/pg -Fc -f mill.dump mill"),
    ],
)
def test_the_advice_for_postgresql_names_the_server_and_no_password(url: str, advice: str) -> None:
    assert backup_command(create_engine(f"postgresql+psycopg://{url}")) == advice


def test_the_copy_that_is_advised_holds_everything(older: Engine, workplace: Workplace) -> None:
    """By the same interface that the shell's `.backup` uses, with the store open elsewhere."""
    copy = workplace.folder / "copy.db"
    before = content(older)
    with closing(sqlite3.connect(workplace.store)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    copied = open_engine(f"sqlite:///{copy}")
    assert content(copied) == before
    copied.dispose()
