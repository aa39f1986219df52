"""Whether another process is still there, told of real children: alive, ended, dead and not yet reaped."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from gristmill.db.workers.processes import ProcessIdentity, is_gone, this_process

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="no /proc to look at")

SAY_WHO = (
    "from gristmill.db.workers.processes import this_process as who; "
    "print(who().host); print(who().process, flush=True)"
)


@contextmanager
def a_child(then: str = "input()") -> Iterator[tuple[subprocess.Popen[str], ProcessIdentity]]:
    with subprocess.Popen(
        [sys.executable, "-c", f"{SAY_WHO}; {then}"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[3],
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield process, ProcessIdentity(process.stdout.readline()[:-1], process.stdout.readline()[:-1])
        finally:
            process.kill()


def test_a_process_is_the_same_each_time_it_says_who_it_is_and_is_there() -> None:
    assert this_process() == this_process()
    assert not is_gone(this_process())


def test_a_child_is_of_the_same_host_and_another_process() -> None:
    with a_child() as (_, child):
        assert child.host == this_process().host
        assert child.process != this_process().process


def test_a_child_is_there_until_it_ends() -> None:
    with a_child() as (process, child):
        assert not is_gone(child)
        process.communicate("\n")
        assert is_gone(child)


def test_a_child_that_was_killed_is_gone_before_its_parent_takes_notice() -> None:
    with a_child() as (process, child):
        process.send_signal(signal.SIGKILL)
        assert process.stdout is not None
        assert process.stdout.read() == ""  # its end is closed: it is dead, and nobody has waited for it
        stat = Path(f"/proc/{process.pid}/stat")
        while stat.read_text().rpartition(")")[2].split()[0] != "Z":
            pass
        assert is_gone(child)


def test_a_child_that_is_stopped_is_not_gone() -> None:
    with a_child() as (process, child):
        process.send_signal(signal.SIGSTOP)
        assert not is_gone(child)


def test_a_name_with_brackets_and_spaces_hides_nothing() -> None:
    rename = "import ctypes; ctypes.CDLL(None).prctl(15, b') Z 1 ('); print(flush=True); input()"
    with a_child(rename) as (process, child):
        assert process.stdout is not None
        process.stdout.readline()
        assert not is_gone(child)


def test_a_number_that_was_given_out_again_is_of_another_process() -> None:
    me = this_process()
    pid, _, started = me.process.partition(" ")
    assert is_gone(replace(me, process=f"{pid} {int(started) - 1}"))


@pytest.mark.parametrize("process", ["", "1", "1 ", "x 1", "-1 5", " 5"])
def test_of_what_cannot_be_read_nothing_is_known(process: str) -> None:
    assert not is_gone(replace(this_process(), process=process))


def test_of_another_host_nothing_is_known() -> None:
    me = this_process()
    assert not is_gone(ProcessIdentity(me.host + "x", "1 1"))


def test_a_space_of_process_numbers_is_a_host_of_its_own() -> None:
    assert this_process().host.endswith(Path("/proc/self/ns/pid").readlink().name)
