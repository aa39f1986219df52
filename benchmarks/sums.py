"""The run that the benchmarks measure: `gristmill run vanilla` on sums, which stub and script can answer."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.bodies import bodies, write_bodies
from gristmill.db.engine import open_engine
from gristmill.generators.http.parameters import parameters_of
from gristmill.generators.prompts import render
from gristmill.generators.scripted.script import sum_problems
from gristmill.generators.settings import GeneratorSettings
from gristmill.reports.summary import read_summary

RUN_ID = "benchmark"
SEED = 1


def run_command(folder: Path, problems: int, trials: int, *options: str) -> list[str]:
    """`trials` draws for each of so many sums; writes its data set into `folder`."""
    path = folder / "sums.jsonl"
    rows = [{"question": problem.prompt, "answer": problem.reference} for problem in sum_problems(problems)]
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    command = [
        sys.executable,
        "-m",
        "gristmill.cli.main",
        "run",
        "vanilla",
        "--run-id",
        RUN_ID,
        "--seed",
        str(SEED),
    ]
    command += ["--dataset", str(path), "--prompt-field", "question", "--reference-field", "answer"]
    return [*command, "--trials", str(trials), *options]


def bare_command(
    folder: Path, problems: int, trials: int, servers: Sequence[str], in_flight: int
) -> list[str]:
    """The bare loop that sends to stub servers what `run_command` does; writes its bodies into `folder`."""
    settings = GeneratorSettings(server=tuple(servers), temperature=1.6, max_tokens=2048)
    prompts = [(problem, render(settings.template, problem)) for problem in sum_problems(problems)]
    parameters = {"model": "stub", **parameters_of(settings, None, None)}
    path = folder / "bodies.jsonl"
    write_bodies(path, bodies(prompts, trials, SEED, parameters))
    command = [sys.executable, "-m", "benchmarks.bare_loop", *servers, "--bodies", str(path)]
    return [*command, "--in-flight", str(in_flight)]


def check_store(url: str, attempts: int) -> None:
    """That every attempt is stored, and that verdicts are what they should be."""
    engine = open_engine(url, must_exist=True)
    total = read_summary(engine, RUN_ID).total
    engine.dispose()
    assert total.accepted + total.rejected + total.undecided == total.attempts == attempts, total
    assert total.undecided == 0, f"{total.undecided} verifications failed"
    assert 0.4 < total.accepted / attempts < 0.6, "the script is right half of the time"
