"""A store that cannot be used: one line that says what to do, exit code 1, and nothing half-written in it."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, make_url

from gristmill.db import schema
from gristmill.db.engine import open_engine
from gristmill.db.schema import prepare_schema
from tests.db.older_revisions import next_release
from tests.support.children import environment
from tests.support.commands import SCRIPTED, Workplace

RUN = ["run", "dart-uniform", *SCRIPTED, "--run-id", "r", "--quota", "2", "--ceiling", "4"]
ASKING = [
    RUN,
    ["runs"],
    ["status", "done"],
    ["show", "done", "--problem", "a"],
    ["export", "done"],
    ["reverify", "done"],
]

URLS = {
    "not a URL": ("nonsense", "not a database URL"),
    "another database": ("mysql://localhost/mill", "known are sqlite:///PATH and postgresql://"),
    "in memory": ("sqlite://", "names no file"),
    "no folder": ("sqlite:///nope/store.db", "mkdir -p"),
    "a folder": ("sqlite:///.", "the path must be a file"),
    "no database": ("sqlite:///text.db", "is not a SQLite database"),
    "nobody listens": ("postgresql://127.0.0.1:9/mill", "check the server and GRISTMILL_DATABASE_URL"),
}


@pytest.mark.parametrize(("url", "says"), URLS.values(), ids=URLS)
def test_a_store_that_cannot_be_opened_is_named_and_left_as_it_is(
    url: str, says: str, workplace: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    text_file = workplace.write("text.db", "These are my notes, and not a database at all.\n" * 100)
    before = text_file.read_bytes()
    monkeypatch.setenv("GRISTMILL_DATABASE_URL", url)
    assert says in workplace.refuses(*RUN)
    assert text_file.read_bytes() == before


def set_revision(store: Path, revision: str) -> None:
    with closing(sqlite3.connect(store)) as connection:
        connection.execute("UPDATE gristmill_version SET version_num = ?", [revision])
        connection.commit()


@pytest.mark.parametrize("arguments", [*ASKING, ["db", "upgrade"]], ids=lambda arguments: arguments[0])
def test_a_newer_schema_is_answered_with_upgrade_gristmill(arguments: list[str], finished: Workplace) -> None:
    set_revision(finished.store, "9999")
    assert "made by a newer Gristmill (revision 9999); upgrade gristmill" in finished.refuses(*arguments)


@pytest.mark.parametrize("arguments", ASKING, ids=lambda arguments: arguments[0])
def test_an_older_schema_is_answered_with_the_command_that_upgrades_it(
    arguments: list[str], finished: Workplace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "MIGRATIONS", next_release(tmp_path / "next", "pass"))
    assert "back it up, then run `gristmill db upgrade`" in finished.refuses(*arguments)
    assert "-> 9999" in finished.does("db", "upgrade")
    assert "done" in finished.does("runs")


def test_a_read_only_store_is_told_and_can_still_be_read(
    finished: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRISTMILL_DATABASE_URL", f"sqlite:///file:{finished.store}?mode=ro&uri=true")
    assert "read-only: make the file and its folder writable, or name another store" in finished.refuses(*RUN)
    assert "finished" in finished.does("status", "done")


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes to any file")
def test_a_store_in_a_folder_of_somebody_else_is_told(finished: Workplace) -> None:
    finished.store.chmod(0o444)
    assert "writable" in finished.refuses(*RUN)


def test_a_postgresql_user_who_may_only_read_is_told_and_can_still_read(
    workplace: Workplace, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = open_engine(postgres_url)
    prepare_schema(engine)
    engine.dispose()
    reader = make_url(postgres_url).update_query_dict({"options": "-c role=pg_read_all_data"})
    monkeypatch.setenv("GRISTMILL_DATABASE_URL", reader.render_as_string(hide_password=False))
    assert "permission is denied: grant the user all rights" in workplace.refuses(*RUN)
    assert "dart-uniform" not in workplace.does("runs")


def keeps_to(pages: int) -> Callable[[sqlite3.Connection, object], None]:
    """A disk that takes so many pages, for every connection that is opened."""

    def limit(connection: sqlite3.Connection, _: object) -> None:
        connection.execute(f"PRAGMA max_page_count={pages}").close()

    return limit


@pytest.mark.full
@pytest.mark.parametrize("room", [0, 20])
def test_a_disk_that_fills_up_costs_nothing_that_was_stored_and_the_run_goes_on_when_there_is_room(
    room: int, finished: Workplace
) -> None:
    """With no room the run cannot even begin; with some it begins, and the disk fills up under it."""
    with closing(sqlite3.connect(finished.store)) as connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
    limit = keeps_to(pages + room)
    event.listen(Engine, "connect", limit)
    try:
        said = finished.fails(*RUN, "--quota", "40", "--ceiling", "60", "--group-size", "10")
    finally:
        event.remove(Engine, "connect", limit)
    assert said.endswith("the disk is full: free some space, then run the same command again")
    with closing(sqlite3.connect(finished.store)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        pairs = "SELECT (SELECT count(*) FROM attempts), (SELECT count(*) FROM verdicts)"
        attempts, verdicts = connection.execute(pairs).fetchone()
    assert attempts == verdicts
    assert "r (dart-uniform): finished" in finished.does(
        *RUN, "--quota", "40", "--ceiling", "60", "--group-size", "10"
    )


@pytest.mark.full
@pytest.mark.skipif(shutil.which("unshare") is None, reason="needs a file system of its own")
def test_a_full_file_system_is_told_like_a_full_database(workplace: Workplace) -> None:
    """In a mount namespace of its own, which is gone with the command."""
    (workplace.folder / "small").mkdir()
    script = (
        "mount -t tmpfs -o size=400k tmpfs small || exit 77; "
        'cd small && "$0" -c "from gristmill.cli.main import main; main()" "$@"; '
        'code=$?; ls -A | grep -v "^gristmill.db" ; exit $code'
    )
    url = "sqlite:///gristmill.db"
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script, sys.executable, *RUN, "--quota", "40", "--ceiling", "60"],
        cwd=workplace.folder,
        env=environment(workplace.folder, url),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if "unshare" in done.stderr or done.returncode == 77:
        pytest.skip("this machine gives no file system of one's own")
    assert done.returncode == 1, done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert "the disk is full: free some space" in done.stderr.splitlines()[-1]
