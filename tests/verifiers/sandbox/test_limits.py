"""Limits, privilege and end of the sandbox: one test for each line of what `sandbox/run.py` says of them."""

import os
import select
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gristmill.verifiers.sandbox.execution import MEGABYTE, Ended, Isolation, Limits
from gristmill.verifiers.sandbox.run import available_isolation, run_python
from tests.verifiers.sandbox.hosts import Host, descendants, host

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="namespaces are Linux's")

COUNT_FORKS = """
import os, signal
children = 0
try:
    while children < 200:
        if os.fork() == 0:
            signal.pause()
        children += 1
except BlockingIOError:
    print("refused")
print(children)
"""


@pytest.mark.parametrize("processes", [4, 12])
def test_a_program_has_as_many_processes_as_it_may(sandbox: Host, processes: int) -> None:
    refused, children = sandbox.run(COUNT_FORKS, processes=processes).stdout.split()
    assert refused == "refused"
    assert 1 <= int(children) <= processes
    assert descendants(sandbox.pid) == set()


def test_sandboxes_side_by_side_do_not_share_their_number_of_processes() -> None:
    def children(_: int) -> int:
        execution = run_python(COUNT_FORKS, limits=Limits(processes=8), isolation=Isolation.NAMESPACES)
        return int(execution.stdout.split()[1])

    with ThreadPoolExecutor(4) as threads:
        assert set(threads.map(children, range(8))) == {children(0)}


def test_threads_count_as_processes(sandbox: Host) -> None:
    code = """
import threading
stop = threading.Event()
try:
    for number in range(200):
        threading.Thread(target=stop.wait, daemon=True).start()
except RuntimeError as error:
    print(number, error)
"""
    number, _, error = sandbox.run(code, processes=8).stdout.partition(" ")
    assert int(number) <= 8
    assert error == "can't start new thread\n"


def test_a_program_that_forks_for_ever_ends_with_its_time(sandbox: Host) -> None:
    code = "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass"
    execution = sandbox.run(code, wall_seconds=0.5)
    assert execution.ended is Ended.TIME_OUT
    assert descendants(sandbox.pid) == set()


FILL = """
import os
written, number = 0, 0
try:
    while written < 64 * 1024 * 1024:
        with open(f"file{number}", "wb", buffering=0) as file:
            for _ in range(64):
                written += file.write(bytes(16384))
        number += 1
except OSError as error:
    print(error.strerror)
print(written)
"""


def test_a_program_that_fills_the_disk_fills_its_own(sandbox: Host) -> None:
    error, written = sandbox.run(FILL, file_mb=8).stdout.splitlines()
    assert error == "No space left on device"
    assert 7 * MEGABYTE < int(written) <= 8 * MEGABYTE
    assert sandbox.run(FILL, file_mb=80).stdout == f"{64 * MEGABYTE}\n"


def test_a_program_cannot_make_files_without_number(sandbox: Host) -> None:
    code = "for number in range(20000):\n    open(str(number), 'w').close()"
    assert "No space left on device" in sandbox.run(code).stderr


def test_one_file_has_a_limit_without_isolation_too(sandbox: Host) -> None:
    code = "open('file', 'wb').write(bytes(3 * 1024 * 1024))"
    assert "File too large" in sandbox.run(code, file_mb=2, isolation=Isolation.NONE).stderr


@pytest.mark.parametrize("stream", [1, 2])
def test_a_gigabyte_of_output_is_not_read(sandbox: Host, stream: int) -> None:
    code = f"""
import os
chunk, left = b"a" * 65536, 1 << 30
while left:
    left -= os.write({stream}, chunk)
"""
    execution = sandbox.run(code, output_bytes=100_000, wall_seconds=60)
    assert (execution.ended, execution.truncated, execution.exit_code) == (Ended.OUTPUT, True, None)
    assert len(execution.stdout + execution.stderr) == 100_000
    peak = Path(f"/proc/{sandbox.pid}/status").read_text().partition("VmHWM:")[2].split()[0]
    assert int(peak) < 100_000


def test_output_up_to_the_limit_is_whole(sandbox: Host) -> None:
    execution = sandbox.run("print('a' * 999)", output_bytes=1000)
    assert (execution.ended, execution.truncated, len(execution.stdout)) == (Ended.FINISHED, False, 1000)


def test_a_program_has_as_much_memory_as_it_may(sandbox: Host) -> None:
    code = "block = bytearray(300 * 1024 * 1024); print(len(block))"
    assert sandbox.run(code, memory_mb=512).stdout == f"{300 * MEGABYTE}\n"
    execution = sandbox.run(code, memory_mb=256)
    assert (execution.ended, execution.exit_code, execution.stdout) == (Ended.MEMORY, 1, "")


