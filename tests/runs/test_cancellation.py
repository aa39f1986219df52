"""SIGINT and SIGTERM to a run in the foreground: it lands, stores and marks itself; a second one ends it."""

import asyncio
import os
import signal
import sys
import time
from asyncio.subprocess import Process
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest

from gristmill.generators.scripted.script import Script
from gristmill.runs.cancellation import StopRequest
from tests.stub.faults import Fault, FaultKind, at_first
from tests.stub.server import StubServer, serve
from tests.support.accounts import NOTHING, account, assert_by_the_rule, unaccounted
from tests.support.children import RUN, SEED, Job, a_job, asked, child, ended, said

SCRIPT = Script(pass_rate=0.4, latency_seconds=0.05)
QUOTA, CEILING, CONCURRENCY = 6, 30, 8
ANSWERED = 40
SOON_SECONDS = 20.0
"""Far more than an exit takes on a busy machine, far less than any patience that is set here."""


def job_on(stub: StubServer, folder: Path, grace_seconds: float) -> Job:
    flags = {"quota": QUOTA, "ceiling": CEILING, "concurrency": CONCURRENCY, "grace_seconds": grace_seconds}
    return a_job(folder, f"sqlite:///{folder / 'store.db'}", stub, problems=20, **flags)


def answers_then_hangs(number: int) -> Fault | None:
    return None if number < ANSWERED else Fault(FaultKind.HANG)


async def goes_on_to_its_end(job: Job) -> None:
    job.stub.schedule = at_first(())
    async with child(job, "--direct") as process:
        await ended(process)
    result = account(job.store_url, RUN)
    assert result.state == "finished"
    assert_by_the_rule(result, job.problems, SCRIPT, SEED)
    for problem in job.problems:
        tally = result.tally(problem)
        assert tally.accepted >= QUOTA or result.numbers(problem) == list(range(CEILING))


@pytest.mark.full
@pytest.mark.parametrize("number", [pytest.param(signal.SIGINT, marks=pytest.mark.ci), signal.SIGTERM])
async def test_a_signal_lets_the_flight_land_and_what_landed_is_never_asked_again(
    number: signal.Signals, tmp_path: Path
) -> None:
    stub = StubServer(SCRIPT)
    async with serve(stub):
        job = job_on(stub, tmp_path, grace_seconds=60)
        async with child(job, "--direct") as process:
            await asked(process, stub.gauge, lambda gauge: gauge.requests >= 60)
            process.send_signal(number)
            text = await said(process)
        assert process.returncode == 128 + number, text
        assert "stopping" in text
        assert "Traceback" not in text
        stopped = account(job.store_url, RUN)
        assert stopped.state == "interrupted"
        assert unaccounted(stub.gauge.asked, NOTHING, stopped).total() == 0
        assert len(stopped.rows) < len(job.problems) * QUOTA
        await goes_on_to_its_end(job)
    assert len({(asked.problem, asked.seed) for asked in stub.gauge.asked}) == stub.gauge.requests


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.full
async def test_what_does_not_land_within_the_grace_period_is_let_go_and_drawn_again(
    number: signal.Signals, tmp_path: Path
) -> None:
    stub = StubServer(SCRIPT, schedule=answers_then_hangs)
    async with serve(stub):
        job = job_on(stub, tmp_path, grace_seconds=0.5)
        async with child(job, "--direct") as process:
            await asked(process, stub.gauge, lambda gauge: gauge.requests == ANSWERED + CONCURRENCY)
            process.send_signal(number)
            since = time.monotonic()
            text = await said(process)
        assert process.returncode == 128 + number, text
        assert 0.5 <= time.monotonic() - since < SOON_SECONDS
        stopped = account(job.store_url, RUN)
        assert stopped.state == "interrupted"
        answered = {(asked.problem, asked.seed) for asked in stub.gauge.asked if asked.answered}
        assert stopped.rows.keys() == answered
        assert stopped.failures.total() == 0
        let_go = unaccounted(stub.gauge.asked, NOTHING, stopped)
        assert let_go.total() == CONCURRENCY
        await goes_on_to_its_end(job)
    times = Counter((asked.problem, asked.seed) for asked in stub.gauge.asked)
    assert {pair for pair, count in times.items() if count > 1} <= let_go.keys()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (signal.SIGINT, signal.SIGINT),
        (signal.SIGTERM, signal.SIGTERM),
        (signal.SIGINT, signal.SIGTERM),
    ],
)
@pytest.mark.full
async def test_a_second_signal_ends_it_at_once(
    first: signal.Signals, second: signal.Signals, tmp_path: Path
) -> None:
    stub = StubServer(SCRIPT, schedule=answers_then_hangs)
    async with serve(stub):
        job = job_on(stub, tmp_path, grace_seconds=3600)
        async with child(job, "--direct") as process:
            await asked(process, stub.gauge, lambda gauge: gauge.requests == ANSWERED + CONCURRENCY)
            process.send_signal(first)
            await heard(process)
            since = time.monotonic()
            while process.returncode is None:  # at once it may be the echo of the first
                process.send_signal(second)
                with suppress(TimeoutError):
                    await asyncio.wait_for(process.wait(), 0.4)
            assert process.returncode == 128 + second
            assert time.monotonic() - since < SOON_SECONDS
        await goes_on_to_its_end(job)


