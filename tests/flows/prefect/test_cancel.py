"""A deployment's run is cancelled as Prefect's UI does it, in mid-run, and goes on later.

The stub knows which replies were handed over to a client that was
still there: these are what must be in the store.
"""

import asyncio
from pathlib import Path

import pytest

from gristmill.generators.scripted.script import Script
from tests.flows.prefect.api import PrefectApi, prefect_api
from tests.flows.prefect.jobs import assert_whole, draws_needed, parameters_of
from tests.flows.prefect.prefect_servers import PrefectServer
from tests.flows.prefect.served_flows import FLOW, served_flows
from tests.stub.faults import Fault, FaultKind, at_every, at_first
from tests.stub.server import StubServer, serve
from tests.support.accounts import Account, account
from tests.support.children import RUN, Job, a_job

pytestmark = [pytest.mark.prefect, pytest.mark.full]

_NAME = "cancelled"
_DEPLOYMENT = f"{FLOW}/{_NAME}"
_LOOK_SECONDS = 0.2
QUOTA, CEILING, CONCURRENCY = 12, 60, 12
HANGING = Fault(FaultKind.HANG)
BUSY = Fault(FaultKind.STATUS, 503)


async def test_a_run_that_is_cancelled_keeps_what_landed_and_goes_on_to_the_right_tallies(
    server: PrefectServer, tmp_path: Path
) -> None:
    store_url = f"sqlite:///{tmp_path / 'store.db'}"
    stub = StubServer(Script(latency_seconds=0.05, sigma=1.0, length_rate=0.05))
    async with serve(stub), prefect_api(server.api, stub) as api:
        job = a_job(
            tmp_path,
            store_url,
            stub,
            problems=30,
            quota=QUOTA,
            ceiling=CEILING,
            concurrency=CONCURRENCY,
            group_size=10_000,
            group_seconds=2,  # a cancel finds a group that gathers
            grace_seconds=3600,
        )
        # Some of what is in flight then never lands, and some would be tried again for ever.
        stub.schedule = at_every(20, [HANGING, BUSY, BUSY])
        async with served_flows(tmp_path, store_url, server.api, _NAME):
            cancelled = await _cancelled_at(api, job, requests=draws_needed(job) // 3)
            _assert_kept(cancelled, stub)
            stub.schedule = at_first(())
            run_id = await api.start(_DEPLOYMENT, parameters_of(job))
            await api.until(run_id, "COMPLETED")
    finished = account(store_url, RUN)
    assert cancelled.rows.items() <= finished.rows.items()
    assert_whole(finished, job, stops=2)


async def _cancelled_at(api: PrefectApi, job: Job, requests: int) -> Account:
    """Starts the job, cancels it at that many requests, and gives what the store then holds."""
    stub, run_id = job.stub, await api.start(_DEPLOYMENT, parameters_of(job))
    await api.until(run_id, "RUNNING")
    await stub.gauge.until(lambda gauge: gauge.requests >= requests)
    await api.cancel(run_id)
    await api.until(run_id, "CANCELLED")
    # Said by the run itself: it ended before the Runner would have killed it, half a minute after the cancel.
    await _until_said(api, run_id, f"{RUN} was interrupted; it goes on under its id")
    return account(job.store_url, RUN)


async def _until_said(api: PrefectApi, run_id: str, text: str) -> None:
    """The log comes in batches, and stays; the state's message is soon the Runner's."""
    while True:
        if any(text in line for line in await api.messages(run_id)):
            return
        await asyncio.sleep(_LOOK_SECONDS)


def _assert_kept(found: Account, stub: StubServer) -> None:
    assert stub.gauge.in_flight == 0
    assert found.state == "interrupted"
    assert found.rows.keys() == {(asked.problem, asked.seed) for asked in stub.gauge.asked if asked.answered}
    assert found.attempts == found.verdicts == len(found.rows)
