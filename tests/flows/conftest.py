"""Flows called in the test's own process, on the Prefect server of the test run and a store of their own."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from prefect.client.orchestration import PrefectClient, get_client
from prefect.settings import PREFECT_API_URL, PREFECT_HOME, temporary_settings

from gristmill.flows.local import drain_prefect
from tests.flows.prefect.prefect_servers import PrefectServer
from tests.stub.server import StubServer, serve


@pytest.fixture
def place(server: PrefectServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A working directory whose store is empty, from which Prefect is reached."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GRISTMILL_DATABASE_URL", f"sqlite:///{tmp_path / 'store.db'}")
    for name in ("GRISTMILL_REPORTS", "GRISTMILL_REPORTS_URL", "GRISTMILL_SERVERS"):
        monkeypatch.delenv(name, raising=False)
    with temporary_settings({PREFECT_API_URL: server.api, PREFECT_HOME: tmp_path / "prefect"}):
        try:
            yield tmp_path
        finally:
            drain_prefect()


@pytest.fixture
async def client(place: Path) -> AsyncIterator[PrefectClient]:
    async with get_client() as client:
        yield client


@pytest.fixture
async def stub() -> AsyncIterator[StubServer]:
    async with serve(StubServer()) as running:
        yield running
