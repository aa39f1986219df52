"""`gristmill browse` as a child process with a port of its own, over a small store, and a client for it."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from gristmill.db.sessions import Engine
from gristmill.runs.store import DATABASE_VARIABLE
from gristmill.sampling.records import Outcome
from tests.db.samples import a_problem, an_attempt, start_run, store

ROOT = Path(__file__).parents[2]
SCRIPT = "import sys; from gristmill.cli.browse import browse; browse(sys.argv[1:])"
EASY, HARD = a_problem(1, "easy"), a_problem(2, "hard")
HOSTILE = (
    "</td></pre><script>alert(1)</script><img src=x onerror=alert(2)> \x00\u202e http://evil.example/?a=1"
)
VIEW = "/store/attempts_with_verdicts"


def fill(engine: Engine, run_id: str = "one") -> None:
    """Twelve attempts: the even ones on the easy problem are accepted, none on the hard one."""
    start_run(engine, [EASY, HARD], run_id)
    outcomes = [Outcome.ACCEPTED, Outcome.REJECTED]
    easy = [an_attempt(EASY, n, outcomes[n % 2], text=f"The answer of try {n} is 2.") for n in range(6)]
    hard = [an_attempt(HARD, n, Outcome.UNDECIDED, text=HOSTILE) for n in range(6)]
    store(engine, [*easy, *hard], run_id)


@contextmanager
def browsing(url: str, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], httpx.Client]]:
    """The command while the block runs, and a client of the address that it says it is at."""
    environment = os.environ | {DATABASE_VARIABLE: url, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT, "--port", "0", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    ) as child:
        try:
            with httpx.Client(base_url=address(child), timeout=600, trust_env=False) as client:
                yield child, client
        finally:
            child.kill()


def address(child: subprocess.Popen[str]) -> str:
    assert child.stdout is not None
    for line in child.stdout:
        if found := re.search(r"http://[\w.]+:\d+", line):
            return found[0]
    assert child.stderr is not None
    raise AssertionError(child.stderr.read())


def rows(pages: httpx.Client, path: str, **query: object) -> list[dict[str, object]]:
    answer = pages.get(f"{path}.json", params={"_shape": "array", **{k: str(v) for k, v in query.items()}})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, object]] = answer.json()
    return found
