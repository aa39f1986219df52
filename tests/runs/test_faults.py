"""A run through all that a server shows in a bad week, over two servers, one of which speaks TLS.

Faults are met by request number and not by time, the outage apart. What the servers logged is then set
against the store: each attempt is there once, each failed request with its kind, and nothing was asked for
without need.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select

from gristmill.db.engine import open_engine
from gristmill.db.sessions import reading
from gristmill.db.tables.core import FailureRow, RunRow
from gristmill.generators.scripted.script import Script
from gristmill.sampling.records import StopReason
from tests.stub.faults import at_numbers, parse_fault
from tests.stub.server import StubServer, serve
from tests.stub.stats import Asked
from tests.support.accounts import Account, account, assert_by_the_rule
from tests.support.certificates import now_and_then_untrusted, server_context
from tests.support.children import RUN, SEED, Job, a_job, asked, child, command, ended, said

pytestmark = pytest.mark.full

PROBLEMS, TRIALS = 1000, 5
ATTEMPTS = PROBLEMS * TRIALS
CONCURRENCY = 128
OUTAGE_AT, OUTAGE_SECONDS = 2900, 10
KINDS = {
    "500": "http-500",
    "502": "http-502",
    "503": "http-503",
    "503@1": "http-503",
    "429": "http-429",
    "429@1": "http-429",
    "reset": "connection",
    "hang": "timeout",
    "truncated": "bad-body",
    "empty": "bad-body",
    "abort": "bad-body",
    "html": "bad-body",
    "redirect": "redirect",
    "tls": "tls",
}
"""What is played, and as what it is to be recorded."""

SCHEDULE = [*[name for name in KINDS if name not in ("tls", "hang")] * 3, *["hang"] * 3]
"""Each is to be played to its end: what hangs comes last, and none is near the outage, which may begin some
hundred requests late on a busy machine.
"""

UNTRUSTED_HANDSHAKES = (5, 12, 20)
FIRST_FAULT, FAULT_STEP = 150, 80
SCRIPT = Script(pass_rate=0.5, latency_seconds=0.02, length_rate=0.02)


@dataclass(frozen=True, slots=True)
class Servers:
    """`certificate` is the file that makes a client trust the secure one."""

    plain: StubServer
    secure: StubServer
    certificate: Path

    @property
    def requests(self) -> int:
        return self.plain.gauge.requests + self.secure.gauge.requests

    @property
    def played(self) -> Counter[str]:
        return self.plain.gauge.played + self.secure.gauge.played

    @property
    def log(self) -> list[Asked]:
        return [*self.plain.gauge.asked, *self.secure.gauge.asked]

    @asynccontextmanager
    async def away(self) -> AsyncIterator[None]:
        async with self.plain.listener.away(), self.secure.listener.away():
            yield


@asynccontextmanager
async def two_servers(folder: Path) -> AsyncIterator[Servers]:
    """They share one schedule, so that it is played to its end however the requests are spread."""
    every = range(FIRST_FAULT, ATTEMPTS, FAULT_STEP)
    numbers = [number for number in every if not -2 < (number - OUTAGE_AT) / CONCURRENCY < 6]
    faults = {number: parse_fault(name) for number, name in zip(numbers, SCHEDULE, strict=False)}
    assert len(faults) == len(SCHEDULE)
    schedule = at_numbers(faults)
    tls, certificate = server_context(folder / "trusted")
    plain = StubServer(SCRIPT, schedule=schedule)
    secure = StubServer(SCRIPT, schedule=schedule, tls=tls)
    other, _ = server_context(folder / "other")
    now_and_then_untrusted(tls, other, UNTRUSTED_HANDSHAKES, lambda: secure.gauge.played.update(["tls"]))
    async with serve(plain), serve(secure):
        yield Servers(plain, secure, certificate)


async def test_five_thousand_attempts_through_every_fault_are_all_there_and_none_twice(
    tmp_path: Path,
) -> None:
    async with two_servers(tmp_path) as servers:
        job = vanilla_job(tmp_path, servers.plain, PROBLEMS, TRIALS, CONCURRENCY, request_timeout_seconds=5)
        arguments = job.arguments("--server", servers.secure.url, "--direct")
        trusting = {"SSL_CERT_FILE": str(servers.certificate)}
        async with command(job.folder, job.store_url, *arguments, **trusting) as process:
            await asked(process, servers.plain.gauge, lambda _: servers.requests >= OUTAGE_AT)
            async with servers.away():
                await asyncio.sleep(OUTAGE_SECONDS)  # the fault itself
            text = await ended(process)
        result = account(job.store_url, RUN)
    assert servers.played == Counter([*SCHEDULE, *("tls" for _ in UNTRUSTED_HANDSHAKES)])
    assert "is out" in text
    assert "answers again" in text
    assert_all_there(job, result, TRIALS)
    assert_nothing_asked_without_need(servers, result)
    assert_recorded_with_their_kinds(servers, job)


def vanilla_job(
    folder: Path, stub: StubServer, problems: int, trials: int, concurrency: int, **flags: object
) -> Job:
    store_url = f"sqlite:///{folder / 'store.db'}"
    flags |= {"policy": "vanilla", "trials": trials, "concurrency": concurrency}
    return a_job(folder, store_url, stub, problems=problems, **flags)


def assert_all_there(job: Job, result: Account, trials: int) -> None:
    """Rows are unique by problem and number in the store; here also by problem and seed."""
    assert result.state == "finished"
    assert result.attempts == len(result.rows) == len(job.problems) * trials
    assert_by_the_rule(result, job.problems, job.stub.script, SEED)
    assert set(result.stops.values()) == {StopReason.CEILING_REACHED}
    for problem in job.problems:
        assert result.tally(problem).attempts == trials


def assert_nothing_asked_without_need(servers: Servers, result: Account) -> None:
    requests = Counter((entry.problem, entry.seed) for entry in servers.log)
    answered = {(entry.problem, entry.seed) for entry in servers.log if entry.answered}
    assert requests.keys() == answered == result.rows.keys()
    again = requests - Counter(result.rows.keys())
    assert again <= result.failures, "each request that came again did so after a failure in the store"
    assert servers.requests <= 1.5 * ATTEMPTS + servers.played.total()
    assert result.failures.total() <= servers.played.total() + 3 * CONCURRENCY


def assert_recorded_with_their_kinds(servers: Servers, job: Job) -> None:
    """Each at the draw that it befell, but for TLS, where the server knows of no draw."""
    recorded = failures_with_kinds(job.store_url)
    met = Counter((entry.problem, entry.seed, KINDS[entry.fault]) for entry in servers.log if entry.fault)
    assert met.total() == len(SCHEDULE)
    assert met - recorded == Counter()
    kinds = Counter(kind for _, _, kind in recorded.elements())
    assert kinds["tls"] == len(UNTRUSTED_HANDSHAKES)
    assert kinds.keys() == set(KINDS.values())


def failures_with_kinds(store_url: str) -> Counter[tuple[str, int, str]]:
    engine = open_engine(store_url)
    try:
        with reading(engine) as session:
            columns = select(FailureRow.problem_id, FailureRow.seed, FailureRow.kind)
            rows = session.execute(columns.where(FailureRow.run_id == RUN))
            return Counter((problem, seed, kind) for problem, seed, kind in rows)
    finally:
        engine.dispose()


def message_of(store_url: str) -> str:
    engine = open_engine(store_url)
    try:
        with reading(engine) as session:
            return session.scalars(select(RunRow.message).where(RunRow.id == RUN)).one()
    finally:
        engine.dispose()


@pytest.mark.parametrize(("problems", "trials", "concurrency"), [(100, 4, 16), (2, 200, 4)])
async def test_an_outage_that_lasts_too_long_fails_the_run_which_then_goes_on(
    problems: int, trials: int, concurrency: int, tmp_path: Path
) -> None:
    """With few problems open too: failures in a row must not make them problems that failed."""
    stub = StubServer(Script(latency_seconds=0.02))
    async with serve(stub):
        job = vanilla_job(tmp_path, stub, problems, trials, concurrency, outage_seconds=1)
        async with child(job, "--direct") as process:
            await asked(process, stub.gauge, lambda gauge: gauge.requests >= 100)
            async with stub.listener.away():
                text = await said(process)
        failed, before = account(job.store_url, RUN), len(stub.gauge.asked)
        assert process.returncode == 1, text
        assert text.splitlines()[-1].startswith("gristmill: no server has answered for 1 s (127.0.0.1:")
        assert "no server has answered for 1 s" in message_of(job.store_url)
        assert failed.state == "failed"
        assert set(failed.stops.values()) <= {None, StopReason.CEILING_REACHED}
        assert 0 < failed.attempts < problems * trials
        async with child(job, "--direct") as process:
            await ended(process)
        result = account(job.store_url, RUN)
    assert failed.rows.items() <= result.rows.items()
    assert failed.rows.keys().isdisjoint((entry.problem, entry.seed) for entry in stub.gauge.asked[before:])
    assert_all_there(job, result, trials)
