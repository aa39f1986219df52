"""A pipeline whose scheduler gets its problems bit by bit, and one that is cancelled."""

import asyncio

import pytest

from gristmill.sampling import pipeline as pipeline_module
from gristmill.sampling.pipeline import PipelineSettings
from gristmill.sampling.policy import Policy, PolicyName
from gristmill.sampling.records import Progress, RunState
from gristmill.sampling.shared_scheduler import SharedScheduler
from tests.sampling.harness import Harness
from tests.sampling.ports import GatedGenerator, problems

TWICE = Policy(PolicyName.VANILLA, None, 2)


class SharedHarness(Harness):
    """A pipeline over a scheduler that holds nothing yet."""

    def __init__(self) -> None:
        self.scheduler = SharedScheduler(problems(4), TWICE, 1)
        settings = PipelineSettings(concurrency=8, group_size=1, group_seconds=0.0)
        super().__init__(GatedGenerator(), scheduler=self.scheduler, settings=settings)

    async def ran_dry(self) -> None:
        async with asyncio.timeout(10):
            await self.scheduler.ran_dry.wait()
        self.scheduler.ran_dry.clear()

    def give(self, *ids: str) -> None:
        self.scheduler.take(dict.fromkeys(ids, Progress()))
        self.pipeline.wake()


async def test_while_more_is_expected_it_waits_and_goes_on_when_it_is_woken() -> None:
    harness = SharedHarness()
    running = asyncio.create_task(harness.run())
    await harness.ran_dry()
    assert not running.done()
    harness.give("0", "1")
    await harness.ran_dry()
    assert len(harness.generator.asked) == 4
    harness.give("3")
    await harness.ran_dry()
    assert not running.done()
    harness.scheduler.expects_more = False
    harness.pipeline.wake()
    report = await running
    assert (report.state, report.attempts) == (RunState.FINISHED, 6)
    assert {attempt.draw.problem_id for attempt in harness.ledger.attempts} == {"0", "1", "3"}


async def test_one_that_waits_for_more_can_be_stopped() -> None:
    harness = SharedHarness()
    running = asyncio.create_task(harness.run())
    await harness.ran_dry()
    harness.stop.set()
    assert (await running).state is RunState.INTERRUPTED


async def test_one_that_waits_for_more_can_be_cancelled() -> None:
    harness = SharedHarness()
    running = asyncio.create_task(harness.run())
    await harness.ran_dry()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_cancelled_it_gives_the_flight_less_than_it_would_if_told_to_stop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pipeline_module, "_CANCEL_GRACE_SECONDS", 0.05)
    generator = GatedGenerator(is_open=False)
    harness = Harness(generator, settings=PipelineSettings(concurrency=8, group_size=3, grace_seconds=3600.0))
    running = asyncio.create_task(harness.pipeline.run(harness.stop))
    async with asyncio.timeout(5):
        await generator.busy.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        async with asyncio.timeout(10):
            await running
    assert generator.in_flight == 0
    assert harness.ledger.attempts == []


async def test_cancelled_it_still_records_what_lands_in_its_grace() -> None:
    generator = GatedGenerator(is_open=False)
    generator.busy_at = 4
    harness = Harness(generator, settings=PipelineSettings(concurrency=4, group_size=3, grace_seconds=3600.0))
    running = asyncio.create_task(harness.pipeline.run(harness.stop))
    async with asyncio.timeout(5):
        await generator.busy.wait()
    running.cancel()
    await asyncio.sleep(0)
    generator.gate.set()
    with pytest.raises(asyncio.CancelledError):
        async with asyncio.timeout(10):
            await running
    assert len(harness.ledger.attempts) == len(generator.asked) == 4


def test_the_grace_of_a_cancelled_run_is_far_below_what_prefect_waits() -> None:
    assert pipeline_module._CANCEL_GRACE_SECONDS <= 5.0
    assert pipeline_module._CANCEL_GRACE_SECONDS + pipeline_module._LEAST_FLUSH_SECONDS < 30.0 / 2
