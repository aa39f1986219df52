"""Processor time of each command from start to end, all its processes together.

    python -m benchmarks.startup
    python -m benchmarks.startup --rounds 5 --attempts 100000

User and system time, as ratios to `python -c "import click"` in the same round; the least of the rounds is
shown, since other work on the machine only adds to it. `runs`, `status` and `show` read a store with so many
attempts; `run --direct` makes 8 scripted draws in a store of its own.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.export_store import RUN, fill_store
from gristmill.cli.main import COMMANDS
from gristmill.db.engine import open_engine
from gristmill.db.problems import run_problems
from gristmill.db.sessions import reading
from gristmill.runs.store import DATABASE_VARIABLE

_CLICK = (sys.executable, "-c", "import click")
_GRISTMILL = (sys.executable, "-m", "gristmill.cli.main")
_NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"
"""With it every command would compile all that it imports; an installed package is compiled."""

_DIRECT = "run dart-uniform --direct --backend scripted --dataset demo --limit 4 --quota 2 --ceiling 2"


def seconds(command: Sequence[str], store: str, folder: Path) -> float:
    """Processor seconds of a command and of all processes that it started and waited for."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {name: value for name, value in os.environ.items() if name != _NO_BYTECODE}
    environment |= {"PYTHONPATH": os.pathsep.join(sys.path), DATABASE_VARIABLE: store}
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def commands(problem: str) -> dict[str, list[str]]:
    """What is measured, by the name it is shown under."""
    helps = ["--version", "--help", *(f"{name} --help" for name in COMMANDS), "run --help-all"]
    reads = ["runs", f"status {RUN}", f"show {RUN} --problem {problem}"]
    return {shown.split(" --problem")[0]: shown.split() for shown in (*helps, *reads)} | {
        "run --direct, 8 draws": _DIRECT.split()
    }


def least(rounds: Sequence[Mapping[str, float]], name: str) -> float:
    return min(times[name] for times in rounds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--attempts", type=int, default=100_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gristmill-benchmark-") as name:
        folder = Path(name)
        store = f"sqlite:///{folder}/store.db"
        engine = open_engine(store)
        fill_store(engine, options.attempts)
        with reading(engine) as session:
            problem = run_problems(session, RUN)[0].id
        engine.dispose()
        measured = commands(problem)
        rounds: list[dict[str, float]] = []
        for number in range(options.rounds):
            times = {"import click": seconds(_CLICK, store, folder)}
            for shown, arguments in measured.items():
                own = f"sqlite:///{folder}/run-{number}.db" if shown.startswith("run --direct") else store
                times[shown] = seconds([*_GRISTMILL, *arguments], own, folder)
            rounds.append(times)
    base = least(rounds, "import click")
    print(f"{options.attempts:,} attempts in the store, least of {options.rounds} rounds")
    print(f"{'':<24}{'seconds':>8}{'ratio':>7}")
    for shown in rounds[0]:
        print(f"{shown:<24}{least(rounds, shown):>8.2f}{least(rounds, shown) / base:>7.1f}", flush=True)


if __name__ == "__main__":
    main()
