"""The run that the benchmarks measure: `gristmill run vanilla` on sums, which stub and script can answer."""

import json
import sys
from pathlib import Path

from db.engine import open_engine
from flows.run_summary import read_summary
from generators.script import sum_problems

RUN_ID = "benchmark"
SEED = 1


def run_command(folder: Path, problems: int, trials: int, *options: str) -> list[str]:
    """`trials` draws for each of so many sums; writes its data set into `folder`."""
    path = folder / "sums.jsonl"
    rows = [{"question": problem.prompt, "answer": problem.reference} for problem in sum_problems(problems)]
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    command = [sys.executable, "-m", "flows.cli", "run", "vanilla", "--run-id", RUN_ID, "--seed", str(SEED)]
    command += ["--dataset", str(path), "--prompt-field", "question", "--reference-field", "answer"]
    return [*command, "--trials", str(trials), *options]


def check_store(url: str, attempts: int) -> None:
    """That every attempt is stored, and that verdicts are what they should be."""
    engine = open_engine(url, must_exist=True)
    total = read_summary(engine, RUN_ID).total
    engine.dispose()
    assert total.accepted + total.rejected + total.undecided == total.attempts == attempts, total
    assert total.undecided == 0, f"{total.undecided} verifications failed"
    assert 0.4 < total.accepted / attempts < 0.6, "the script is right half of the time"
