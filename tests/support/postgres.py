"""A PostgreSQL server for the tests: the one that is named, or one of our own that cannot outlive them."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, create_engine, make_url
from sqlalchemy.exc import OperationalError

VARIABLE = "GRISTMILL_TEST_POSTGRES"
START_SECONDS = 60.0
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "50",
    "shared_buffers": "64MB",
}
INITDB = ("--username=gristmill", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync")


class ServerUnavailableError(Exception):
    """There is no server, and none can be started here."""


@contextmanager
def running_server() -> Iterator[URL]:
    """The URL of its maintenance database. Raises ServerUnavailableError."""
    named = os.environ.get(VARIABLE)
    if named:
        yield make_url(named).set(drivername="postgresql+psycopg")
        return
    programs = _programs()
    # Not pytest's own folder: that one is closed to other users, and the path of a socket must be short.
    folder = Path(tempfile.mkdtemp(prefix="gristmill-pg-"))
    try:
        with _started(programs, folder) as url:
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    """The newest `bin` folder that has both `initdb` and `postgres`."""
    on_path = shutil.which("initdb")
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    candidates = [Path(on_path).resolve().parent] if on_path else []
    for folder in [*candidates, *reversed(installed)]:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise ServerUnavailableError(f"no PostgreSQL: set {VARIABLE}, or install its server")


def _as_ordinary_user(folder: Path) -> list[str]:
    """The prefix of a command that PostgreSQL does not run as root; the folder then belongs to that user."""
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        raise ServerUnavailableError("PostgreSQL does not run as root, and setpriv is missing")
    user = pwd.getpwnam("nobody")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]


def _dying_with_us(prefix: list[str]) -> list[str]:
    """The prefix of a command that is sent SIGQUIT when the tests are killed before they can stop it."""
    if shutil.which("setpriv") is None:
        return prefix
    return [*(prefix or ["setpriv"]), "--pdeathsig=QUIT"]


@contextmanager
def _started(programs: Path, folder: Path) -> Iterator[URL]:
    prefix = _as_ordinary_user(folder)
    data = folder / "data"
    initdb = [str(programs / "initdb"), f"--pgdata={data}", *INITDB]
    subprocess.run([*prefix, *initdb], check=True, capture_output=True, cwd=folder)
    settings = [f"--{name}={value}" for name, value in SETTINGS.items()]
    command = [*_dying_with_us(prefix), str(programs / "postgres"), f"-D{data}", f"-k{folder}", *settings]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=folder, start_new_session=True
        )
    url = URL.create("postgresql+psycopg", "gristmill", database="postgres", query={"host": str(folder)})
    try:
        _wait_until_ready(server, url, folder / "log")
        yield url
    finally:
        server.send_signal(signal.SIGQUIT)
        server.wait(START_SECONDS)


def _wait_until_ready(server: subprocess.Popen[bytes], url: URL, log: Path) -> None:
    try:
        engine = create_engine(url)
    except ModuleNotFoundError as exc:
        raise ServerUnavailableError("psycopg is not installed: pip install 'gristmill[postgres]'") from exc
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            engine.connect().close()
        except OperationalError as exc:
            if server.poll() is not None or time.monotonic() > deadline:
                raise ServerUnavailableError(f"PostgreSQL did not start: {log.read_text()[-500:]}") from exc
            time.sleep(0.02)  # it tells nobody when it is ready
        else:
            engine.dispose()
            return
