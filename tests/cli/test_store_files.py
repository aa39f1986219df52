"""Every command on a store with an odd name, and on one that can only be read."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.children import environment
from tests.support.commands import SCRIPTED, Workplace

pytestmark = pytest.mark.full

RUN = ("run", "dart-uniform", *SCRIPTED, "--run-id", "more", "--quota", "2", "--ceiling", "4")
READING = [
    ("runs",),
    ("status", "done"),
    ("report", "done", "--out", "{out}/report.html"),
    ("export", "done", "--out", "{out}/rows"),
    ("exports",),
]


@pytest.mark.parametrize("name", ["what?.db", "100%25 %s.db", "#ö 数?a=b&c.db"])
def test_every_command_works_on_a_store_of_any_name(
    name: str, finished: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = finished.folder / name
    finished.store.rename(path)
    monkeypatch.setenv("GRISTMILL_DATABASE_URL", f"sqlite:///{path}")
    finished.does(*RUN)
    out = finished.folder / "out"
    out.mkdir()
    for command in (*READING, ("reverify", "done"), ("db", "upgrade")):
        finished.does(*(part.format(out=out) for part in command))
    assert "more" in finished.does("runs")
    assert "schema" in finished.does("doctor")
    assert not finished.store.exists()
    assert [file.name for file in finished.folder.glob("*.db*")] == [name]


@pytest.mark.skipif(shutil.which("unshare") is None, reason="needs a file system of its own")
def test_a_store_on_a_read_only_file_system_is_read_by_every_command_that_reads(
    finished: Workplace, tmp_path: Path
) -> None:
    """In a mount namespace of its own, which is gone with the command."""
    kept, out = tmp_path / "kept", tmp_path / "out"
    out.mkdir()
    kept.mkdir()
    finished.store.rename(kept / "gristmill.db")
    script = 'mount --bind kept kept && mount -o remount,ro,bind kept || exit 77; cd kept; "$@"'
    command = [sys.executable, "-m", "gristmill.cli.main"]
    for arguments in READING:
        done = subprocess.run(
            [
                "unshare",
                "-rm",
                "sh",
                "-c",
                script,
                "sh",
                *command,
                *(part.format(out=out) for part in arguments),
            ],
            cwd=tmp_path,
            env=environment(tmp_path, "sqlite:///gristmill.db") | {"PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        if "unshare" in done.stderr or done.returncode == 77:
            pytest.skip("this machine gives no file system of one's own")
        assert done.returncode == 0, done.stderr
    assert (out / "report.html").is_file()
    assert (out / "rows" / "manifest.json").is_file()
    assert "nothing was exported" in done.stdout
