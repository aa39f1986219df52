"""Deployments that name former entry points: read, checked and registered as today's."""

from pathlib import Path

import pytest
from prefect.client.orchestration import PrefectClient

from gristmill.flows.deploy.entrypoints import update_stored_entrypoints
from gristmill.flows.deploy.prefect_yaml import current_entrypoint, shipped_file
from gristmill.flows.deploy.register import checked_deployments, former_entrypoints_line
from gristmill.flows.synthesize_math import synthesize_math

BEFORE = Path(__file__).parent / "before.yaml"
"""The file that was shipped then."""


def test_a_file_of_before_deploys_the_flows_of_today_and_that_is_said() -> None:
    before, today = checked_deployments(BEFORE), checked_deployments(shipped_file())
    assert [one.deployment.entrypoint for one in before] == [one.deployment.entrypoint for one in today]
    assert [one.deployment.full_name for one in before] == [one.deployment.full_name for one in today]
    line = former_entrypoints_line(BEFORE, before)
    assert line is not None
    assert line.startswith(f"{BEFORE}: former entry points are read as today's")
    assert line.endswith(": nightly-math, instructions, nightly-top-up, export, reverify, report, work")
    assert former_entrypoints_line(shipped_file(), today) is None


def test_every_former_entry_point_names_a_flow_of_today() -> None:
    jobs = [one.deployment.entrypoint for one in checked_deployments(shipped_file())[2:]]
    assert all(str(job).startswith("gristmill.flows.jobs.") for job in jobs)
    for former in ("flows.deployed.", "gristmill.flows.deployed."):
        assert [current_entrypoint(str(job).replace("gristmill.flows.jobs.", former)) for job in jobs] == jobs


@pytest.mark.parametrize(
    "entrypoint",
    ["flows.mine.nightly", "flows/synthesize_math.py:synthesize_math", "my.flows.deployed.work.work_flow"],
)
def test_an_entry_point_of_a_users_own_stays(entrypoint: str) -> None:
    assert current_entrypoint(entrypoint) == entrypoint


@pytest.mark.prefect
@pytest.mark.full
async def test_what_a_server_has_stored_is_brought_in_line_once(client: PrefectClient) -> None:
    stored = {
        "old": ("flows.synthesize_math.synthesize_math", ["gristmill"]),
        "older": ("gristmill.flows.deployed.work.work_flow", ["gristmill"]),
        "new": ("gristmill.flows.synthesize_math.synthesize_math", ["gristmill"]),
        "own": ("flows.mine.nightly", ["gristmill"]),
        "theirs": ("flows.synthesize_math.synthesize_math", ["theirs"]),
    }
    flow_id = await client.create_flow(synthesize_math)
    made = {
        name: await client.create_deployment(
            flow_id, f"{name}-entry", entrypoint=entrypoint, tags=tags, parameters={"workers": 1}
        )
        for name, (entrypoint, tags) in stored.items()
    }
    assert await update_stored_entrypoints(client) == ["old-entry", "older-entry"]
    assert await update_stored_entrypoints(client) == []
    found = {name: await client.read_deployment(id_) for name, id_ in made.items()}
    today = {"old": stored["new"][0], "older": "gristmill.flows.jobs.work.work_flow"}
    assert {name: one.entrypoint for name, one in found.items()} == {
        name: today.get(name, stored[name][0]) for name in stored
    }
    assert found["old"].parameters == {"workers": 1}
