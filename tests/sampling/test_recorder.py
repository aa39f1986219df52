"""What a recorder says is recorded, and when."""

import asyncio
from collections.abc import Sequence

import pytest

from gristmill.sampling.errors import StoreError
from gristmill.sampling.recorder import Recorder
from gristmill.sampling.records import Attempt, Draw, Failure, Stop, StopReason
from tests.sampling.ports import MemoryLedger


class SlowLedger(MemoryLedger):
    """Records a group when the test lets it."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = asyncio.Semaphore(0)
        self.may = asyncio.Semaphore(0)

    async def record(
        self, attempts: Sequence[Attempt], failures: Sequence[Failure], stops: Sequence[Stop]
    ) -> None:
        self.asked.release()
        await self.may.acquire()
        await super().record(attempts, failures, stops)


def a_recorder(ledger: MemoryLedger) -> Recorder:
    return Recorder(ledger, group_size=1, group_seconds=0.0, on_recorded=lambda: None)


def a_failure(number: int) -> Failure:
    return Failure(Draw("a", number, number), "timeout", "no answer", 1.0)


async def turns() -> None:
    """Of the loop, not time: more than anything here takes."""
    for _ in range(50):
        await asyncio.sleep(0)


async def test_all_that_was_handed_over_before_is_waited_for_and_nothing_that_comes_after() -> None:
    ledger = SlowLedger()
    recorder = a_recorder(ledger)
    writing = asyncio.create_task(recorder.run())
    recorder.add(failures=[a_failure(0)])
    await ledger.asked.acquire()  # the first is with the ledger
    recorder.add(failures=[a_failure(1)])
    waiting = asyncio.create_task(recorder.all_recorded())
    await turns()
    recorder.add(failures=[a_failure(2)])
    ledger.may.release()
    await ledger.asked.acquire()
    await turns()
    assert not waiting.done(), "the second is not recorded yet"
    ledger.may.release()
    async with asyncio.timeout(5):
        await waiting
    assert a_failure(1) in ledger.failures
    ledger.may.release()
    recorder.close()
    await writing
    assert ledger.failures == [a_failure(0), a_failure(1), a_failure(2)]


async def test_nothing_handed_over_is_not_waited_for() -> None:
    recorder = a_recorder(MemoryLedger())
    async with asyncio.timeout(5):
        await recorder.all_recorded()
    assert (recorder.handed, recorder.recorded) == (0, 0)


async def test_stops_alone_are_recorded_and_waited_for() -> None:
    ledger = MemoryLedger()
    recorder = a_recorder(ledger)
    writing = asyncio.create_task(recorder.run())
    recorder.add(stops=[Stop("a", StopReason.QUOTA_MET, 1, 9)])
    async with asyncio.timeout(5):
        await recorder.all_recorded()
    assert [stop.problem_id for stop in ledger.stops] == ["a"]
    recorder.add()
    async with asyncio.timeout(5):
        await recorder.all_recorded()
    recorder.close()
    await writing


async def test_several_wait_at_once() -> None:
    ledger = SlowLedger()
    recorder = a_recorder(ledger)
    writing = asyncio.create_task(recorder.run())
    recorder.add(failures=[a_failure(0)])
    waiting = [asyncio.create_task(recorder.all_recorded()) for _ in range(3)]
    await turns()
    assert not any(wait.done() for wait in waiting)
    ledger.may.release()
    async with asyncio.timeout(5):
        await asyncio.gather(*waiting)
    recorder.close()
    await writing


async def test_what_the_ledger_refuses_is_never_said_to_be_recorded() -> None:
    ledger = MemoryLedger()
    ledger.error = StoreError("full")
    recorder = a_recorder(ledger)
    writing = asyncio.create_task(recorder.run())
    recorder.add(failures=[a_failure(0)])
    waiting = asyncio.create_task(recorder.all_recorded())
    with pytest.raises(StoreError, match="full"):
        await writing
    await turns()
    assert not waiting.done()
    waiting.cancel()
