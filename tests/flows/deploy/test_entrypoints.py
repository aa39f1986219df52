"""Deployments made when flows were imported as `flows.X`: read, checked and registered as today's."""

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
    assert [one.block.entrypoint.removeprefix("flows.") for one in before] == [
        one.block.entrypoint.removeprefix("gristmill.flows.") for one in today
    ]
    assert [one.deployment.entrypoint for one in before] == [one.deployment.entrypoint for one in today]
    assert [one.deployment.full_name for one in before] == [one.deployment.full_name for one in today]
    line = former_entrypoints_line(BEFORE, before)
    assert line is not None
    assert line.startswith(f"{BEFORE}: entry points flows.* are read as gristmill.flows.*")
    assert line.endswith(": nightly-math, instructions, nightly-top-up, export, reverify, report, work")
    assert former_entrypoints_line(shipped_file(), today) is None


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
    assert await update_stored_entrypoints(client) == ["old-entry"]
    assert await update_stored_entrypoints(client) == []
    found = {name: await client.read_deployment(id_) for name, id_ in made.items()}
    assert {name: one.entrypoint for name, one in found.items()} == {
        name: stored["new" if name == "old" else name][0] for name in stored
    }
    assert found["old"].parameters == {"workers": 1}
