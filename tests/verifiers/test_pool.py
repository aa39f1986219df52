import asyncio
import logging
import multiprocessing
import os
import select
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import pytest_asyncio

from gristmill.sampling.errors import GristmillError
from gristmill.sampling.records import FinishReason, Outcome, Problem, Response, Verdict
from gristmill.verifiers.math.verify import LONGEST_ANSWER, math_version, verify_math
from gristmill.verifiers.pool import VerifierPool, pool_size
from gristmill.verifiers.reasons import Reason
from gristmill.verifiers.settings import VerifierSettings
from gristmill.verifiers.worker import WALL_PER_PROCESSOR_SECOND

SETTINGS = VerifierSettings(verify_timeout_seconds=1.5, verify_workers=2)
LONGEST_SECONDS = WALL_PER_PROCESSOR_SECOND * SETTINGS.verify_timeout_seconds + 0.1

ENDLESS = r"\boxed{9!!!!!!!!!}"
HUNGRY = r"\boxed{(x+1)^{10^8}-(x+1)^{10^8}+x}"
MODULE_LOOP = pytest.mark.asyncio(loop_scope="module")


def problem(reference: str = "5") -> Problem:
    return Problem("id", "prompt", reference, origin={"file": "data", "line": "1"})


def response(text: str = r"\boxed{5}") -> Response:
    return Response(text, FinishReason.STOP, 1, 1, 0.1, "model")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pool() -> AsyncIterator[VerifierPool]:
    async with VerifierPool(SETTINGS) as opened:
        yield opened


def timeless(verdict: Verdict) -> tuple[object, ...]:
    return (verdict.outcome, verdict.reason, verdict.detail, verdict.answer, verdict.span, verdict.version)


@pytest.mark.full
@MODULE_LOOP
async def test_a_thousand_verdicts_in_a_burst_equal_the_same_one_by_one(pool: VerifierPool) -> None:
    answers = ["5", "6", "5.0", r"\frac{10}{2}", "x", r"\sqrt{25}", "(5", "1,2", "5 cm", ""]
    cases = [(problem(str(i % 7)), response(rf"Case {i}: \boxed{{{answers[i % 10]}}}")) for i in range(1000)]
    alone = [verify_math(*case, SETTINGS) for case in cases]
    burst = await asyncio.gather(*(pool.judge(*case) for case in cases))
    assert [timeless(verdict) for verdict in burst] == [timeless(verdict) for verdict in alone]
    assert {verdict.outcome for verdict in burst} == {Outcome.ACCEPTED, Outcome.REJECTED}


@pytest.mark.full
async def test_a_hang_delays_no_other_verdict_and_ends_undecided() -> None:
    settings = VerifierSettings(verify_timeout_seconds=4)
    async with VerifierPool(settings) as own:
        hang = asyncio.ensure_future(own.judge(problem(), response(ENDLESS)))
        others = await asyncio.gather(*(own.judge(problem(), response()) for _ in range(200)))
        assert not hang.done()
        assert {verdict.reason for verdict in others} == {Reason.EQUAL}
        verdict = await hang
    assert (verdict.outcome, verdict.reason) == (Outcome.UNDECIDED, Reason.TIME_OUT)
    assert (verdict.seconds, verdict.version) == (settings.verify_timeout_seconds, math_version(settings))


@pytest.mark.full
@MODULE_LOOP
async def test_time_in_the_queue_does_not_count(pool: VerifierPool) -> None:
    hangs = [asyncio.ensure_future(pool.judge(problem(), response(ENDLESS))) for _ in range(3)]
    await asyncio.sleep(0)  # they stand in the queue before the one below
    last = await pool.judge(problem(), response())
    assert any(hang.done() for hang in hangs)  # it stood there for a whole time-out at least
    assert last.reason is Reason.EQUAL
    assert {verdict.reason for verdict in await asyncio.gather(*hangs)} == {Reason.TIME_OUT}


@pytest.mark.full
@MODULE_LOOP
async def test_processes_killed_while_idle_are_replaced(pool: VerifierPool) -> None:
    await pool.judge(problem(), response())
    for child in multiprocessing.active_children():
        os.kill(child.pid or 0, signal.SIGKILL)
        child.join()
    verdicts = await asyncio.gather(*(pool.judge(problem(), response()) for _ in range(20)))
    assert {verdict.reason for verdict in verdicts} == {Reason.EQUAL}


@pytest.mark.full
@pytest.mark.timeout(60)
async def test_a_cancelled_verdict_frees_its_process() -> None:
    """Without that the next one stands in the queue for ten minutes."""
    settings = SETTINGS.model_copy(update={"verify_timeout_seconds": 600})
    async with VerifierPool(settings) as own:
        await own.judge(problem(), response())  # the processes are there
        hangs = [asyncio.ensure_future(own.judge(problem(), response(ENDLESS))) for _ in range(2)]
        await asyncio.wait(hangs, timeout=0.3)
        for hang in hangs:
            hang.cancel()
        assert (await own.judge(problem(), response())).reason is Reason.EQUAL
        assert all(hang.cancelled() for hang in hangs)


@MODULE_LOOP
async def test_a_response_too_large_to_send_is_left_open(pool: VerifierPool) -> None:
    verdict = await pool.judge(problem(), response("9 " * 3_000_000))
    assert (verdict.outcome, verdict.reason) == (Outcome.UNDECIDED, Reason.OUT_OF_MEMORY)


