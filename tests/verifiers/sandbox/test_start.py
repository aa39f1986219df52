"""How a sandbox starts, what it gives a right program, and how a start that fails is told."""

import os
import resource
import select
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from gristmill.sampling.errors import UnavailableError
from gristmill.verifiers.sandbox import environment
from gristmill.verifiers.sandbox.execution import Isolation
from gristmill.verifiers.sandbox.run import run_python
from tests.verifiers.sandbox.hosts import HOST, Host, descendants, host

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="namespaces are Linux's")


@pytest.mark.parametrize("isolation", Isolation)
def test_a_program_ends_by_exit_and_quit_as_anywhere(sandbox: Host, isolation: Isolation) -> None:
    ends = {"exit()": 0, "exit(0)": 0, "quit(3)": 3, "exit(code=4)": 4, "import sys; sys.exit(5)": 5}
    found = {code: sandbox.run(code, isolation=isolation).exit_code for code in ends}
    assert found == ends


HOW_DEEP = """
def deeper(n):
    try:
        return deeper(n + 1)
    except RecursionError:
        return n
print(deeper(1))
"""


def test_a_program_may_recurse_as_deep_as_in_a_plain_python(sandbox: Host) -> None:
    plain = subprocess.run([sys.executable, "-c", HOW_DEEP], capture_output=True, check=True)
    assert int(sandbox.run(HOW_DEEP).stdout) >= int(plain.stdout)


def test_the_order_of_a_set_is_the_same_in_every_run(sandbox: Host) -> None:
    code = "print(set('abcdefghijklmnopqrstuvwxyz'))"
    orders = {sandbox.run(code, isolation=isolation).stdout for isolation in [*Isolation] * 2}
    assert len(orders) == 1


def test_the_stack_is_larger_for_the_program_and_not_for_each_of_its_threads(sandbox: Host) -> None:
    code = """
import resource, threading
print(resource.getrlimit(resource.RLIMIT_STACK)[0])
stop = threading.Event()
for number in range(12):
    threading.Thread(target=stop.wait, daemon=True).start()
print(number)
stop.set()
"""
    _, hard = resource.getrlimit(resource.RLIMIT_STACK)
    wanted = 64 << 20 if hard < 0 else min(hard, 64 << 20)
    assert sandbox.run(code, memory_mb=512).stdout == f"{wanted}\n11\n"


def test_nothing_is_imported_from_the_working_folder(sandbox: Host) -> None:
    code = """
import subprocess, sys
open("json.py", "w").write("raise SystemError")
sys.modules.pop("json", None)
import json
print(json.loads("42"), sys.flags.safe_path, sys.flags.no_user_site, sys.flags.no_site)
"""
    for isolation in Isolation:
        assert sandbox.run(code, isolation=isolation).stdout == "42 True 1 1\n"


def run_in(setting: str, isolation: Isolation) -> "subprocess.CompletedProcess[str]":
    """Runs a small program in the sandbox, in a process that first does what `setting` says."""
    code = f"""
import sys
sys.path.insert(0, {str(HOST.parents[3])!r})
import os, resource, tempfile
from gristmill.sampling.errors import UnavailableError
from gristmill.verifiers.sandbox.execution import Isolation
from gristmill.verifiers.sandbox.run import run_python
{textwrap.dedent(setting)}
try:
    print(run_python("print(42)", isolation=Isolation({isolation.value!r})).stdout)
except UnavailableError as exc:
    print(exc.kind, exc)
"""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize("isolation", Isolation)
def test_a_caller_that_lets_nobody_read_its_files_can_start_one(isolation: Isolation) -> None:
    assert run_in("os.umask(0o077)", isolation).stdout == "42\n\n"


CROWD = """
import os, signal
if os.getuid() == 0:
    os.setuid({user})
for _ in range(5):
    os.fork()
os.write(1, b"x\\n")
signal.pause()
"""


@pytest.mark.parametrize("isolation", Isolation)
def test_what_else_the_user_runs_does_not_count(sandbox: Host, isolation: Isolation) -> None:
    command = [sys.executable, "-c", CROWD.format(user=sandbox.user)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True, cwd="/") as crowd:
        try:
            assert crowd.stdout is not None
            assert len(crowd.stdout.read(64)) == 64
            code = "import os\nprint(os.fork() > 0 and 42)"
            assert "42" in sandbox.run(code, isolation=isolation, processes=4).stdout
        finally:
            os.killpg(crowd.pid, 9)


@pytest.mark.parametrize("isolation", Isolation)
def test_a_caller_without_descriptors_is_told_so_and_loses_none(isolation: Isolation) -> None:
    setting = f"""
    first = os.open("/", os.O_RDONLY)
    os.close(first)
    before = os.listdir("/proc/self/fd")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    for spare in range(1, 8):
        resource.setrlimit(resource.RLIMIT_NOFILE, (first + spare, hard))
        try:
            run_python("", isolation=Isolation({isolation.value!r}))
        except UnavailableError as exc:
            assert str(exc).startswith("the sandbox failed: [Errno "), exc
        else:
            raise AssertionError(spare)
        assert os.listdir("/proc/self/fd") == before, spare
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    """
    said = run_in(setting, isolation)
    assert (said.stderr, said.stdout) == ("", "42\n\n")


def test_a_folder_that_cannot_be_had_is_told() -> None:
    said = run_in("tempfile.tempdir = '/no/such/folder'", Isolation.NONE)
    assert said.stdout.startswith("sandbox the sandbox failed: [Errno 2] No such file or directory")


def test_a_python_whose_folder_is_the_root_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    environment.shown.cache_clear()
    monkeypatch.setattr("gristmill.verifiers.sandbox.environment.python", lambda: "/bin/python3")
    with pytest.raises(UnavailableError, match="everything else in it"):
        run_python("print(1)", isolation=Isolation.NAMESPACES)


def test_the_sandbox_dies_with_its_caller_whatever_the_caller_forked() -> None:
    with host() as doomed:
        doomed.tell("import signal; signal.pause()", limits={"wall_seconds": 600})
        while len(found := descendants(doomed.pid)) < 3:  # launcher, init and the program
            assert doomed.runs()
        os.kill(doomed.pid, 10)
        while not (forked := descendants(doomed.pid) - found):
            assert doomed.runs()
        handles = [os.pidfd_open(pid) for pid in found]
        os.kill(doomed.pid, 9)
        for handle in handles:
            assert select.select([handle], [], [], 30)[0]
            os.close(handle)
        for pid in forked:
            assert Path(f"/proc/{pid}").exists()
            os.kill(pid, 9)