def test_a_program_that_sleeps_ends_with_its_time(sandbox: Host) -> None:
    execution = sandbox.run("import time; print('a', flush=True); time.sleep(60)", wall_seconds=0.3)
    assert (execution.ended, execution.exit_code, execution.stdout) == (Ended.TIME_OUT, None, "a\n")
    assert 0.3 <= execution.seconds < 20


IGNORE = "import signal; signal.signal(signal.SIGXCPU, signal.SIG_IGN)"


@pytest.mark.parametrize("ignored", ["", pytest.param(IGNORE, marks=pytest.mark.full)])
def test_a_program_that_computes_ends_with_its_cpu_time(sandbox: Host, ignored: str) -> None:
    execution = sandbox.run(f"{ignored}\nwhile True:\n    pass", cpu_seconds=1, wall_seconds=60)
    assert execution.ended is Ended.CPU_TIME
    assert 0 < execution.cpu_seconds < 3


@pytest.mark.parametrize("isolation", Isolation)
def test_the_sandbox_dies_with_the_process_that_called_it(
    isolation: Isolation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    forks = "import os, signal\nos.fork()\nos.fork()\nsignal.pause()"
    code = (
        forks if isolation is Isolation.NONE else forks.replace("signal.pause", "os.setsid() or signal.pause")
    )
    with host() as doomed:
        doomed.tell(code, isolation=isolation, limits={"wall_seconds": 600})
        while len(found := descendants(doomed.pid)) < 6:  # launcher, init, the program and its three
            assert doomed.runs()
        handles = [os.pidfd_open(pid) for pid in found]
        os.kill(doomed.pid, 9)
        for handle in handles:
            assert select.select([handle], [], [], 30)[0]
            os.close(handle)
    assert list(tmp_path.iterdir()) == []


def test_a_call_from_a_thread_that_ends_before_others_disturbs_none() -> None:
    code = "import sys; print(sys.stdin.read())"

    def echoed(number: int) -> str:
        return run_python(code, stdin=str(number), isolation=Isolation.NAMESPACES).stdout

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(echoed, range(16))) == [f"{number}\n" for number in range(16)]


TEXTS = {
    "a lone surrogate": "print('\ud800')",
    "NUL": "print('\0')",
    "no Python": "this is no Python",
    "an early end": "import sys; sys.exit(7)",
    "nothing": "",
    "abort": "import os; os.abort()",
}
CODES = {"a lone surrogate": 1, "NUL": 1, "no Python": 1, "an early end": 7, "nothing": 0, "abort": -6}


@pytest.mark.parametrize("name", TEXTS)
def test_whatever_the_text_holds_ends_in_an_execution(sandbox: Host, name: str) -> None:
    assert sandbox.run(TEXTS[name]).exit_code == CODES[name]


def test_what_is_no_utf8_is_replaced_and_a_character_cut_in_two_is_dropped(sandbox: Host) -> None:
    write = "import os; os.write(1, {!r})"
    assert sandbox.run(write.format(b"a\xffb")).stdout == "a\ufffdb"
    assert sandbox.run(write.format("aé".encode()[:2])).stdout == "a\ufffd"
    assert sandbox.run(write.format("aéé".encode()), output_bytes=2).stdout == "a"


def test_stdin_arrives_as_it_was(sandbox: Host) -> None:
    text = "é\ud800\0\r\n" + "x" * 1_000_000
    code = "import sys; data = sys.stdin.buffer.read(); print(len(data), data[:7], data[7:8] * 2)"
    wanted = text.encode("utf-8", "surrogatepass")
    assert sandbox.run(code, stdin=text).stdout == f"{len(wanted)} {wanted[:7]!r} {wanted[7:8] * 2!r}\n"


def test_a_traceback_names_the_programs_lines_and_no_others(sandbox: Host) -> None:
    lines = sandbox.run("def f():\n    1 / 0\n\nf()").stderr.splitlines()
    assert [line.strip() for line in lines if "File" in line] == [
        'File "/main.py", line 4, in <module>',
        'File "/main.py", line 2, in f',
    ]
    assert lines[-1] == "ZeroDivisionError: division by zero"


@pytest.mark.parametrize("ordinary", [False, True])
def test_where_no_sandbox_can_be_had_none_is_promised(ordinary: bool) -> None:
    if ordinary and os.geteuid() != 0:
        pytest.skip("this is an ordinary user already")
    with host("filtered", ordinary=ordinary) as barred:
        refusal = barred.ask(None, unsafe=False)
        assert refusal["error"] == "ConfigError"
        assert "unsafe_no_isolation" in refusal["message"]
        assert "Operation not permitted (namespaces)" in refusal["message"]
        assert barred.ask(None, unsafe=True) == {"isolation": "none"}
        assert barred.ask("print(1)")["error"] == "UnavailableError"
        assert barred.run("print(1)", isolation=Isolation.NONE).stdout == "1\n"


def test_isolation_is_had_where_the_tests_run() -> None:
    assert available_isolation() is available_isolation(unsafe_no_isolation=True) is Isolation.NAMESPACES
