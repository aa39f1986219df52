"""Runs whose Prefect server falls silent in the middle: what is shown is lost, and nothing else."""

import asyncio
import json
import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from gristmill.generators.scripted.script import sum_problems
from tests.flows.artifacts.silent_server import silent_from
from tests.flows.prefect.prefect_servers import PrefectServer
from tests.support.children import ROOT

pytestmark = [pytest.mark.prefect, pytest.mark.full]

PROBLEMS = 24
MOST_SECONDS = 30.0
"""Far more than the five that all publications together may cost, on a slow machine too, and far less than
the minute that the client waits for one answer, and the minutes for which it tries again.
"""

SCRIPT = """
import asyncio, sys
from time import perf_counter
from gristmill.flows import tasks
from gristmill.reports.summary import Prices
from gristmill.runs.settings.recipe import run_config
from gristmill.runs.open_generators import Generators
from gristmill.runs.session import RunSession
from gristmill.runs.store import open_store
from prefect import flow

CONFIG = run_config("dart-uniform", {
    "dataset": {"dataset": "sums.jsonl", "prompt_field": "prompt", "reference_field": "reference"},
    "policy": {"quota": 1, "ceiling": 3},
    "generator": {"backend": "scripted"},
})

@flow
async def whole():
    with open_store() as engine:
        async with Generators() as generators:
            session = await tasks.load(RunSession(engine, "silent", CONFIG, asyncio.Event(), generators))
            began = perf_counter()
            report = await tasks.sample(session)
            sampled = perf_counter()
            await tasks.summarise(session, Prices())
    lost = sampled - began - report.seconds, perf_counter() - sampled
    print(report.state.value, *lost, flush=True)

asyncio.run(whole())
"""


async def test_a_silent_server_costs_a_few_seconds_and_its_artifacts(
    place: Path, server: PrefectServer
) -> None:
    rows = [{"prompt": sum_.prompt, "reference": sum_.reference} for sum_ in sum_problems(PROBLEMS)]
    (place / "sums.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    async with silent_from(server.api, b"/artifacts/") as api:
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", SCRIPT),
            cwd=place,
            env={**os.environ, "PREFECT_API_URL": api, "PYTHONPATH": str(ROOT), "PREFECT_HOME": str(place)},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            assert child.stdout is not None
            line = (await child.stdout.readline()).decode()
        finally:
            child.kill()  # Prefect itself would try for a minute to tell how the flow run ended
            await child.communicate()
    state, of_sampling, of_summary = line.split()
    assert state == "finished"
    assert float(of_sampling) < MOST_SECONDS
    assert float(of_summary) < MOST_SECONDS
    with closing(sqlite3.connect(place / "store.db")) as store:
        problems, open_ones = store.execute(
            "select count(*), sum(stop_reason is null) from run_problems"
        ).fetchone()
    assert (problems, open_ones) == (PROBLEMS, 0)
    assert (place / "reports" / "silent-report.html").is_file()
