"""Whether `gristmill serve` has room for a run and the workers that it waits for; no server is needed."""

from pathlib import Path

import pytest
import yaml

from gristmill.flows.deploy.register import checked_deployments
from gristmill.sampling.errors import ConfigError

WORK: dict[str, object] = {
    "name": "work",
    "entrypoint": "gristmill.flows.deployed.work.work_flow",
    "tags": ["gristmill"],
}


def a_file(place: Path, *more: dict[str, object], **mill: object) -> Path:
    block = {
        "name": "nightly",
        "entrypoint": "gristmill.flows.synthesize_math.synthesize_math",
        "tags": ["gristmill"],
        **mill,
    }
    file = place / "prefect.yaml"
    file.write_text(yaml.safe_dump({"deployments": [block, *more]}), "utf-8")
    return file


def test_more_workers_than_places_beside_the_run_are_refused(tmp_path: Path) -> None:
    file = a_file(tmp_path, WORK, parameters={"workers": 2})
    with pytest.raises(ConfigError, match=r"'nightly': parameters\.workers: .* give --limit 3,"):
        checked_deployments(file, limit=2)
    assert len(checked_deployments(file, limit=3)) == 2


def test_those_of_a_schedule_are_refused_too(tmp_path: Path) -> None:
    schedule = {"cron": "0 2 * * *", "active": False, "parameters": {"workers": 4}}
    with pytest.raises(ConfigError, match="give --limit 5"):
        checked_deployments(a_file(tmp_path, WORK, schedules=[schedule]), limit=4)


def test_one_worker_needs_no_room_and_neither_do_workers_that_others_start(tmp_path: Path) -> None:
    assert checked_deployments(a_file(tmp_path, WORK, parameters={"workers": 1}), limit=1)
    assert checked_deployments(a_file(tmp_path, parameters={"workers": 8}), limit=1)
    assert checked_deployments(a_file(tmp_path, WORK, parameters={"workers": 8}))
