"""The whole flow against a real vLLM server: under Prefect, and through the server's death in mid-run."""

import asyncio
import json
from asyncio.subprocess import Process
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from gristmill.db.engine import open_engine
from gristmill.db.schema import prepare_schema
from gristmill.generators.scripted.script import sum_problems
from gristmill.sampling.records import Outcome, draw_seed
from tests.progress import progressing
from tests.support.accounts import Account, account
from tests.support.children import command, ended, said
from tests.vllm.served import Served

pytestmark = pytest.mark.vllm

PROBLEMS = sum_problems(6)
RUN, SEED = "the-run", 7
LOOK_SECONDS = 0.2


def arguments(folder: Path, **flags: object) -> list[str]:
    lines = [json.dumps({"prompt": each.prompt, "reference": each.reference}) for each in PROBLEMS]
    (folder / "sums.jsonl").write_text("\n".join(lines), "utf-8")
    given = {
        "dataset": folder / "sums.jsonl",
        "prompt-field": "prompt",
        "reference-field": "reference",
        "run-id": RUN,
        "seed": SEED,
        "template": "boxed-few-shot",
        "temperature": 0.8,
        "concurrency": 16,
        **flags,
    }
    pairs = [part for name, value in given.items() for part in (f"--{name.replace('_', '-')}", str(value))]
    return ["run", "dart-uniform", *pairs]


def assert_whole(found: Account, *, quota: int, ceiling: int) -> None:
    """Every problem came to its quota or its ceiling, by draws 0, 1, 2, ..., each once and with its seed."""
    assert found.state == "finished"
    assert found.attempts == found.verdicts == len(found.rows)
    for problem in PROBLEMS:
        numbers = found.numbers(problem)
        assert numbers == list(range(len(numbers)))
        assert all((problem.id, draw_seed(SEED, problem.id, number)) in found.rows for number in numbers)
        tally = found.tally(problem)
        assert tally.accepted >= quota or tally.attempts == ceiling


@pytest.mark.ci
async def test_a_run_under_prefect_draws_verifies_and_stores(vllm_server: Served, tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path / 'store.db'}"
    given = arguments(tmp_path, server=vllm_server.url, quota=2, ceiling=6, max_tokens=64)
    async with command(tmp_path, store, *given) as process:
        await ended(process)
    found = account(store, RUN)
    assert_whole(found, quota=2, ceiling=6)
    assert {row.model for row in found.rows.values()} == {"smollm2"}
    assert len({row.text for row in found.rows.values()}) > len(PROBLEMS), (
        "draws of one problem are no clones"
    )
    outcomes = Counter(row.outcome for row in found.rows.values())
    assert outcomes[Outcome.ACCEPTED] > 0, "the model can add small numbers now and then"


async def test_a_run_goes_on_by_itself_when_the_server_is_killed_and_comes_back(
    vllm_server: Served, tmp_path: Path
) -> None:
    store = made_store(tmp_path)
    given = arguments(tmp_path, server=vllm_server.url, quota=1000, ceiling=40, max_tokens=48, group_size=8)
    async with (
        command(tmp_path, store, *given, "--direct") as process,
        progressing(lambda: account(store, RUN).attempts),
    ):
        before = await stored(process, store, lambda found: found.attempts >= 40)
        vllm_server.kill()
        await ended(process)
    found = account(store, RUN)
    assert_whole(found, quota=1000, ceiling=40)
    assert before.rows.items() <= found.rows.items(), "what was stored stays as it was"
    assert found.attempts == 40 * len(PROBLEMS)
    assert found.failures.total() > 0, "draws were in flight when the server died"


def made_store(folder: Path) -> str:
    """There before the run, so that it can be looked at from the beginning."""
    url = f"sqlite:///{folder / 'store.db'}"
    engine = open_engine(url)
    prepare_schema(engine)
    engine.dispose()
    return url


async def stored(process: Process, store: str, reached: Callable[[Account], bool]) -> Account:
    """Waits until the store's account says so; the store tells nobody of its rows, so it is looked at."""
    while True:
        assert process.returncode is None, await said(process)
        found = account(store, RUN)
        if reached(found):
            return found
        await asyncio.sleep(LOOK_SECONDS)
