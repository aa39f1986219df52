"""`make demo`: the main job on the shipped problems with the embedded model, and what came of it.

Everything it makes is in the folder `demo`. Flags are passed on to `gristmill run`.
"""

import os
import sys
from pathlib import Path

from gristmill.cli.examples import print_examples
from gristmill.cli.main import main as gristmill
from gristmill.reports.console import console, plain
from gristmill.runs.names import fresh_run_id
from gristmill.runs.store import DATABASE_VARIABLE, open_store

FOLDER = Path("demo")
SETTINGS = ["--dataset", "demo", "--quota", "2", "--ceiling", "4"]


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    os.environ[DATABASE_VARIABLE] = f"sqlite:///{FOLDER}/gristmill.db"
    run_id = fresh_run_id("demo")
    exported = FOLDER / f"{run_id}-sft"
    gristmill(["run", "dart-uniform", *SETTINGS, "--run-id", run_id, *sys.argv[1:]])
    gristmill(["export", run_id, "--out", str(exported)])
    out = console()
    with open_store(must_exist=True) as engine:
        print_examples(out, engine, run_id)
    out.print()
    out.print(plain(f"every attempt with its verdict: {FOLDER}/gristmill.db"))
    out.print(plain(f"the accepted pairs:             {exported}/data/train.jsonl"))


if __name__ == "__main__":
    main()
