"""Attacks on the sandbox: one test for each line of what `verifiers/sandbox/run.py` says is covered.

Each runs as the user who runs the tests and, in the full tier, as an ordinary one; where the attack is
harmless it also runs without isolation, where it must succeed: an attack that never works proves nothing.
"""

import json
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from gristmill.verifiers.sandbox.execution import Ended, Isolation
from tests.verifiers.sandbox.hosts import SECRET, Host, descendants, host

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="namespaces are Linux's")


@pytest.fixture
def store() -> Iterator[Path]:
    """A file that every user of the machine may read."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    file = folder / "gristmill.db"
    file.write_text(SECRET)
    yield file
    shutil.rmtree(folder)


def test_a_program_reads_no_file_of_the_host(sandbox: Host, store: Path) -> None:
    code = f"print(open({str(store)!r}).read())"
    assert sandbox.run(code, isolation=Isolation.NONE).stdout.strip() == SECRET
    assert "FileNotFoundError" in sandbox.run(code).stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="this is an ordinary user already")
def test_an_ordinary_user_can_have_a_sandbox(store: Path) -> None:
    """All other tests run as that user, too, in the full tier."""
    with host(ordinary=True) as ordinary:
        assert ordinary.run("print(42)").stdout == "42\n"
        assert "FileNotFoundError" in ordinary.run(f"open({str(store)!r})").stderr


def test_a_program_sees_python_and_nothing_else(sandbox: Host) -> None:
    code = """
import json, os, sys
runtime = (sys.base_prefix, "/usr", "/lib", "/lib64", "/etc/alternatives", "/dev")
seen = []
for top, folders, files in os.walk("/"):
    if top.endswith("-packages") or top.startswith(runtime):
        folders.clear()
    else:
        seen += [os.path.join(top, file) for file in files]
print(json.dumps([seen, os.path.exists("/proc"), os.path.exists("/sys"), os.listdir(".")]))
"""
    seen, *others = json.loads(sandbox.run(code).stdout)
    assert set(seen) <= {"/main.py", "/stdin", "/etc/ld.so.cache"}
    assert others == [False, False, []]


def test_a_program_imports_the_packages_that_are_installed(sandbox: Host) -> None:
    assert sandbox.run("import sympy; print(sympy.sqrt(8))").stdout == "2*sqrt(2)\n"


def test_a_program_cannot_change_what_it_sees(sandbox: Host) -> None:
    code = """
import os, sys
places = ["/", os.path.dirname(os.__file__), *(path for path in sys.path if path.endswith("-packages"))]
for place in places:
    try:
        open(os.path.join(place, "planted.py"), "w")
    except OSError as error:
        print(error.strerror)
try:
    os.remove(os.__file__)
except OSError as error:
    print(error.strerror)
try:
    os.chmod(os.__file__, 0o777)
except OSError as error:
    print(error.strerror)
"""
    said = sandbox.run(code).stdout.splitlines()
    assert len(said) >= 5
    assert set(said) == {"Read-only file system"}


def test_nothing_is_left_of_a_programs_files(sandbox: Host) -> None:
    assert (
        sandbox.run("open('left', 'w').write('x'); import os; print(os.listdir('.'))").stdout == "['left']\n"
    )
    assert (
        sandbox.run("import os; print(os.listdir(), os.getcwd() == os.environ['TMPDIR'])").stdout
        == "[] True\n"
    )


def test_a_program_gets_none_of_our_variables(sandbox: Host) -> None:
    code = "import os; print(sorted(os.environ))"
    threads = ["MKL_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"]
    for isolation in Isolation:
        names = sandbox.run(code, isolation=isolation).stdout
        assert names == f"{sorted(['HOME', 'LANG', 'PATH', 'PYTHONHASHSEED', 'TMPDIR', *threads])}\n"


def test_a_program_gets_three_descriptors_and_no_more(sandbox: Host) -> None:
    code = """
import os
def is_open(number):
    try:
        os.fstat(number)
    except OSError:
        return False
    return True
