"""A real Prefect server for the tests that look at what it was shown, and a place to run flows from."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from prefect.settings import PREFECT_API_URL, PREFECT_HOME, temporary_settings

from gristmill.flows.local import QUIET, drain_prefect, prefect_server


@pytest.fixture(scope="session")
def prefect_api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with a home of its own, so that nobody's runs are touched."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PREFECT_HOME", str(tmp_path_factory.mktemp("prefect")))
        for name, value in QUIET.items():
            patch.setenv(name, value)
        patch.setenv("PREFECT_SERVER_SERVICES_EVENT_PERSISTER_FLUSH_INTERVAL", "0.1")  # 5 s by default
        with prefect_server() as url:
            yield url


@pytest.fixture
def place(prefect_api: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A working directory with an empty store, from which that server is reached."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GRISTMILL_DATABASE_URL", f"sqlite:///{tmp_path / 'store.db'}")
    for name in ("GRISTMILL_REPORTS", "GRISTMILL_REPORTS_URL"):
        monkeypatch.delenv(name, raising=False)
    with temporary_settings({PREFECT_API_URL: prefect_api, PREFECT_HOME: tmp_path / "prefect"}):
        try:
            yield tmp_path
        finally:
            drain_prefect()
