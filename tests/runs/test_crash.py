"""A run is killed with SIGKILL at several moments, resumed each time, and left to finish.

The moments are numbers of requests, drawn at random over the run. After each kill the stub's log is set
against the store: what was stored stays as it is, for ever, and is never asked for again; what was asked for
and is not stored is no more than was in flight or in the group that was gathering.
"""

import random
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest

from gristmill.generators.scripted.script import Script, sum_problems
from gristmill.sampling.records import Problem, StopReason
from tests.stub.faults import at_every, parse_fault
from tests.stub.server import StubServer, serve
from tests.support.accounts import NOTHING, Account, account, assert_by_the_rule, fewest_draws, unaccounted
from tests.support.children import RUN, SEED, Job, a_job, asked, child, ended, killed

PROBLEMS = sum_problems(24)
RATES = {problem.id: (0.0, 0.2, 0.5, 0.95)[place % 4] for place, problem in enumerate(PROBLEMS)}
SCRIPT = Script(pass_rates=RATES, length_rate=0.05, latency_seconds=0.01, sigma=1.5)
QUOTA, CEILING = 20, 50
CONCURRENCY, GROUP = 12, 10
FAULT_STEP = 41
MOST_HELD = 5 * CONCURRENCY + 16 * GROUP
"""What a session may hold that is not stored, by its own bounds: draws out, responses not yet judged, and
records that wait or are being written. On the average of all kills it is far less.
"""

MANY = 10
"""Of fewer kills, one that was held up says little."""


@dataclass(slots=True)
class History:
    """What was seen at each kill: the account of the store, and how long the stub's log was."""

    accounts: list[Account] = field(default_factory=lambda: [NOTHING])
    lengths: list[int] = field(default_factory=lambda: [0])

    def add(self, job: Job) -> None:
        self.accounts.append(account(job.store_url, RUN))
        self.lengths.append(len(job.stub.gauge.asked))


@pytest.mark.parametrize(
    "kills", [pytest.param(2, marks=pytest.mark.ci), pytest.param(20, marks=pytest.mark.full)]
)
async def test_a_run_that_is_killed_again_and_again_loses_nothing_and_counts_nothing_twice(
    store_url: str, tmp_path: Path, kills: int
) -> None:
    stub = StubServer(SCRIPT, schedule=at_every(FAULT_STEP, [parse_fault("503")]))
    async with serve(stub):
        job = a_job(
            tmp_path,
            store_url,
            stub,
            problems=len(PROBLEMS),
            quota=QUOTA,
            ceiling=CEILING,
            concurrency=CONCURRENCY,
            group_size=GROUP,
            tries=1,
        )
        history = await _killed_again_and_again(job, kills)
        async with child(job, "--direct") as process:
            await ended(process)
        history.add(job)
    _assert_nothing_is_lost(history)
    assert kills < MANY or any(_has_gap(seen, problem) for seen in history.accounts for problem in PROBLEMS)
    _assert_only_the_flight_is_drawn_again(history, stub)
    _assert_finished(history.accounts[-1], stub)


async def _killed_again_and_again(job: Job, kills: int) -> History:
    history = History()
    needed = fewest_draws(PROBLEMS, SCRIPT, SEED, QUOTA, CEILING)
    for moment in sorted(random.Random(2026).sample(range(1, needed), kills)):
        await _killed_at(job, max(moment, job.stub.gauge.requests + 1))
        history.add(job)
    return history


async def _killed_at(job: Job, requests: int) -> None:
    async with child(job, "--direct") as process:
        await asked(process, job.stub.gauge, lambda gauge: gauge.requests >= requests)
        await killed(process, job.stub)


def _assert_nothing_is_lost(history: History) -> None:
    for before, after in pairwise(history.accounts):
        assert before.rows.items() <= after.rows.items()
        assert before.failures <= after.failures


def _has_gap(seen: Account, problem: Problem) -> bool:
    """Whether a draw was lost though a later one of the same problem is stored."""
    numbers = seen.numbers(problem)
    return numbers != list(range(len(numbers)))


def _assert_only_the_flight_is_drawn_again(history: History, stub: StubServer) -> None:
    sessions = [stub.gauge.asked[start:end] for start, end in pairwise(history.lengths)]
    lost = []
    for requests, (before, after) in zip(sessions, pairwise(history.accounts), strict=True):
        assert before.rows.keys().isdisjoint((asked.problem, asked.seed) for asked in requests)
        lost.append(unaccounted(requests, before, after).total())
    *at_kills, at_the_end = lost
    assert at_the_end == 0, "the session that came to its end has stored all it asked for"
    assert max(at_kills) <= MOST_HELD
    if len(at_kills) >= MANY:
        assert sum(at_kills) <= len(at_kills) * (CONCURRENCY + 2 * GROUP)


def _assert_finished(result: Account, stub: StubServer) -> None:
    assert result.state == "finished"
    assert_by_the_rule(result, PROBLEMS, SCRIPT, SEED)
    unanswered = Counter((asked.problem, asked.seed) for asked in stub.gauge.asked if not asked.answered)
    assert result.failures <= unanswered
    assert 0 < result.failures.total() <= stub.gauge.requests // FAULT_STEP
    for problem in PROBLEMS:
        _assert_done(result, problem)


def _assert_done(result: Account, problem: Problem) -> None:
    tally = result.tally(problem)
    assert tally.attempts <= CEILING
    if tally.accepted >= QUOTA:
        assert result.stops[problem.id] is StopReason.QUOTA_MET
    else:
        assert result.stops[problem.id] is StopReason.CEILING_REACHED
        assert result.numbers(problem) == list(range(CEILING))
