"""A hub on loopback in the place of the real one, and an export to push to it."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from gristmill.exports.hub import push
from tests.exports.hub.exported import FILES, TOKEN, Push, an_export
from tests.exports.hub.server import Hub, running_hub


@pytest.fixture(autouse=True)
def _token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", TOKEN)


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """In the place of the real one, as the variable HF_ENDPOINT puts it at the start of a process."""
    from huggingface_hub import close_session, constants

    with running_hub() as hub:
        monkeypatch.setattr(constants, "ENDPOINT", hub.url)
        monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
        monkeypatch.setattr(constants, "HF_HUB_DISABLE_TELEMETRY", False)
        yield hub
        close_session()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return an_export(tmp_path / "set", FILES)


@pytest.fixture
def pushed(folder: Path) -> Push:
    return partial(push, folder, "owner/name")
