import asyncio

import pytest

from gristmill.sampling.errors import StoreError
from gristmill.sampling.pipeline import PipelineSettings
from gristmill.sampling.policy import Policy, PolicyName
from gristmill.sampling.records import Draw, Outcome, Progress, RunState, StopReason, Tally
from gristmill.sampling.scheduler import Scheduler
from tests.sampling.harness import Harness
from tests.sampling.ports import GatedGenerator, MemoryLedger, TextJudge, problems


async def test_a_run_records_every_attempt_once_and_why_each_problem_stopped() -> None:
    harness = Harness(GatedGenerator())
    report = await harness.run()
    draws = [attempt.draw for attempt in harness.ledger.attempts]
    assert report.state is RunState.FINISHED
    assert report.attempts == len(draws) == len(set(draws)) == 20
    assert {stop.reason for stop in harness.ledger.stops} == {StopReason.CEILING_REACHED}
    assert len(harness.ledger.stops) == 4


async def test_slots_are_kept_full_and_never_more_than_allowed() -> None:
    generator = GatedGenerator(is_open=False)
    generator.busy_at = 8
    harness = Harness(generator, count=8)
    running = asyncio.create_task(harness.run())
    await asyncio.wait_for(generator.busy.wait(), 5)
    generator.gate.set()
    await running
    assert generator.peak == 8


async def test_groups_go_out_by_count() -> None:
    harness = Harness(
        GatedGenerator(), settings=PipelineSettings(concurrency=1, group_size=3, group_seconds=60)
    )
    await harness.run()
    sizes = [len(group[0]) for group in harness.ledger.groups]
    assert sum(sizes) == 20
    assert max(sizes) <= 4


async def test_a_group_goes_out_by_age_when_it_does_not_fill() -> None:
    generator = GatedGenerator(lambda draw: "right")
    harness = Harness(
        generator,
        count=1,
        settings=PipelineSettings(concurrency=1, group_size=1000, group_seconds=0.01),
        policy=Policy(PolicyName.VANILLA, None, 2),
    )
    await harness.run()
    assert len(harness.ledger.attempts) == 2


async def test_a_verifier_that_stalls_holds_back_new_draws_before_memory_grows() -> None:
    judge = TextJudge(is_open=False)
    generator = GatedGenerator()
    harness = Harness(generator, judge=judge, policy=Policy(PolicyName.VANILLA, None, 1000), count=100)
    running = asyncio.create_task(harness.run())
    for _ in range(2000):  # turns of the loop, not time: far more than 32 responses need
        await asyncio.sleep(0)
    assert len(generator.asked) >= 32
    assert len(generator.asked) <= 32 + 8  # four responses waiting per slot, and the slots
    harness.stop.set()
    judge.gate.set()
    await running
    assert judge.peak <= 40


async def test_told_to_stop_it_lets_the_flight_land_and_says_so() -> None:
    generator = GatedGenerator(is_open=False)
    generator.busy_at = 8
    harness = Harness(generator, count=8)
    running = asyncio.create_task(harness.run())
    await asyncio.wait_for(generator.busy.wait(), 5)
    harness.stop.set()
    generator.gate.set()
    report = await running
    assert report.state is RunState.INTERRUPTED
    assert len(harness.ledger.attempts) == len(generator.asked) == 8


async def test_after_the_grace_period_the_flight_is_let_go() -> None:
    generator = GatedGenerator(is_open=False)
    harness = Harness(generator, settings=PipelineSettings(concurrency=8, grace_seconds=0.01))
    running = asyncio.create_task(harness.run())
    await asyncio.wait_for(generator.busy.wait(), 5)
    harness.stop.set()
    report = await running
    assert report.state is RunState.INTERRUPTED
    assert harness.ledger.attempts == []
    assert generator.in_flight == 0


async def test_cancelled_it_records_what_has_landed_and_passes_the_cancellation_on() -> None:
    held: list[Draw] = []
    five = asyncio.Event()

    def respond(draw: Draw) -> str:
        held.append(draw)
        if len(held) == 5:
            generator.gate.clear()
            five.set()
        return "right"

    generator = GatedGenerator(respond)
    harness = Harness(
        generator,
        settings=PipelineSettings(concurrency=2, group_size=1000, group_seconds=60, grace_seconds=0.01),
    )
    running = asyncio.create_task(harness.run())
    await asyncio.wait_for(five.wait(), 5)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert len(harness.ledger.attempts) == len(held)


async def test_at_the_end_of_a_session_the_ledger_has_every_quota_as_it_stands() -> None:
    policy = Policy(PolicyName.PROP2DIFF, 6, 20, probe=3)
    harness = Harness(
        GatedGenerator(lambda draw: "right" if draw.number % 3 else "wrong"), policy=policy, count=12
    )
    await harness.run()
    told = {stop.problem_id: (stop.reason, stop.quota) for stop in harness.ledger.stops}
    again = Scheduler(
        problems(12),
        policy,
        1,
        {
            name: Progress(
                tally=Tally(
                    accepted=sum(a.verdict.outcome is Outcome.ACCEPTED for a in mine),
                    rejected=sum(a.verdict.outcome is Outcome.REJECTED for a in mine),
                    tokens=7 * len(mine),
                ),
                next_number=len(mine),
            )
            for name in problems(12)
            if (mine := [a for a in harness.ledger.attempts if a.draw.problem_id == name])
        },
    )
    again.close(finished=True)
    assert {stop.problem_id: (stop.reason, stop.quota) for stop in again.drain_stops()} == told


async def test_a_store_that_hangs_does_not_hold_up_the_end_beyond_the_grace(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("gristmill.sampling.pipeline._LEAST_FLUSH_SECONDS", 0.01)

    class HangingLedger(MemoryLedger):
        async def record(self, *_: object) -> None:
            await asyncio.Event().wait()

    generator = GatedGenerator()
    harness = Harness(
        generator,
        policy=Policy(PolicyName.VANILLA, None, 1000),
        ledger=HangingLedger(),
        settings=PipelineSettings(concurrency=2, group_size=1, grace_seconds=0.01),
    )
    running = asyncio.create_task(harness.run())
    await generator.busy.wait()
    harness.stop.set()
    with pytest.raises(StoreError, match="took no more in time"):
        await running
