"""What time counts. Each case is a process of its own, which the kernel ends."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from time import process_time, sleep

import pytest

from gristmill.verifiers.time_limit import PROCESSOR_TIME_UP, WALL_TIME_UP, time_limit

WORK_SECONDS = 0.05
AMPLE = 600.0


def one_operation_of_c() -> None:
    """Far longer than any limit here: no line of Python runs meanwhile."""
    pow(3, 10**9)


def waiting() -> None:
    sleep(2 * WORK_SECONDS)


def working() -> None:
    until = process_time() + 2 * WORK_SECONDS
    while process_time() < until:
        pass


def children_at_work() -> None:
    program = f"import time\nwhile time.process_time() < {2 * WORK_SECONDS}: pass"
    subprocess.run([sys.executable, "-c", program], check=True)


def within_one_limit_after_another() -> None:
    for _ in range(2):
        with time_limit(3 * WORK_SECONDS, AMPLE):
            working()
    working()


def forked_within_the_limit() -> None:
    with time_limit(AMPLE, AMPLE):
        assert ended(working, WORK_SECONDS, AMPLE)[0] == -PROCESSOR_TIME_UP


def ended(work: Callable[[], None], processor_seconds: float, wall_seconds: float) -> tuple[int, float]:
    """Exit code and processor seconds of a process that works within the limit."""
    process = os.fork()
    if process == 0:
        for number in (PROCESSOR_TIME_UP, WALL_TIME_UP):
            signal.signal(number, signal.SIG_DFL)
        code = 1
        try:
            with time_limit(processor_seconds, wall_seconds):
                work()
            code = 0
        finally:
            os._exit(code)
    _, status, usage = os.wait4(process, 0)
    return os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime


@pytest.mark.parametrize(
    ("work", "processor_seconds", "wall_seconds", "code"),
    [
        (one_operation_of_c, WORK_SECONDS, AMPLE, -PROCESSOR_TIME_UP),
        (working, WORK_SECONDS, AMPLE, -PROCESSOR_TIME_UP),
        (working, AMPLE, WORK_SECONDS, -WALL_TIME_UP),
        (waiting, WORK_SECONDS, AMPLE, 0),
        (waiting, AMPLE, WORK_SECONDS, -WALL_TIME_UP),
        (children_at_work, WORK_SECONDS, AMPLE, 0),
    ],
)
def test_work_counts_against_one_limit_and_waiting_against_the_other(
    work: Callable[[], None], processor_seconds: float, wall_seconds: float, code: int
) -> None:
    assert ended(work, processor_seconds, wall_seconds)[0] == code


def test_the_whole_of_the_processor_time_is_allowed() -> None:
    code, seconds = ended(working, WORK_SECONDS, AMPLE)
    assert code == -PROCESSOR_TIME_UP
    assert seconds >= 0.95 * WORK_SECONDS


def test_each_limit_begins_anew_and_ends_with_its_block() -> None:
    assert ended(within_one_limit_after_another, AMPLE, AMPLE)[0] == 0


def test_a_fork_has_a_limit_of_its_own() -> None:
    assert ended(forked_within_the_limit, AMPLE, AMPLE)[0] == 0
