"""`gristmill deploy` on a real Prefect server: the pool, the automations and every deployment of the file."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from flows.deployments import checked_deployments
from flows.prefect_server import QUIET, prefect_server
from tests.flows.commands import Workplace

pytestmark = pytest.mark.prefect
RUN = ("run", "dart-uniform", "--dataset", "demo", "--backend", "scripted", "--quota", "3")


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PREFECT_HOME", str(tmp_path_factory.mktemp("prefect")))
        for name, value in QUIET.items():
            patch.setenv(name, value)
        with prefect_server() as url:
            yield url


@pytest.fixture
def deploying(
    url: str, workplace: Workplace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Workplace]:
    from prefect.settings import PREFECT_API_URL, temporary_settings

    monkeypatch.setenv("PREFECT_API_URL", url)
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "prefect"))
    with temporary_settings({PREFECT_API_URL: url}):
        yield workplace


def test_every_shipped_deployment_is_registered_for_the_pool(deploying: Workplace, url: str) -> None:
    deploying.does("deploy")
    found = {one["name"]: one for one in asked(url, "deployments")}
    assert sorted(found) == sorted(
        ["nightly-math", "instructions", "nightly-top-up", "export", "reverify", "report", "work"]
    )
    for one in found.values():
        assert (one["work_pool_name"], one["tags"], one["pull_steps"]) == ("gristmill", ["gristmill"], [])
        assert one["job_variables"]["stream_output"] is False
        assert not any(schedule["active"] for schedule in one["schedules"])
    assert found["work"]["work_queue_name"] == "gpu"
    assert len([one for one in asked(url, "automations") if one["name"].startswith("gristmill: ")]) == 3


def test_a_printed_deployment_is_registered_and_one_that_is_paused_stays_so(
    deploying: Workplace, url: str
) -> None:
    block = deploying.does(*RUN, "--print-deployment", "mine", "--cron", "0 3 * * *")
    file = deploying.write("prefect.yaml", f"deployments:\n{block}")
    (one,) = checked_deployments(file)
    printed = yaml.safe_load(deploying.does(*RUN, "--print-deployment", "mine"))[0]["parameters"]["config"]
    assert one.block.parameters["config"] == printed
    assert one.block.is_scheduled
    deploying.does("deploy", "--pool", "another")
    (known,) = [found for found in asked(url, "deployments") if found["name"] == "mine"]
    assert (known["work_pool_name"], known["paused"]) == ("another", False)
    assert known["parameters"]["config"] == printed
    httpx.patch(f"{url}/deployments/{known['id']}", json={"paused": True}).raise_for_status()
    deploying.does("deploy", "--pool", "another")
    (known,) = [found for found in asked(url, "deployments") if found["name"] == "mine"]
    assert known["paused"]


def test_a_deployment_whose_runs_would_be_taken_for_dead_is_refused(deploying: Workplace) -> None:
    block = deploying.does(*RUN, "--print-deployment", "mine").replace("'30'", "'300'")
    deploying.write("prefect.yaml", f"deployments:\n{block}")
    told = deploying.refuses("deploy")
    assert told.startswith("prefect.yaml: deployment 'mine': work_pool.job_variables.env.PREFECT_FLOWS_HEART")


def asked(url: str, what: str) -> list[dict[str, Any]]:
    reply = httpx.post(f"{url}/{what}/filter", json={})
    found: list[dict[str, Any]] = reply.raise_for_status().json()
    return found