@pytest.mark.full
async def test_a_signal_that_comes_twice_at_once_lets_the_run_land_and_mark_itself(tmp_path: Path) -> None:
    """Named for `timeout`, which signals its command and then the command's group."""
    stub = StubServer(SCRIPT, schedule=answers_then_hangs)
    async with serve(stub):
        job = job_on(stub, tmp_path, grace_seconds=0.5)
        async with child(job, "--direct") as process:
            await asked(process, stub.gauge, lambda gauge: gauge.requests == ANSWERED + CONCURRENCY)
            process.send_signal(signal.SIGTERM)
            await heard(process)
            process.send_signal(signal.SIGTERM)
            assert await process.wait() == 128 + signal.SIGTERM
        assert account(job.store_url, RUN).state == "interrupted"
        await goes_on_to_its_end(job)


async def heard(process: Process) -> None:
    """Waits until the child says that it heard a signal."""
    assert process.stderr is not None
    async for line in process.stderr:
        if line.startswith(b"stopping"):
            return
    raise AssertionError(f"the child ended with {await process.wait()} and did not say that it stops")


@pytest.mark.full
async def test_a_signal_while_the_server_is_still_asked_for_its_models_ends_it_with_nothing_written(
    tmp_path: Path,
) -> None:
    connected = asyncio.Event()

    async def keep_silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connected.set()
        await reader.read()
        writer.close()

    server = await asyncio.start_server(keep_silent, "127.0.0.1", 0)
    stub = StubServer()
    stub.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    async with server:
        job = job_on(stub, tmp_path, grace_seconds=60)
        async with child(job, "--direct") as process:
            await connected.wait()
            process.send_signal(signal.SIGINT)
            since = time.monotonic()
            text = await said(process)
    assert process.returncode == 130, text
    assert time.monotonic() - since < SOON_SECONDS
    assert "Traceback" not in text
    assert account(job.store_url, RUN).state == ""


@pytest.mark.prefect
@pytest.mark.full
async def test_a_signal_stops_a_run_under_prefect_in_the_same_way(tmp_path: Path) -> None:
    stub = StubServer(SCRIPT)
    async with serve(stub):
        job = job_on(stub, tmp_path, grace_seconds=60)
        async with child(job) as process:
            await asked(process, stub.gauge, lambda gauge: gauge.requests >= 60)
            process.send_signal(signal.SIGTERM)
            text = await said(process)
        assert process.returncode == 128 + signal.SIGTERM, text
        assert "stopping" in text
        assert "Traceback" not in text
        stopped = account(job.store_url, RUN)
        assert stopped.state == "interrupted"
        assert unaccounted(stub.gauge.asked, NOTHING, stopped).total() == 0
        await goes_on_to_its_end(job)


async def test_a_signal_is_heard_though_nobody_reads_what_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in `gristmill serve 2>&1 | head`."""
    reader, writer = os.pipe()
    os.close(reader)
    request = StopRequest()
    with suppress(BrokenPipeError), os.fdopen(writer, "w") as unread:
        monkeypatch.setattr(sys, "stderr", unread)
        request.receive(signal.SIGTERM)
    assert (request.event.is_set(), request.signal) == (True, signal.SIGTERM)
