"""Working directories for the tests of the command: an empty one, and one with a finished run."""

import os
import shutil
from pathlib import Path

import pytest

from flows.cli import main
from tests.flows.commands import SCRIPTED, Workplace


@pytest.fixture
def workplace(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
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
        main(["run", "dart-uniform", *SCRIPTED, "--run-id", "done", "--quota", "2", "--ceiling", "4"])
    return path


@pytest.fixture
def finished(workplace: Workplace, finished_store: Path) -> Workplace:
    """A working directory with a copy of that store."""
    shutil.copy(finished_store, workplace.store)
    return workplace
