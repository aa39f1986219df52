"""The file of a SQLite store: any path, what it holds without its -wal, read-only places, a lost one."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from gristmill.db.engine import open_engine
from gristmill.db.reports.browse_views import open_with_views
from gristmill.db.runs import create_run, list_runs
from gristmill.db.schema import prepare_schema
from gristmill.db.sessions import is_read_only, reading, writing
from gristmill.db.sqlite_file import LostStoreError
from gristmill.sampling.errors import StoreError
from tests.db.samples import a_problem, an_attempt, read, start_run, store
from tests.support.children import ROOT
from tests.support.stores import made_store

PATHS = [
    "store.db",
    "what?.db",
    "what?x=1.db",
    "?",
    "100%.db",
    "%3F%20.db",
    "#1.db",
    "a b.db",
    "ö ü 数.db",
    "a'b\"c.db",
    "~/x.db",
    "./x.db",
    "file:x.db",
    "a&b=c;d.db",
    "q?/in a folder.db",
]


@pytest.mark.parametrize("name", PATHS)
def test_any_path_names_the_file_that_it_says(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).parent.mkdir(exist_ok=True)
    for prefix in ("", f"{tmp_path}/"):
        with made_store(f"sqlite:///{prefix}{name}") as engine:
            assert Path(str(engine.url.database)).resolve() == (tmp_path / name).resolve()
            assert (tmp_path / name).is_file()
            with closing(open_with_views(tmp_path / name)) as connection:
                assert connection.execute("SELECT count(*) FROM runs").fetchone() == (0,)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [tmp_path / name]


def killed_store(folder: Path, *, small: bool = True) -> Path:
    """A store whose writer was killed once its run was made; a large one has a -wal of over 1,000 pages."""
    path = folder / "store.db"
    script = (
        "import os, sys\n"
        "from tests.db.test_sqlite_file import make_a_run\n"
        "make_a_run(sys.argv[1], sys.argv[2] == 'True')\n"
        "os.kill(os.getpid(), 9)"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", script, f"sqlite:///{path}", str(small)], env=environment, check=False
    )
    assert done.returncode == -9
    return path


def make_a_run(url: str, small: bool) -> None:
    """Leaves its connections open."""
    engine = open_engine(url)
    prepare_schema(engine)
    with writing(engine, into_file=True) as session:
        create_run(session, run_id="killed", recipe="uniform", config="{}", seed=7, code_version="0.1.0")
    problem = a_problem(1)
    start_run(engine, [problem])
    for number in range(1 if small else 8):
        store(engine, [an_attempt(problem, number, text="x" * 1_000_000)])


def runs_in(path: Path) -> list[str]:
    with closing(sqlite3.connect(f"{path.as_uri()}?immutable=1", uri=True)) as connection:
        return sorted(run_id for (run_id,) in connection.execute("SELECT id FROM runs"))


def test_the_file_of_a_killed_store_has_its_run_without_its_wal(tmp_path: Path) -> None:
    path = killed_store(tmp_path)
    assert Path(f"{path}-wal").stat().st_size > 0
    assert runs_in(path) == ["killed"]
    with made_store(f"sqlite:///{path}") as engine:
        assert [run.id for run in read(engine, list_runs)] == ["run-1", "killed"]


@pytest.mark.full
def test_the_file_has_what_was_written_over_a_thousand_pages_ago(tmp_path: Path) -> None:
    path = killed_store(tmp_path, small=False)
    assert runs_in(path) == ["killed", "run-1"]


def test_what_a_long_reader_held_up_is_moved_by_the_next_write(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with made_store(f"sqlite:///{path}") as engine:
        with reading(engine) as session:
            assert list_runs(session) == []
            begun(engine, "during")
            assert list_runs(session) == []
        begun(engine, "after")
        assert runs_in(path) == ["after", "during"]


def begun(engine: Engine, run_id: str) -> None:
    with writing(engine, into_file=True) as session:
        create_run(session, run_id=run_id, recipe="uniform", config="{}", seed=7, code_version="0.1.0")


def closed_store(folder: Path) -> Path:
    with made_store(f"sqlite:///{folder / 'store.db'}") as engine:
        begun(engine, "killed")
        start_run(engine, [a_problem(1)])
    return folder / "store.db"


def killed_with_shm(folder: Path) -> Path:
    path = killed_store(folder)
    assert Path(f"{path}-shm").exists()
    return path


def killed_without_shm(folder: Path) -> Path:
    path = killed_store(folder)
    Path(f"{path}-shm").unlink()
    return path


STORES = {
    "closed": closed_store,
    "killed, with -shm": killed_with_shm,
    "killed, without -shm": killed_without_shm,
}
PLACES = {"a file system": "ro", "a folder of another user": "folder", "a file of another user": "file"}
_LOOK = """
import sys
from tests.db.test_sqlite_file import look
look(sys.argv[1])
"""


def look(path: str) -> None:
    """What a process sees of a store that it may only read."""
    engine = open_engine(f"sqlite:///{path}", must_exist=True)
    prepare_schema(engine)
    with reading(engine) as session, reading(engine) as other:  # on two connections
        assert sorted(run.id for run in list_runs(session)) == ["killed", "run-1"]
        assert list_runs(other) == list_runs(session)
    assert is_read_only(engine)
    with pytest.raises(StoreError, match="it is read-only: make the file and its folder writable"):
        begun(engine, "more")
    engine.dispose()
    with closing(open_with_views(Path(path))) as connection:
        assert connection.execute("SELECT count(*) FROM runs").fetchone() == (2,)
    sys.stdout.write("seen")


@pytest.mark.full
@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
@pytest.mark.parametrize("make", STORES.values(), ids=STORES)
def test_a_store_that_may_only_be_read_is_read_whole(make: object, place: str, tmp_path: Path) -> None:
    assert callable(make)
    folder = tmp_path / "kept"
    folder.mkdir()
    path = make(folder)
    before = {file.name: file.read_bytes() for file in folder.iterdir() if not file.name.endswith("-shm")}
    done = looked_at(path, place)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "seen"
    if place != "file":
        after = {file.name: file.read_bytes() for file in folder.iterdir() if not file.name.endswith("-shm")}
        assert after == before


def looked_at(path: Path, place: str) -> subprocess.CompletedProcess[str]:
    """Root may write anywhere but to a file system that is mounted read-only: it looks as another user."""
    command = [sys.executable, "-c", _LOOK, str(path)]
    if place == "ro":
        if shutil.which("unshare") is None:
            pytest.skip("needs a file system of its own")
        script = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" || exit 77; exec "$@"'
        command = ["unshare", "-rm", "sh", "-c", script, str(path.parent), *command]
    else:
        command = [*as_another_user(path), *command]
        for file in path.parent.iterdir():
            file.chmod(0o444)
        path.parent.chmod(0o777 if place == "file" else 0o555)
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode == 77 or "unshare" in done.stderr:
        pytest.skip("this machine gives no file system of one's own")
    return done


def as_another_user(path: Path) -> list[str]:
    if os.geteuid() != 0:
        return []  # its own user may not write what has no permission to write
    if shutil.which("setpriv") is None:
        pytest.skip("root may write anywhere, and there is no setpriv to become another user")
    for folder in path.parents:
        if not folder.stat().st_mode & 0o001:
            folder.chmod(folder.stat().st_mode | 0o011)
    return ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]


def test_a_store_that_can_be_written_is_not_read_only(tmp_path: Path) -> None:
    with made_store(f"sqlite:///{tmp_path / 'store.db'}") as engine:
        assert not is_read_only(engine)


@pytest.mark.parametrize("replaced", [False, True], ids=["deleted", "replaced"])
def test_a_file_that_goes_away_is_told_to_readers_and_writers_and_none_is_made_anew(
    replaced: bool, tmp_path: Path
) -> None:
    path = tmp_path / "store.db"
    with made_store(f"sqlite:///{path}") as engine:
        start_run(engine, [a_problem(1)])
        path.unlink()
        if replaced:
            path.write_bytes(b"")
        said = "another file was put in its place" if replaced else "its file was deleted"
        for use in (
            lambda: read(engine, list_runs),
            lambda: begun(engine, "x"),
            lambda: is_read_only(engine),
        ):
            with pytest.raises(LostStoreError, match=said):
                use()
        assert path.exists() == replaced
        assert not replaced or path.read_bytes() == b""


def test_a_file_that_goes_away_in_a_transaction_fails_its_commit(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with made_store(f"sqlite:///{path}") as engine:
        with pytest.raises(LostStoreError, match="its file was deleted"):
            delete_within(engine, path)
        assert not path.exists()


def delete_within(engine: Engine, path: Path) -> None:
    with writing(engine) as session:
        session.execute(text("UPDATE runs SET message = 'x'"))
        path.unlink()
