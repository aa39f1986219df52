"""Flows called in the test's own process, on a real Prefect server and an own store."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from prefect.settings import PREFECT_API_URL, PREFECT_HOME, temporary_settings

from gristmill.flows.local import drain_prefect
from tests.flows.prefect.prefect_servers import PrefectServer


@pytest.fixture(scope="session")
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrefectServer]:
    server = PrefectServer(tmp_path_factory.mktemp("prefect-server"))
    server.start()
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture
def place(own_server: PrefectServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A working directory whose store is empty, from which Prefect is reached."""
    own_server.start()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GRISTMILL_DATABASE_URL", f"sqlite:///{tmp_path / 'store.db'}")
    for name in ("GRISTMILL_REPORTS", "GRISTMILL_REPORTS_URL", "GRISTMILL_SERVERS"):
        monkeypatch.delenv(name, raising=False)
    changes = {PREFECT_API_URL: own_server.api, PREFECT_HOME: tmp_path / "prefect"}
    with temporary_settings(changes):
        try:
            yield tmp_path
        finally:
            drain_prefect()
