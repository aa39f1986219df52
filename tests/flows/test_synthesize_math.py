"""The flow under a real Prefect server: what it shows there, and that it shows phases and not responses."""

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gristmill.flows.artifacts.keys import artifact_key
from gristmill.flows.local import QUIET, prefect_server

RUN = [
    *("dart-uniform", "--dataset", "demo", "--limit", "6", "--backend", "scripted"),
    *("--quota", "1", "--ceiling", "3", "--run-id", "Night_1"),
]


@pytest.fixture(scope="module")
def prefect_api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with a home of its own, so that nobody's runs are touched."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PREFECT_HOME", str(tmp_path_factory.mktemp("prefect")))
        for name, value in QUIET.items():
            patch.setenv(name, value)
        with prefect_server() as url:
            patch.setenv("PREFECT_API_URL", url)
            yield url


def listed(api: str, what: str) -> list[dict[str, Any]]:
    request = urllib.request.Request(
        f"{api}/{what}/filter", data=b"{}", headers={"content-type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as reply:
        found: list[dict[str, Any]] = json.load(reply)
    return found


def gristmill_run(folder: Path, arguments: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "gristmill.cli.main", "run", *arguments],
        env={**os.environ, "GRISTMILL_DATABASE_URL": f"sqlite:///{folder}/store.db"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.prefect
def test_a_run_is_one_flow_run_of_three_tasks_with_its_tables(prefect_api: str, tmp_path: Path) -> None:
    first = gristmill_run(tmp_path, RUN)
    assert first.returncode == 0, first.stderr
    assert "6 problems" in first.stdout
    runs, tasks = listed(prefect_api, "flow_runs"), listed(prefect_api, "task_runs")
    assert [run["state_type"] for run in runs] == ["COMPLETED"]
    assert sorted(task["name"].rsplit("-", 1)[0] for task in tasks) == ["load", "sample", "summarise"]
    artifacts = {artifact["key"]: artifact for artifact in listed(prefect_api, "artifacts")}
    key = artifact_key("Night_1")
    assert {f"{name}-{key}" for name in ("progress", "levels", "reasons", "summary")} <= artifacts.keys()
    assert artifacts[f"progress-{key}"]["data"] == 100.0
    rows = json.loads(artifacts[f"levels-{key}"]["data"])
    total = next(row for row in rows if row["level"] == "all")
    assert int(total["draws"]) == sum(int(total[name]) for name in ("accepted", "rejected", "undecided"))

    again = gristmill_run(tmp_path, RUN)
    assert again.returncode == 0, again.stderr
    assert "Nothing is missing" in again.stdout + again.stderr


@pytest.mark.prefect
def test_a_run_that_makes_instructions_shows_both_samplings(prefect_api: str, tmp_path: Path) -> None:
    before = {task["id"] for task in listed(prefect_api, "task_runs")}
    seeds = tmp_path / "seeds.jsonl"
    seeds.write_text(json.dumps({"instruction": "Name three rivers that flow north."}) + "\n")
    making = ["self-instruct", "--seeds", str(seeds), "--target", "5", "--script-pass-rate", "1"]
    ran = gristmill_run(
        tmp_path, [*making, "--backend", "scripted", "--run-id", "Made_1", "--metrics", "words"]
    )
    assert ran.returncode == 0, ran.stderr
    assert "Instructions: 5 of 5 made" in ran.stdout
    tasks = [task["name"] for task in listed(prefect_api, "task_runs") if task["id"] not in before]
    phases = ["load", "make", "take", "sample", "measure", "report-instructions", "summarise"]
    assert sorted(name.rsplit("-", 1)[0] for name in tasks) == sorted(phases)
    artifacts = {artifact["key"]: artifact for artifact in listed(prefect_api, "artifacts")}
    key, made_in = artifact_key("Made_1"), artifact_key("Made_1.instructions")
    assert {f"{name}-{key}" for name in ("candidates", "diversity", "levels", "metrics")} <= artifacts.keys()
    assert {f"{name}-{made_in}" for name in ("progress", "levels", "reasons")} <= artifacts.keys()
    rows = json.loads(artifacts[f"candidates-{key}"]["data"])
    assert [row["count"] for row in rows if row["reason"] == "new"] == ["5"]
