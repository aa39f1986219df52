"""The lock of `gristmill serve`, with real processes: who has it, who is refused, and when it is free."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gristmill.flows.serve.lock import serve_lock
from gristmill.sampling.errors import ConfigError
from tests.support.children import ROOT
from tests.support.commands import Workplace

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no such lock")
HAS_IT = """
import subprocess, sys
from pathlib import Path
from gristmill.flows.serve.lock import serve_lock
with serve_lock(Path(sys.argv[1])):
    left = subprocess.Popen([sys.executable, "-c", "input()"], stdin=0, stdout=subprocess.DEVNULL)
    print(left.pid, flush=True)
    left.wait()
"""
"""Says the number of a child of its own, which lives until the input is closed."""


@contextmanager
def another(home: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", HAS_IT, str(home)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, text=True
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline().strip().isdecimal()
            yield process
        finally:
            process.kill()


def test_a_second_one_is_told_who_serves_and_what_to_do(tmp_path: Path) -> None:
    with another(tmp_path) as other, pytest.raises(ConfigError) as refused, serve_lock(tmp_path):
        raise AssertionError("both have it")
    told = str(refused.value)
    assert f"(process {other.pid}) serves from PREFECT_HOME {tmp_path}" in told
    assert "stop it, set PREFECT_API_URL to its server, or name another PREFECT_HOME" in told


def test_one_that_is_killed_has_it_no_longer_though_what_it_started_lives(tmp_path: Path) -> None:
    with another(tmp_path) as other:
        other.kill()
        other.wait()
        with serve_lock(tmp_path) as since:
            assert since is not None
            assert since <= datetime.now(UTC)


def test_another_home_has_a_lock_of_its_own(tmp_path: Path) -> None:
    with serve_lock(tmp_path / "one"), serve_lock(tmp_path / "two"):
        locks = sorted(tmp_path.glob("*/gristmill-serve.lock"))
        assert [lock.parent.name for lock in locks] == ["one", "two"]


def test_what_the_first_one_finds_may_be_anybodys(tmp_path: Path) -> None:
    with serve_lock(tmp_path) as since:
        assert since is None


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nobody is ever seen to be gone")
@pytest.mark.parametrize(
    ("host", "known"), [("{name} {boot} {space}", True), ("{name} b00t x", True), ("far {boot} x", False)]
)
def test_it_is_known_that_others_are_gone_on_the_same_machine_and_after_a_start_of_it(
    tmp_path: Path, host: str, known: bool
) -> None:
    with serve_lock(tmp_path):
        pass
    file = tmp_path / "gristmill-serve.lock"
    process, this = file.read_text("utf-8").splitlines()
    name, boot, space = this.split(" ")
    file.write_text(f"{process}\n{host.format(name=name, boot=boot, space=space)}\n", "utf-8")
    with serve_lock(tmp_path) as since:
        assert (since is not None) is known


def test_a_home_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")
    with pytest.raises(ConfigError, match="name another PREFECT_HOME"), serve_lock(tmp_path / "home"):
        raise AssertionError


def test_the_command_refuses_before_it_starts_anything(workplace: Workplace, tmp_path: Path) -> None:
    from prefect.settings import PREFECT_API_URL, PREFECT_HOME, temporary_settings

    home = tmp_path / "prefect"
    with temporary_settings({PREFECT_HOME: home}, restore_defaults={PREFECT_API_URL}), serve_lock(home):
        told = workplace.refuses("serve", "--in-own-session")
    assert f"serves from PREFECT_HOME {home}" in told
    assert [file.name for file in home.iterdir()] == ["gristmill-serve.lock"]
