"""A run that makes instructions, killed by SIGKILL and started again until it is through."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

pytestmark = pytest.mark.full

RUN = [
    *("run", "self-instruct", "--backend", "scripted", "--direct", "--run-id", "r", "--seed", "3"),
    *(
        "--target",
        "120",
        "--script-latency-seconds",
        "0.1",
        "--script-pass-rate",
        "0.8",
        "--concurrency",
        "3",
    ),
    *("--rouge-limit", "1", "--near-duplicate-jaccard", "1", "--quota", "1", "--ceiling", "2"),
]
KILLS = 2
_SCRIPT = "import sys; from gristmill.cli.main import main; main(sys.argv[1:])"


def start(folder: Path, seeds: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _SCRIPT, *RUN, "--seeds", str(seeds)],
        cwd=folder,
        env={**os.environ, "GRISTMILL_DATABASE_URL": f"sqlite:///{folder}/store.db"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_run_killed_while_it_makes_instructions_makes_as_many_and_none_twice(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds.jsonl"
    seeds.write_text(
        "".join(json.dumps({"instruction": f"Name {n} rivers of the north."}) + "\n" for n in range(9))
    )
    for _ in range(KILLS):
        with start(tmp_path, seeds) as process:
            assert process.stderr is not None
            for line in process.stderr:
                if "of instructions made" in line and " 0 attempts" not in line:
                    process.send_signal(signal.SIGKILL)
            process.communicate()
    with start(tmp_path, seeds) as process:
        said, told = process.communicate(timeout=120)
    assert process.returncode == 0, told
    assert "Instructions: 120 of 120 made" in said
    with closing(sqlite3.connect(tmp_path / "store.db")) as store:
        accepted = store.execute("SELECT made_id FROM candidates WHERE outcome = 'accepted'").fetchall()
        assert len(accepted) == len(set(accepted)) == 120
        problems = store.execute("SELECT problem_id FROM run_problems WHERE run_id = 'r'").fetchall()
        assert set(problems) == set(accepted)
        lost = store.execute(
            "SELECT count(*) FROM candidates c LEFT JOIN attempts a ON a.run_id = c.run_id "
            "AND a.problem_id = c.problem_id AND a.number = c.number WHERE a.text IS NULL"
        ).fetchone()
        assert lost == (0,)
        states = dict(store.execute("SELECT id, state FROM runs").fetchall())
        assert states == {"r": "finished", "r.instructions": "finished"}
