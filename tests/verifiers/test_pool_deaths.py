"""Verification processes that are killed at work, and verdicts on a busy machine."""

import asyncio
import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import clock_gettime

import pytest

from gristmill.sampling.records import FinishReason, Outcome, Problem, Response, Verdict
from gristmill.verifiers import VerifierSettings
from gristmill.verifiers.pool import VerifierPool
from gristmill.verifiers.reasons import Reason

BACKTRACKING = VerifierSettings(
    verifier="structure", regex="(a+)+b", verify_workers=2, verify_timeout_seconds=2
)
ENDLESS, AT_ONCE = "a" * 60, "aab"
SLOW = r"\boxed{(x+y+z+%d)^{14}-(x+y+z+%d)^{13}(x+y+z+%d)+5}"
"""Some third of a second of work where it is new to SymPy."""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads another process's processor time")


def judged(pool: VerifierPool, text: str, reference: str = "5") -> "asyncio.Future[Verdict]":
    response = Response(text, FinishReason.STOP, 1, 1, 0.1, "model")
    return asyncio.ensure_future(pool.judge(Problem("id", "prompt", reference), response))


def processor_seconds() -> dict[int, float]:
    """Of each verification process, by its id: as clock_getcpuclockid(3) names the clock of a process."""
    pids = [child.pid for child in multiprocessing.active_children() if child.pid]
    return {pid: clock_gettime(~pid << 3 | 2) for pid in pids}


async def kill_at_work(verdict: "asyncio.Future[Verdict]", ready_seconds: float, killed: set[int]) -> None:
    """Kills the process that has worked for clearly longer than one takes until it is ready."""
    while not verdict.done():
        await asyncio.wait([verdict], timeout=0.02)
        for pid, seconds in processor_seconds().items():
            if pid not in killed and seconds > 1.5 * ready_seconds + 0.1:
                os.kill(pid, signal.SIGKILL)
                killed.add(pid)
                return


async def after_deaths(kills: int) -> Verdict:
    async with VerifierPool(BACKTRACKING) as pool:
        assert (await judged(pool, AT_ONCE)).reason == Reason.VALID
        ready_seconds = max(processor_seconds().values())
        verdict, killed = judged(pool, ENDLESS), set[int]()
        for _ in range(kills):
            await kill_at_work(verdict, ready_seconds, killed)
        result = await verdict
        assert len(killed) == kills
        assert (await judged(pool, AT_ONCE)).reason == Reason.VALID
    return result


@pytest.mark.parametrize(
    ("kills", "reason"),
    [
        (1, Reason.TIME_OUT),
        pytest.param(3, Reason.TIME_OUT, marks=pytest.mark.full),
        pytest.param(4, Reason.CRASH, marks=pytest.mark.full),
    ],
)
async def test_a_response_is_judged_again_when_its_process_is_killed_up_to_three_times(
    kills: int, reason: Reason
) -> None:
    verdict = await after_deaths(kills)
    assert (verdict.outcome, verdict.reason) == (Outcome.UNDECIDED, reason)
    assert ("killed by signal 9" in verdict.detail) == (reason is Reason.CRASH)


@contextmanager
def load() -> Iterator[None]:
    """Four processes for each core that keep it busy, as willing as those of the tests."""
    command = [sys.executable, "-c", "while True: pass"]
    busy = [subprocess.Popen(command) for _ in range(4 * len(os.sched_getaffinity(0)))]
    try:
        yield
    finally:
        for process in busy:
            process.kill()
            process.wait()


@pytest.mark.full
@pytest.mark.timeout(300)
async def test_a_busy_machine_makes_no_time_outs() -> None:
    """The first verdict of a process takes a third of its processor time, and beside the load more than that
    time by the wall.
    """
    async with VerifierPool(VerifierSettings(verify_workers=2, verify_timeout_seconds=1)) as pool:
        with load():
            verdicts = await asyncio.gather(*(judged(pool, SLOW % (k, k, k)) for k in range(1, 7)))
    assert {verdict.reason for verdict in verdicts} == {Reason.EQUAL}
