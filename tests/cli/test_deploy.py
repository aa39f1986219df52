"""`gristmill deploy` on a real Prefect server: the pool, the automations and every deployment of the file."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from prefect.client.orchestration import get_client

from gristmill.cli.main import main
from gristmill.flows.deploy.register import checked_deployments, keep_what_people_set
from gristmill.flows.synthesize_math import synthesize_math
from tests.flows.deploy.test_entrypoints import BEFORE
from tests.flows.prefect.prefect_servers import PrefectServer
from tests.support.commands import Workplace

pytestmark = [pytest.mark.prefect, pytest.mark.full]
RULE = "DTSTART:20200101T000000\nFREQ=DAILY;BYHOUR=7"
PEOPLES: list[dict[str, Any]] = [
    {"schedule": {"cron": "5 5 * * *", "timezone": "Europe/Berlin"}},
    {"schedule": {"interval": 900.0}, "slug": "mine", "parameters": {"run_id": "r"}},
    {"schedule": {"rrule": RULE}, "slug": "rule"},
]
RUN = ("run", "dart-uniform", "--dataset", "demo", "--backend", "scripted", "--quota", "3")


@pytest.fixture
def url(server: PrefectServer) -> Iterator[str]:
    """Of the Prefect server of the test run, which has none of what was deployed here afterwards."""
    yield server.api
    for one in asked(server.api, "deployments"):
        if one["work_pool_name"] in ("gristmill", "another"):
            httpx.delete(f"{server.api}/deployments/{one['id']}").raise_for_status()


@pytest.fixture
def deploying(
    url: str, workplace: Workplace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Workplace]:
    from prefect.settings import PREFECT_API_URL, temporary_settings

    monkeypatch.setenv("PREFECT_API_URL", url)
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "prefect"))
    with temporary_settings({PREFECT_API_URL: url}):
        yield workplace


async def test_every_deployment_of_a_file_of_before_is_registered_for_the_pool_as_it_is_called_today(
    deploying: Workplace, url: str
) -> None:
    async with get_client() as client:
        flow_id = await client.create_flow(synthesize_math)
        stored = "flows.synthesize_math.synthesize_math"
        await client.create_deployment(flow_id, "stored", entrypoint=stored, tags=["gristmill"])
    deploying.write("prefect.yaml", BEFORE.read_bytes())
    await asyncio.to_thread(main, ["deploy"])
    told = deploying.capsys.readouterr().err
    assert "prefect.yaml: former entry points are read as today's" in told
    assert "deployments on the server that had former entry points have today's now: stored" in told
    found = {one["name"]: one for one in asked(url, "deployments") if one["work_pool_name"] == "gristmill"}
    assert sorted(found) == sorted(
        ["nightly-math", "instructions", "nightly-top-up", "export", "reverify", "report", "work"]
    )
    for one in found.values():
        assert (one["work_pool_name"], one["tags"], one["pull_steps"]) == ("gristmill", ["gristmill"], [])
        assert one["job_variables"]["stream_output"] is False
        assert not any(schedule["active"] for schedule in one["schedules"])
        assert one["entrypoint"].startswith("gristmill.flows.")
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
    sent("PATCH", f"{url}/deployments/{known['id']}", {"paused": True})
    for schedule in PEOPLES:
        added(url, known["id"], schedule)
    deploying.does("deploy", "--pool", "another")
    (known,) = [found for found in asked(url, "deployments") if found["name"] == "mine"]
    assert known["paused"]
    assert times(known["schedules"]) == {
        "file-1": "0 3 * * *",
        None: "5 5 * * *",
        "mine": 900.0,
        "rule": RULE,
    }
    assert [one["parameters"] for one in known["schedules"] if one["slug"] == "mine"] == [{"run_id": "r"}]


@pytest.mark.parametrize("by_people", [[], PEOPLES])
async def test_schedules_of_the_file_follow_it_and_those_of_people_stay(
    deploying: Workplace, url: str, by_people: list[dict[str, Any]]
) -> None:
    name = f"kept-{len(by_people)}"
    known = await registered(deploying, url, name, ["0 1 * * *", "0 2 * * *"])
    assert times(known["schedules"]) == {"file-1": "0 1 * * *", "file-2": "0 2 * * *"}
    for schedule in by_people:
        added(url, known["id"], schedule)
    theirs = {one.get("slug"): time_of(one) for one in by_people}
    known = await registered(deploying, url, name, ["0 4 * * *"])
    assert times(known["schedules"]) == {"file-1": "0 4 * * *", **theirs}
    known = await registered(deploying, url, name, [])
    assert times(known["schedules"]) == theirs
    known = await registered(deploying, url, name, ["0 6 * * *"])
    assert times(known["schedules"]) == {"file-1": "0 6 * * *", **theirs}


async def test_a_switch_of_one_of_the_files_schedules_holds_until_the_file_is_read_again(
    deploying: Workplace, url: str
) -> None:
    known = await registered(deploying, url, "switched", ["0 1 * * *"])
    (schedule,) = known["schedules"]
    path = f"{url}/deployments/{known['id']}/schedules/{schedule['id']}"
    sent("PATCH", path, {"active": False})
    known = await registered(deploying, url, "switched", ["0 1 * * *"])
    assert [one["active"] for one in known["schedules"]] == [True]


async def registered(deploying: Workplace, url: str, name: str, crons: list[str]) -> dict[str, Any]:
    """As `gristmill serve` registers a file with these schedules."""
    block = yaml.safe_load(deploying.does(*RUN, "--print-deployment", name))
    block[0]["schedules"] = [{"cron": cron} for cron in crons]
    file = deploying.write("prefect.yaml", yaml.safe_dump({"deployments": block}))
    checked = checked_deployments(file)
    async with get_client() as client:
        await keep_what_people_set(client, checked)
        await checked[0].deployment.aapply()
    (known,) = [found for found in asked(url, "deployments") if found["name"] == name]
    return known


def added(url: str, deployment: str, schedule: dict[str, Any]) -> None:
    """As the UI adds one."""
    body = [{"active": True, **schedule}]
    sent("POST", f"{url}/deployments/{deployment}/schedules", body)


def times(schedules: list[dict[str, Any]]) -> dict[str | None, object]:
    """When each runs, by its slug. None are lost and none doubled on the way."""
    found = {one["slug"]: time_of(one) for one in schedules}
    assert len(found) == len(schedules)
    return found


def time_of(schedule: dict[str, Any]) -> object:
    times = schedule["schedule"]
    return next(times[kind] for kind in ("cron", "interval", "rrule") if kind in times)


def test_a_deployment_whose_runs_would_be_taken_for_dead_is_refused(deploying: Workplace) -> None:
    block = deploying.does(*RUN, "--print-deployment", "mine").replace("'30'", "'300'")
    deploying.write("prefect.yaml", f"deployments:\n{block}")
    told = deploying.refuses("deploy")
    assert told.startswith("prefect.yaml: deployment 'mine': work_pool.job_variables.env.PREFECT_FLOWS_HEART")


def asked(url: str, what: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = sent("POST", f"{url}/{what}/filter", {}).json()
    return found


def sent(method: str, url: str, body: object) -> httpx.Response:
    """The answer of the server as soon as its database is not locked."""
    while (reply := httpx.request(method, url, json=body)).status_code == httpx.codes.SERVICE_UNAVAILABLE:
        time.sleep(0.1)
    return reply.raise_for_status()