HOSTILE = {
    "a tower of powers": r"10^{10^{10}}",
    "a thousand open braces": "{" * 1000,
    "a thousand nested braces": "{" * 1000 + "}" * 1000,
    "a megabyte of digits": "7" * 1_000_000,
    "as many digits as are read": "7" * LONGEST_ANSWER,
    "an import": "__import__('os').system('touch hostile')",
    "an import in words": r"\text{__import__('os').system('touch hostile')}",
    "a lambda": "(lambda: open('hostile','w'))()",
    "nested fractions": r"\frac{1}{" * 12 + "2" + "}" * 12,
    "nested roots": r"\sqrt{" * 40 + "2" + "}" * 40,
    "parentheses": "(" * 900 + "6" + ")" * 900,
    "a huge factorial": "(10^9)!",
    "a huge exponent": "1e999999999",
    "bars": "|" * 1500,
    "commas": "1," * 900,
    "combining marks": "6" + "\u0301" * 500,
    "nested powers": r"9^{" * 40 + "9" + "}" * 40,
    "a factorial of factorials": "9!!!!!!!!!",
    "dollar signs": "$" * 1999,
    "backslashes": "\\" * 1999,
}


@MODULE_LOOP
@pytest.mark.full
async def test_hostile_text_costs_its_time_out_at_most_and_never_runs(
    pool: VerifierPool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    texts = [
        form.format(answer) for answer in HOSTILE.values() for form in (r"\boxed{{{}}}", "The answer is {}")
    ]
    verdicts = await asyncio.gather(*(pool.judge(problem(), response(text)) for text in texts))
    for text, verdict in zip(texts, verdicts, strict=True):
        assert verdict.outcome is not Outcome.ACCEPTED, text[:60]
        assert verdict.seconds <= LONGEST_SECONDS, text[:60]
    assert "hostile" not in os.listdir()  # noqa: PTH208 - the processes run where this one does


@MODULE_LOOP
async def test_strange_characters_travel_to_the_process_and_back(pool: VerifierPool) -> None:
    verdict = await pool.judge(problem("5\0\ud800"), response("\u202e\\boxed{5\0\udfff}\ud800"))
    assert verdict.reason is Reason.EQUAL


@pytest.mark.full
async def test_a_verification_past_its_memory_is_undecided() -> None:
    settings = VerifierSettings(verify_memory_mb=128, verify_timeout_seconds=60)
    async with VerifierPool(settings) as small:
        verdict = await small.judge(problem("x"), response(HUNGRY))
        assert (verdict.outcome, verdict.reason) == (Outcome.UNDECIDED, Reason.OUT_OF_MEMORY)
        assert (await small.judge(problem(), response())).reason is Reason.EQUAL


async def test_a_pool_that_is_not_open_says_so() -> None:
    with pytest.raises(GristmillError, match="not open"):
        await VerifierPool(SETTINGS).judge(problem(), response())


def test_a_pool_has_at_least_two_processes() -> None:
    assert pool_size(VerifierSettings(verify_workers=1)) == 2
    assert pool_size(VerifierSettings(verify_workers=7)) == 7
    assert pool_size(VerifierSettings()) >= 2
    assert pool_size(VerifierSettings(), most_verdicts=17) >= 2
    assert pool_size(VerifierSettings(), most_verdicts=16) == 1
    assert pool_size(VerifierSettings(verify_workers=3), most_verdicts=16) == 3


def test_only_the_librarys_own_warning_is_silenced() -> None:
    import gristmill.verifiers.math.symbolic

    assert gristmill.verifiers.math.symbolic.read_expression("x") is not None
    assert logging.getLogger("math_verify.parser").level == logging.ERROR
    assert logging.getLogger().isEnabledFor(logging.WARNING)


@contextmanager
def hosted(answer: str) -> Iterator[subprocess.Popen[str]]:
    """A program with a pool, in a process group of its own; killed at the end."""
    command, pipe = [sys.executable, "-m", "tests.verifiers.pool_program", answer], subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, start_new_session=True) as program:
        try:
            yield program
        finally:
            program.kill()


def line_of(program: subprocess.Popen[str]) -> str:
    assert program.stdout is not None
    return program.stdout.readline().strip()


@pytest.mark.full
@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="waits for processes by pidfd, of Linux alone")
def test_processes_die_with_a_parent_that_was_killed_even_at_work() -> None:
    with hosted("endless") as program:
        assert line_of(program) == "starting"
        ends = [os.pidfd_open(int(child)) for child in line_of(program).split()]
        assert len(ends) >= 2
        program.kill()
        for end in ends:
            assert select.select([end], [], [], 5)[0], "a process outlived its parent"
            os.close(end)


@pytest.mark.full
@pytest.mark.skipif(sys.platform == "win32", reason="signals of a terminal")
def test_ctrl_c_leaves_the_processes_alone() -> None:
    with hosted("five") as program:
        assert line_of(program) == "starting"
        os.killpg(program.pid, signal.SIGINT)  # while they start
        children = line_of(program)
        os.killpg(program.pid, signal.SIGINT)  # and when they are ready
        assert program.stdin is not None
        program.stdin.write("\n")
        program.stdin.flush()
        assert line_of(program) == Reason.EQUAL
        for child in children.split():
            os.kill(int(child), 0)  # still there
