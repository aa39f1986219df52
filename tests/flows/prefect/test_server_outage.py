"""The Prefect server is killed in mid-run, with and without coming back: a run draws on, and has it all.

The runner and the run are processes of their own, as on a host that serves deployments.
"""

import asyncio
from pathlib import Path

import pytest

from gristmill.generators.scripted.script import Script
from tests.flows.prefect.api import PrefectApi, prefect_api
from tests.flows.prefect.jobs import assert_whole, parameters_of
from tests.flows.prefect.prefect_servers import PrefectServer
from tests.flows.prefect.processes import until
from tests.flows.prefect.served_flows import FLOW, served_flows
from tests.progress import progressing
from tests.stub.server import StubServer, serve
from tests.support.accounts import Account, account
from tests.support.children import RUN, Job, a_job

pytestmark = [pytest.mark.prefect, pytest.mark.full]

_NAME = "outage"
_DEPLOYMENT = f"{FLOW}/{_NAME}"
UNDISTURBED_SECONDS = 60.0
"""Between two draws. A loop that waits for the server stands still until its client gives up: 70 s."""

QUOTA, CEILING, CONCURRENCY = 20, 100, 8
SCRIPT = Script(latency_seconds=0.08, sigma=0.5)


def _job(folder: Path, stub: StubServer) -> Job:
    """Some ten seconds of drawing, which is longer than a server takes to come back."""
    store_url = f"sqlite:///{folder / 'store.db'}"
    return a_job(folder, store_url, stub, problems=25, quota=QUOTA, ceiling=CEILING, concurrency=CONCURRENCY)


async def test_a_run_whose_prefect_server_is_killed_and_started_again_ends_with_all_attempts(
    server: PrefectServer, tmp_path: Path
) -> None:
    stub = StubServer(SCRIPT)
    async with serve(stub), prefect_api(server.api, stub) as api:
        job = _job(tmp_path, stub)
        async with served_flows(tmp_path, job.store_url, server.api, _NAME):
            run_id = await _server_killed_in_mid_run(server, api, job)
            at_the_kill = stub.gauge.requests
            async with progressing(lambda: stub.gauge.requests, UNDISTURBED_SECONDS):
                await stub.gauge.until(lambda gauge: gauge.requests >= at_the_kill + 200)
            await asyncio.to_thread(server.start)
            run = await api.until(run_id, "COMPLETED")
            artifacts = await api.artifacts(run_id)
            again = await api.start(_DEPLOYMENT, parameters_of(job))
            await api.until(again, "COMPLETED")  # whoever serves is still there
    assert run["run_count"] == 1
    assert any(key.startswith("levels-") for key in artifacts), "what ends a run is shown"
    _assert_drawn_once(account(job.store_url, RUN), job)


async def test_a_run_whose_prefect_server_is_gone_for_good_ends_with_all_attempts(
    server: PrefectServer, tmp_path: Path
) -> None:
    stub = StubServer(SCRIPT)
    async with serve(stub), prefect_api(server.api, stub) as api:
        job = _job(tmp_path, stub)
        async with served_flows(tmp_path, job.store_url, server.api, _NAME):
            await _server_killed_in_mid_run(server, api, job)
            await until(lambda: account(job.store_url, RUN).state == "finished")
    _assert_drawn_once(account(job.store_url, RUN), job)


async def _server_killed_in_mid_run(server: PrefectServer, api: PrefectApi, job: Job) -> str:
    run_id = await api.start(_DEPLOYMENT, parameters_of(job))
    await api.until(run_id, "RUNNING")
    await job.stub.gauge.until(lambda gauge: gauge.requests >= 150)
    server.kill()
    return run_id


def _assert_drawn_once(found: Account, job: Job) -> None:
    assert_whole(found, job)
    assert found.rows.keys() == {(asked.problem, asked.seed) for asked in job.stub.gauge.asked}
    assert found.attempts == len(job.stub.gauge.asked), "nothing was asked for twice"
