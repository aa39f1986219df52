"""`make demo`: a run on the shipped problems with the embedded model, its export, and two of its responses.

Everything it makes is in the folder `demo`. Flags are passed on to `gristmill run`.
"""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from gristmill.cli.main import main as gristmill
from gristmill.text.private_files import make_folder

if TYPE_CHECKING:
    from rich.console import Console

    from gristmill.db.sessions import Engine

FOLDER = Path("demo")
SETTINGS = ["--dataset", "demo", "--quota", "2", "--ceiling", "4"]


def main() -> None:
    from gristmill.reports.console import console, plain
    from gristmill.runs.run_ids import fresh_run_id
    from gristmill.runs.store import DATABASE_VARIABLE, open_store

    make_folder(FOLDER)
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


def print_examples(out: "Console", engine: "Engine", run_id: str, count: int = 1) -> None:
    """`count` accepted and `count` rejected responses, whole; what a run does not have is left out."""
    from rich.rule import Rule

    from gristmill.db.reports.summary import examples
    from gristmill.db.sessions import reading
    from gristmill.reports.console import plain
    from gristmill.sampling.records import Outcome

    with reading(engine) as session:
        for outcome in (Outcome.ACCEPTED, Outcome.REJECTED):
            for example in examples(session, run_id, outcome, count):
                verdict, response = example.attempt.verdict, example.attempt.response
                answer = "no answer found" if verdict.answer is None else f"answer {verdict.answer}"
                out.print()
                out.print(Rule(title=f"{outcome.value}: {verdict.reason}", align="left", style="dim"))
                out.print(plain(example.problem.prompt))
                out.print(plain(f"reference {example.problem.reference}; {answer}"), style="dim")
                out.print(plain(response.text.strip()))


if __name__ == "__main__":
    main()
