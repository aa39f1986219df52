"""Four processes draw for one run on PostgreSQL, two of them are killed on the way, and it ends as if one had
drawn it all.

The stub's log is set against the store: what was asked for and is not stored is no more than the two had in
their hands, and nothing else was ever asked for twice.
"""

from asyncio.subprocess import Process
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from itertools import count
from pathlib import Path

import pytest

from gristmill.db.engine import open_engine
from gristmill.db.sessions import reading
from gristmill.db.workers.registry import workers_of
from gristmill.generators.scripted.script import Script, sum_problems
from gristmill.sampling.records import StopReason
from tests.stub.server import StubServer, serve
from tests.stub.stats import Gauge
from tests.support.accounts import Account, account, assert_by_the_rule
from tests.support.children import RUN, SEED, Job, a_job, asked, child, command, ended

pytestmark = pytest.mark.full

NEVER = 50
"""Every so manieth problem is never solved, and comes to the ceiling."""

PROBLEMS = sum_problems(950)
RATES = {
    problem.id: (0.25, 0.5, 0.8, 0.95)[place % 4] if place % NEVER else 0.0
    for place, problem in enumerate(PROBLEMS)
}
SCRIPT = Script(pass_rates=RATES, latency_seconds=0.04)
QUOTA, CEILING = 10, 60
CONCURRENCY, GROUP = 12, 20
WORKERS = 4
KILLED_AT = (9_000, 13_000)
"""Requests in all at which one is killed, the one that began the run first."""

MOST_HELD = 5 * CONCURRENCY + 16 * GROUP
"""What a process may hold that is not stored, by its own bounds: draws out, responses not yet judged, and
records that wait or are being written. It holds far less on the average.
"""
MOST_SURPLUS = 0.01
LOOK_EVERY = 200
PACE = {"concurrency": CONCURRENCY, "group_size": GROUP, "verify_workers": 1}


async def test_four_processes_of_which_two_are_killed_end_a_run_as_one_would(
    postgres_url: str, tmp_path: Path
) -> None:
    stub = StubServer(SCRIPT)
    async with serve(stub), AsyncExitStack() as stack:
        job = a_job(
            tmp_path, postgres_url, stub, problems=len(PROBLEMS), quota=QUOTA, ceiling=CEILING, **PACE
        )
        first = await stack.enter_async_context(child(job, "--direct"))
        await asked(first, stub.gauge, reached(1))
        others = [await stack.enter_async_context(a_worker(job)) for _ in range(WORKERS - 1)]
        await all_have_leases(job, first)
        for process, requests in zip((first, others[0]), KILLED_AT, strict=True):
            await asked(process, stub.gauge, reached(requests))
            process.kill()
            await process.wait()
        for process in others[1:]:
            await ended(process)
    result = account(postgres_url, RUN)
    assert_every_problem_is_done(result)
    assert_nothing_is_drawn_twice(result, stub)


def a_worker(job: Job) -> AbstractAsyncContextManager[Process]:
    pace = [part for name, value in PACE.items() for part in (f"--{name.replace('_', '-')}", str(value))]
    return command(job.folder, job.store_url, "work", RUN, *pace)


def reached(requests: int) -> Callable[[Gauge], bool]:
    return lambda gauge: gauge.requests >= requests


async def all_have_leases(job: Job, first: Process) -> None:
    """Before the first of them is to be killed."""
    engine = open_engine(job.store_url)
    try:
        for requests in count(LOOK_EVERY, LOOK_EVERY):
            await asked(first, job.stub.gauge, reached(requests))
            assert requests < KILLED_AT[0], "the others came too late to tell anything"
            with reading(engine) as session:
                if [worker.leases > 0 for worker in workers_of(session, RUN)] == [True] * WORKERS:
                    return
    finally:
        engine.dispose()


def assert_every_problem_is_done(result: Account) -> None:
    assert result.state == "finished"
    assert_by_the_rule(result, PROBLEMS, SCRIPT, SEED)
    attempts, accepted = Counter[str](), Counter[str]()
    for (problem_id, _), row in result.rows.items():
        attempts[problem_id] += 1
        accepted[problem_id] += row.outcome.value == "accepted"
        assert row.number < CEILING
    for problem in PROBLEMS:
        is_met = accepted[problem.id] >= QUOTA
        assert is_met or attempts[problem.id] == CEILING
        expected = StopReason.QUOTA_MET if is_met else StopReason.CEILING_REACHED
        assert result.stops[problem.id] is expected
    surplus = sum(max(0, accepted[problem.id] - QUOTA) for problem in PROBLEMS)
    assert surplus < MOST_SURPLUS * accepted.total()


def assert_nothing_is_drawn_twice(result: Account, stub: StubServer) -> None:
    """The numbers of a problem are those of its key; what was asked for again was never stored before."""
    requests = Counter((asked.problem, asked.seed) for asked in stub.gauge.asked)
    assert result.rows.keys() <= requests.keys()
    assert result.failures.total() == 0
    lost = requests.total() - len(result.rows)
    assert 0 <= lost <= len(KILLED_AT) * MOST_HELD
    assert max(requests.values()) <= 1 + len(KILLED_AT)
    assert len(result.rows) >= 20_000
