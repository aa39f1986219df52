"""Attempts per second of several worker processes over those of one, on one PostgreSQL store and one server.

    python -m benchmarks.workers --postgres start

The stub server is the limit for one worker: so many requests at once, each of so long a latency. All workers
are processes of this machine, each with its verifiers, as `gristmill run` and `gristmill work` start them.
What is timed is from the first attempt in the store to the last: with the start of the later workers, and
with the tail in which the last problems are shared out, but without the start of the first.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from benchmarks.processes import Server, stub_server
from benchmarks.stores import START, postgres_database, postgres_server
from gristmill.db.engine import open_engine
from gristmill.db.runs import find_run
from gristmill.db.schema import prepare_schema
from gristmill.db.sessions import Engine, reading
from gristmill.db.tables.core import AttemptRow
from gristmill.db.tallies import problem_tallies
from gristmill.generators.scripted.script import sum_problems
from gristmill.runs.store import DATABASE_VARIABLE

RUN = "shared"
_GRISTMILL = "import sys; from gristmill.cli.main import main; main(sys.argv[1:])"
_LOOK_SECONDS = 0.2


@dataclass(frozen=True)
class Load:
    """What is to be done, and by how many requests at once of each worker."""

    problems: int
    quota: int
    concurrency: int
    latency_seconds: float


@dataclass(frozen=True)
class Pace:
    """What one measurement came to. `surplus` are accepted responses beyond the quotas."""

    workers: int
    attempts: int
    requests: int
    surplus: int
    seconds: float

    @property
    def rate(self) -> float:
        return self.attempts / self.seconds


def measured(server: Server, url: str, load: Load, workers: int) -> Pace:
    """One run from nothing to its end."""
    before = server.stats().requests
    engine = open_engine(url)
    prepare_schema(engine)
    with tempfile.TemporaryDirectory(prefix="gristmill-benchmark-") as folder, ExitStack() as stack:
        data = Path(folder) / "sums.jsonl"
        sums = sum_problems(load.problems)
        data.write_text("\n".join(json.dumps({"prompt": p.prompt, "reference": p.reference}) for p in sums))
        asked = ["--dataset", str(data), "--prompt-field", "prompt", "--reference-field", "reference"]
        asked += ["--run-id", RUN, "--server", server.url, "--quota", str(load.quota), "--seed", "7"]
        pace = ["--concurrency", str(load.concurrency), "--verify-workers", "1"]
        children = [_start(["run", "dart-uniform", "--direct", *asked, *pace], folder, url, stack)]
        while not _exists(engine):
            _check(children, folder)
            time.sleep(_LOOK_SECONDS)
        children += [_start(["work", RUN, *pace], folder, url, stack) for _ in range(workers - 1)]
        for child in children:
            child.wait()
        _check(children, folder)
    with reading(engine) as session:
        first, last, attempts = session.execute(
            select(func.min(AttemptRow.created_at), func.max(AttemptRow.created_at), func.count())
        ).one()
        accepted = [row.tally.accepted for row in problem_tallies(session, RUN)]
    engine.dispose()
    surplus = sum(max(0, count - load.quota) for count in accepted)
    requests = server.stats().requests - before
    return Pace(workers, attempts, requests, surplus, (last - first).total_seconds())


def _start(arguments: Sequence[str], folder: str, url: str, stack: ExitStack) -> "subprocess.Popen[bytes]":
    child = subprocess.Popen(
        [sys.executable, "-c", _GRISTMILL, *arguments],
        cwd=folder,
        env={**os.environ, DATABASE_VARIABLE: url, "PYTHONPATH": str(Path.cwd())},
        stdout=subprocess.DEVNULL,
        stderr=stack.enter_context((Path(folder) / "errors").open("ab")),
    )
    stack.callback(child.kill)
    return child


def _exists(engine: Engine) -> bool:
    with reading(engine) as session:
        return find_run(session, RUN) is not None


def _check(children: Sequence["subprocess.Popen[bytes]"], folder: str) -> None:
    for child in children:
        if child.poll():
            said = (Path(folder) / "errors").read_text("utf-8", "replace")[-800:]
            raise SystemExit(f"a worker ended with {child.returncode}: {said}")


def show(pace: Pace, base: Pace) -> None:
    print(
        f"{pace.workers:>7}{pace.attempts:>10,}{pace.requests:>10,}{pace.surplus:>9,}"
        f"{pace.seconds:>9.1f}{pace.rate:>12.1f}{pace.rate / base.rate:>8.2f}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--postgres", metavar="URL", required=True, help=f"server; `{START}`: our own")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 4])
    parser.add_argument("--problems", type=int, default=1000)
    parser.add_argument("--quota", type=int, default=10)
    parser.add_argument("--concurrency", type=int, default=16, help="requests at once of each worker")
    parser.add_argument("--latency-seconds", type=float, default=0.25)
    options = parser.parse_args()
    load = Load(options.problems, options.quota, options.concurrency, options.latency_seconds)
    print(
        f"{'workers':>7}{'attempts':>10}{'requests':>10}{'surplus':>9}{'seconds':>9}{'attempts/s':>12}{'ratio':>8}"
    )
    with postgres_server(options.postgres) as database, stub_server(load.latency_seconds, 0.3) as server:
        assert database is not None
        base: Pace | None = None
        for workers in options.workers:
            with postgres_database(database) as url:
                pace = measured(server, url, load, workers)
            base = base or pace
            show(pace, base)


if __name__ == "__main__":
    main()
