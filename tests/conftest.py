"""Stores for the tests: whatever asks for one runs on SQLite and on PostgreSQL, each time on an empty one.

`GRISTMILL_TEST_POSTGRES` names a server where databases may be made. Without it one is started from the
binaries on the machine, for the session, on a Unix socket in a temporary folder; without these the PostgreSQL
half is skipped.
"""

import os
import shutil
import signal
import sys
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import settings
from sqlalchemy import URL, Engine, create_engine, text
from sqlalchemy.pool import NullPool

# A busy machine is no fault of an example. `make test-all` takes the full profile.
from gristmill.cli.main import main
from gristmill.db.engine import open_engine
from gristmill.db.schema import prepare_schema
from tests.flows.prefect.prefect_servers import PrefectServer
from tests.support.commands import SCRIPTED, Workplace, verify_here
from tests.support.postgres import ServerUnavailableError, running_server

settings.register_profile("quick", deadline=None, max_examples=20)
settings.register_profile("full", deadline=None)
settings.load_profile("quick")


def pytest_configure() -> None:
    """Background jobs of a shell ignore SIGINT, and the commands that the tests start would inherit it."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Prefect's clients leave sockets open, which are collected in whichever test comes later."""
    if "prefect" in sys.modules:
        item.add_marker(pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"))
    return (yield)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What asks for a PostgreSQL database itself, and not for a store on either, is left to the full tier."""
    for item in items:
        if "postgres_url" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.full)


END_OTHERS = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


@pytest.fixture(scope="session")
def postgres_database() -> Iterator[URL]:
    """A database of this session's own."""
    name = f"gristmill_{uuid4().hex}"
    with ExitStack() as stack:
        try:
            url = stack.enter_context(running_server())
        except ServerUnavailableError as exc:
            pytest.skip(str(exc))
        server = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with server.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        yield url.set(database=name)
        with server.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
def postgres_url(postgres_database: URL) -> str:
    """An empty database. It is the same one each time, emptied: that takes a tenth of making one."""
    database = create_engine(postgres_database, poolclass=NullPool)
    with database.begin() as connection:
        connection.execute(text(END_OTHERS))
        connection.execute(text("DROP SCHEMA IF EXISTS public, declared CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    return postgres_database.render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def one_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrefectServer]:
    """The Prefect server of this process, started by the first test that wants one."""
    server = PrefectServer(tmp_path_factory.mktemp("prefect-server"))
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture
def server(one_server: PrefectServer) -> PrefectServer:
    """Running, with all that earlier tests made there, whatever the test before did to it."""
    one_server.start()
    return one_server


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.full)])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty store, once in each database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'store.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture(scope="session")
def prepared_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite store without rows. Copying it takes a hundredth of the time that migrations take."""
    path = tmp_path_factory.mktemp("prepared") / "store.db"
    engine = open_engine(f"sqlite:///{path}")
    prepare_schema(engine)
    engine.dispose()
    return path


@pytest.fixture
def engine(store_url: str, prepared_store: Path) -> Iterator[Engine]:
    """A prepared store, once in each database."""
    if store_url.startswith("sqlite:///"):
        shutil.copyfile(prepared_store, store_url.removeprefix("sqlite:///"))
    engine = open_engine(store_url)
    prepare_schema(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def sqlite_engine(tmp_path: Path, prepared_store: Path) -> Iterator[Engine]:
    """A prepared store on SQLite alone."""
    shutil.copyfile(prepared_store, tmp_path / "store.db")
    engine = open_engine(f"sqlite:///{tmp_path / 'store.db'}")
    yield engine
    engine.dispose()


@pytest.fixture
def verifier_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs in the test's own process verify there, too: a pool of processes takes a second to start."""
    verify_here(monkeypatch)


@pytest.fixture
def workplace(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    verifier_here: None,
) -> Workplace:
    for name in os.environ:
        if name.startswith(("GRISTMILL_", "PREFECT_")):
            monkeypatch.delenv(name)
    folder = tmp_path / "workplace"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return Workplace(folder, capsys)


@pytest.fixture(scope="session")
def finished_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the finished run `done`, made once."""
    path = tmp_path_factory.mktemp("finished") / "gristmill.db"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRISTMILL_DATABASE_URL", f"sqlite:///{path}")
        verify_here(patch)
        main(["run", "dart-uniform", *SCRIPTED, "--run-id", "done", "--quota", "2", "--ceiling", "4"])
    return path


@pytest.fixture
def finished(workplace: Workplace, finished_store: Path) -> Workplace:
    """A working directory with a copy of that store."""
    shutil.copy(finished_store, workplace.store)
    return workplace
