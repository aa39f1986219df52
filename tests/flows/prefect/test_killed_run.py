"""The process of a deployment's run is killed with SIGKILL: it is found and goes on, with nothing twice."""

import os
import signal
from pathlib import Path

import pytest

from gristmill.generators.scripted.script import Script
from tests.flows.prefect.api import prefect_api
from tests.flows.prefect.jobs import assert_whole, draws_needed, parameters_of
from tests.flows.prefect.prefect_servers import PrefectServer
from tests.flows.prefect.processes import flow_run_process
from tests.flows.prefect.served_flows import FLOW, served_flows
from tests.stub.server import StubServer, serve
from tests.support.accounts import account
from tests.support.children import a_job

pytestmark = [pytest.mark.prefect, pytest.mark.full]

_NAME = "killed"
QUOTA, CEILING, CONCURRENCY = 20, 100, 8


@pytest.mark.ci
async def test_a_run_that_was_killed_goes_on_under_its_id_and_ends_with_all_attempts(
    server: PrefectServer, tmp_path: Path
) -> None:
    store_url = f"sqlite:///{tmp_path / 'store.db'}"
    stub = StubServer(Script(latency_seconds=0.08, sigma=0.5))
    async with serve(stub), prefect_api(server.api, stub) as api:
        job = a_job(
            tmp_path, store_url, stub, problems=20, quota=QUOTA, ceiling=CEILING, concurrency=CONCURRENCY
        )
        async with served_flows(tmp_path, store_url, server.api, _NAME) as serving:
            flow_run = await api.start(f"{FLOW}/{_NAME}", parameters_of(job, run_id=None))
            await api.until(flow_run, "RUNNING")
            await stub.gauge.until(lambda gauge: gauge.requests >= draws_needed(job) // 2)
            os.kill(flow_run_process(serving.pid), signal.SIGKILL)
            run = await api.until_completed(flow_run)
            tasks = await api.find("task_runs", flow_runs={"id": {"any_": [flow_run]}})
            others = await api.find("flow_runs", deployments={"name": {"any_": [_NAME]}})
    assert [other["id"] for other in others] == [flow_run], "it is the same flow run that went on"
    assert run["run_count"] == 2
    assert {task["state_type"] for task in tasks} == {"COMPLETED", "CRASHED"}, "none is shown as running"
    found = account(store_url, run["name"])  # a run that is given no name is made one that stays
    assert_whole(found, job)
    lost = len(stub.gauge.asked) - found.attempts
    assert 0 <= lost <= CONCURRENCY + 200, "what was in flight, and the group that gathered"
