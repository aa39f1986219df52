"""The flows as `gristmill run` runs them: what Prefect shows of a run are its phases, not its responses."""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from gristmill.flows.artifacts.keys import artifact_key
from tests.flows.prefect.api import prefect_api
from tests.flows.prefect.prefect_servers import PrefectServer
from tests.support.children import environment

RUN = [
    *("dart-uniform", "--dataset", "demo", "--limit", "6", "--backend", "scripted"),
    *("--quota", "1", "--ceiling", "3", "--run-id", "Night_1"),
]
MAKING = [
    *("self-instruct", "--target", "5", "--script-pass-rate", "1", "--backend", "scripted"),
    *("--run-id", "Made_1", "--metrics", "words"),
]


def gristmill_run(folder: Path, arguments: list[str], **variables: str) -> str:
    """What the command prints, on both streams."""
    ran = subprocess.run(
        [sys.executable, "-m", "gristmill.cli.main", "run", *arguments],
        env=environment(folder, f"sqlite:///{folder}/store.db") | variables,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout + ran.stderr


@pytest.mark.prefect
def test_a_run_is_one_flow_run_of_three_tasks_with_its_tables(tmp_path: Path) -> None:
    """On a temporary server, which the command starts and stops; its database stays."""
    assert "6 problems" in gristmill_run(tmp_path, RUN)
    with closing(sqlite3.connect(tmp_path / "prefect" / "prefect.db")) as database:
        runs = database.execute("SELECT name, state_type FROM flow_run").fetchall()
        tasks = database.execute("SELECT name FROM task_run").fetchall()
        artifacts = dict(database.execute("SELECT key, data FROM artifact ORDER BY created").fetchall())
    assert runs == [("Night_1", "COMPLETED")]
    assert sorted(name.rsplit("-", 1)[0] for (name,) in tasks) == ["load", "sample", "summarise"]
    names = ("progress", "levels", "reasons", "summary")
    assert sorted(artifacts) == sorted(f"{name}-{artifact_key('Night_1')}" for name in names)
    assert artifacts[f"progress-{artifact_key('Night_1')}"] == 100.0


@pytest.mark.prefect
@pytest.mark.full
async def test_a_run_that_makes_instructions_shows_both_samplings(
    server: PrefectServer, tmp_path: Path
) -> None:
    seeds = tmp_path / "seeds.jsonl"
    seeds.write_text(json.dumps({"instruction": "Name three rivers that flow north."}) + "\n")
    arguments = [*MAKING, "--seeds", str(seeds)]
    assert "Instructions: 5 of 5 made" in gristmill_run(tmp_path, arguments, PREFECT_API_URL=server.api)
    async with prefect_api(server.api) as api:
        (run,) = await api.find("flow_runs", flow_runs={"name": {"any_": ["Made_1"]}})
        tasks = await api.find("task_runs", flow_runs={"id": {"any_": [run["id"]]}})
        artifacts = await api.artifacts(run["id"])
    phases = ["load", "make", "take", "sample", "measure", "report-instructions", "summarise"]
    assert sorted(task["name"].rsplit("-", 1)[0] for task in tasks) == sorted(phases)
    key, made_in = artifact_key("Made_1"), artifact_key("Made_1.instructions")
    assert {f"{name}-{key}" for name in ("candidates", "diversity", "levels", "metrics")} <= artifacts.keys()
    assert {f"{name}-{made_in}" for name in ("progress", "levels", "reasons")} <= artifacts.keys()
    rows = json.loads(artifacts[f"candidates-{key}"]["data"])
    assert [row["count"] for row in rows if row["reason"] == "new"] == ["5"]
    again = gristmill_run(tmp_path, arguments, PREFECT_API_URL=server.api)
    assert "Nothing is missing" in again