print([number for number in range(4096) if is_open(number)])
"""
    assert sandbox.run(code).stdout == "[0, 1, 2]\n"


CONNECT = """
import socket
try:
    socket.create_connection(("127.0.0.1", {port}), 2)
    print("connected")
except OSError as error:
    print(error.strerror)
"""


def test_a_program_reaches_no_server_on_loopback(sandbox: Host) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        code = CONNECT.format(port=server.getsockname()[1])
        assert sandbox.run(code, isolation=Isolation.NONE).stdout == "connected\n"
        server.accept()[0].close()
        assert sandbox.run(code).stdout == "Operation not permitted\n"
        with pytest.raises(BlockingIOError):
            server.accept()


def test_a_program_reaches_no_abstract_socket_of_the_host(sandbox: Host) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        name = f"\0gristmill-{os.getpid()}"
        server.bind(name)
        server.listen()
        code = f"import socket; socket.socket(socket.AF_UNIX).connect({name!r}); print('connected')"
        assert sandbox.run(code, isolation=Isolation.NONE).stdout == "connected\n"
        assert "ConnectionRefusedError" in sandbox.run(code).stderr


def test_a_program_sees_and_signals_no_process_but_its_own(sandbox: Host) -> None:
    code = """
import os
def lives(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
print([pid for pid in [*range(1, 40000), {pid}] if lives(pid)], os.getpid())
"""
    code = code.format(pid=sandbox.pid)
    assert str(sandbox.pid) in sandbox.run(code, isolation=Isolation.NONE).stdout
    assert sandbox.run(code).stdout == "[1, 2] 2\n"


def test_a_program_that_kills_all_it_can_kills_its_own(sandbox: Host) -> None:
    code = """
import os, signal
child = os.fork()
if not child:
    signal.pause()
os.kill(-1, signal.SIGKILL)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
try:
    os.kill(1, signal.SIGKILL)
except PermissionError:
    pass
print("still here")
"""
    execution = sandbox.run(code)
    assert (execution.ended, execution.exit_code, execution.stdout) == (Ended.FINISHED, 0, "-9\nstill here\n")


def test_a_program_that_interrupts_init_interrupts_nothing(sandbox: Host) -> None:
    code = """
import os, signal
for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
    os.kill(1, number)
try:
    os.kill(os.getpid(), signal.SIGINT)
    while True:
        pass
except KeyboardInterrupt:
    print("interrupted")
"""
    execution = sandbox.run(code)
    assert (execution.ended, execution.stdout) == (Ended.FINISHED, "interrupted\n")


def test_what_outlives_its_program_is_dead_at_the_end(sandbox: Host) -> None:
    code = """
import os, signal
ready, tell_ready = os.pipe()
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        os.write(tell_ready, b"%d" % os.getpid())
        while True:
            signal.pause()
    os._exit(0)
os.wait()
print(int(os.read(ready, 20)))
"""
    unguarded = sandbox.run(code, isolation=Isolation.NONE)
    assert unguarded.ended is Ended.FINISHED
    survivor = int(unguarded.stdout)
    os.kill(survivor, 9)  # it did outlive its program
    execution = sandbox.run(code, wall_seconds=20)
    assert execution.ended is Ended.FINISHED
    assert execution.seconds < 15
    assert descendants(sandbox.pid) == set()


def test_a_program_that_ignores_sigterm_ends_with_its_time(sandbox: Host) -> None:
    code = """
import signal
for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
    signal.signal(number, signal.SIG_IGN)
print("ready", flush=True)
while True:
    signal.sigtimedwait([], 1)
"""
    for isolation in Isolation:
        execution = sandbox.run(code, wall_seconds=0.5, isolation=isolation)
        assert (execution.ended, execution.exit_code, execution.stdout) == (Ended.TIME_OUT, None, "ready\n")
        assert execution.seconds < 8  # it was ended, and not given up on
        assert descendants(sandbox.pid) == set()
