"""The command itself: how it begins and ends, what it copies, and what it refuses to begin with."""

import signal
import socket
import sys
from pathlib import Path

import httpx
import pytest

from gristmill.cli.browse import browse
from gristmill.db.engine import open_engine
from gristmill.db.schema import prepare_schema
from gristmill.db.sessions import Engine
from gristmill.runs.store import DATABASE_VARIABLE
from gristmill.sampling.errors import ConfigError, GristmillError
from tests.support.browsing import VIEW, browsing, fill, rows

pytest.importorskip("datasette", reason="pages are browsed with the extra `browse`")


@pytest.fixture
def filled(sqlite_engine: Engine) -> str:
    """The URL of a store with one run."""
    fill(sqlite_engine)
    return str(sqlite_engine.url)


@pytest.mark.full
def test_what_a_run_adds_is_seen_and_ctrl_c_ends_it(filled: str) -> None:
    with browsing(filled) as (child, pages):
        assert len(rows(pages, VIEW)) == 12
        engine = open_engine(filled)
        fill(engine, "two")
        engine.dispose()
        assert len(rows(pages, VIEW)) == 24
        assert pages.get("/store?sql=delete+from+runs").status_code == 400
        port = pages.base_url.port
        assert port is not None
        child.send_signal(signal.SIGINT)
        _, errors = child.communicate(timeout=60)
        assert (child.returncode, errors) == (130, "")
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port))


def test_runs_are_copied_from_postgresql(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = open_engine(postgres_url)
    prepare_schema(engine)
    fill(engine, "one")
    fill(engine, "two")
    engine.dispose()
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with browsing(postgres_url, "--run", "two") as (child, pages):
        assert {row["run"] for row in rows(pages, VIEW)} == {"two"}
        assert len(rows(pages, VIEW)) == 12
        assert list(tmp_path.iterdir()) != []
        child.send_signal(signal.SIGINT)
        child.communicate(timeout=60)
    assert list(tmp_path.iterdir()) == []


def refusal(monkeypatch: pytest.MonkeyPatch, url: str, *arguments: str) -> str:
    monkeypatch.setenv(DATABASE_VARIABLE, url)
    with pytest.raises(GristmillError) as told:
        browse.main([*arguments], standalone_mode=False)
    return str(told.value)


def test_a_whole_postgresql_store_is_refused_with_what_to_do(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "`gristmill browse --run RUN`" in refusal(monkeypatch, postgres_url)


def test_what_cannot_be_browsed_is_told(filled: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert f"port {port}" in refusal(monkeypatch, filled, "--port", port)
    assert "no run 'nobody'" in refusal(monkeypatch, filled, "--run", "nobody")
    assert "cannot listen on no such host" in refusal(monkeypatch, filled, "--host", "no such host")
    assert "there is none" in refusal(monkeypatch, f"sqlite:///{tmp_path / 'none.db'}")


def test_without_datasette_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "datasette", None)
    with pytest.raises(ConfigError, match=r"gristmill\[browse\]"):
        browse.main([], standalone_mode=False)


@pytest.mark.parametrize(("host", "is_warned_of"), [("127.0.0.1", False), ("0.0.0.0", True)])  # noqa: S104
def test_another_address_than_this_machines_is_warned_of(
    filled: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    host: str,
    is_warned_of: bool,
) -> None:
    monkeypatch.setenv(DATABASE_VARIABLE, filled)
    monkeypatch.setattr("uvicorn.Server.run", lambda server, sockets: None)
    hosts: list[object] = []
    monkeypatch.setattr("gristmill.reports.browse.browse_app", lambda file, allowed: hosts.append(allowed))
    browse.main(["--host", host, "--port", "0"], standalone_mode=False)
    said, warned = capsys.readouterr()
    assert said.startswith(f"The store is at http://{host}:")
    assert ("whoever reaches this port reads the whole store" in warned) is is_warned_of
    assert (hosts == [None]) is is_warned_of, "which names it answers to"


@pytest.mark.full
def test_whoever_reaches_another_address_is_answered(filled: str) -> None:
    with browsing(filled, "--host", "0.0.0.0") as (child, pages):  # noqa: S104
        port = pages.base_url.port
        answer = httpx.get(
            f"http://127.0.0.2:{port}/store", headers={"Host": "mill.example"}, trust_env=False
        )
        assert answer.status_code == 200
        child.send_signal(signal.SIGINT)
        _, errors = child.communicate(timeout=60)
    assert errors == "whoever reaches this port reads the whole store; there is no password\n"
