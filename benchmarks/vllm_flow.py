"""Tokens per second of the whole flow on a real vLLM server, beside a bare loop with the same requests.

Both draw the same number of responses for the same problems, with the prompts and parameters of the recipe
`dart-uniform` but shorter, and take turns. A bare loop is timed from its first request to its last reply. A
run is timed from its first draw until the last is verified and stored and all is closed: the drawing time
that the store has of it. So Prefect's start and Python's count for neither, ramp and tail for both, and the
run alone is charged for what comes after the last reply. Tokens are completion tokens as the server reports
them. A bare loop before the first round brings the prompts into the server's prefix cache for both.
"""

import json
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.bare_loop import Read
from benchmarks.bodies import bodies, write_bodies
from benchmarks.processes import Role, Usage, measured
from benchmarks.sums import RUN_ID, SEED
from benchmarks.vllm_server import VllmServer
from gristmill.cli.options import by_section
from gristmill.db.engine import open_engine
from gristmill.generators.http.parameters import VLLM, parameters_of
from gristmill.generators.prompts import render
from gristmill.problems.load import load_problems
from gristmill.reports.summary import RunSummary, read_summary
from gristmill.runs.settings.recipe import run_config
from gristmill.runs.settings.run import SECTIONS

RECIPE = "dart-uniform"
ENGINE = ("--max-model-len", "2048", "--max-num-seqs", "64")


@dataclass(frozen=True)
class Work:
    """What is asked of both clients. `direct`: the run goes without Prefect."""

    dataset: str
    limit: int
    trials: int
    max_tokens: int
    in_flight: int
    direct: bool = False

    @property
    def requests(self) -> int:
        return self.limit * self.trials

    def flags(self, server: VllmServer) -> Mapping[str, Any]:
        """The run's, by the names of the fields."""
        return {
            "dataset": self.dataset,
            "preset": "gsm8k",
            "limit": self.limit,
            "policy": "vanilla",
            "trials": self.trials,
            "max_tokens": self.max_tokens,
            "concurrency": self.in_flight,
            "seed": SEED,
            "server": (server.url,),
        }


@dataclass(frozen=True)
class Rate:
    """What one client did. CPU is seconds in all, by role, from its first sample to its last."""

    tokens: int
    seconds: float
    cpu: Mapping[Role, float]

    @property
    def tokens_per_second(self) -> float:
        return self.tokens / self.seconds


def compare_on_vllm(server: VllmServer, work: Work, rounds: int) -> None:
    """Bare loop and run in turn, the other one first in every other round."""
    print(f"{work.requests:,} responses to {work.limit} problems, {work.max_tokens} tokens at most, ", end="")
    print(f"{work.in_flight} in flight, {'without' if work.direct else 'under'} Prefect")
    print(f"{'':<12}{'tokens':>9}{'s':>9}{'tokens/s':>10}   CPU s: own, verifiers, Prefect, vLLM", flush=True)
    bare_loop(server, work)
    ratios = []
    for number in range(rounds):
        turns = [("bare loop", bare_loop), ("run", run_flow)]
        rates = {}
        for name, turn in turns if number % 2 == 0 else reversed(turns):
            rates[name] = rate = turn(server, work)
            cpu = ", ".join(f"{rate.cpu[role]:.1f}" for role in Role)
            print(f"{name:<12}{rate.tokens:>9,}{rate.seconds:>9.2f}{rate.tokens_per_second:>10.1f}   {cpu}")
        ratios.append(rates["run"].tokens_per_second / rates["bare loop"].tokens_per_second)
        print(f"{'ratio':<12}{ratios[-1]:>28.3f}", flush=True)
    print(f"median of {rounds} ratios: {median(ratios):.3f} ({min(ratios):.3f} to {max(ratios):.3f})")


def bare_loop(server: VllmServer, work: Work) -> Rate:
    config = run_config(RECIPE, by_section(work.flags(server), SECTIONS))
    problems = load_problems(config.dataset).problems
    prompts = [(problem, render(config.generator.template, problem)) for problem in problems]
    parameters = {"model": server.model(), **parameters_of(config.generator, None, VLLM)}
    with tempfile.TemporaryDirectory(prefix="gristmill-benchmark-") as folder:
        path = Path(folder) / "bodies.jsonl"
        write_bodies(path, bodies(prompts, work.trials, SEED, parameters))
        command = [sys.executable, "-m", "benchmarks.bare_loop", server.url, "--bodies", str(path)]
        command += ["--in-flight", str(work.in_flight)]
        usage = measured(command, Path.cwd(), {}, server.processes)
    read = Read(**json.loads(usage.output))
    assert read.replies == work.requests, read
    return Rate(read.completion_tokens, read.seconds, _cpu(usage))


def run_flow(server: VllmServer, work: Work) -> Rate:
    """`gristmill run`, from a fresh store. Checks that the server made no token that is not stored."""
    before = server.counters()
    with tempfile.TemporaryDirectory(prefix="gristmill-benchmark-") as folder:
        store = f"sqlite:///{Path(folder) / 'store.db'}"
        environment = {"GRISTMILL_DATABASE_URL": store, "PREFECT_HOME": str(Path(folder) / "prefect")}
        usage = measured(_run_command(server, work), Path.cwd(), environment, server.processes)
        summary = _summary(store)
    total, after = summary.total, server.counters()
    assert total.attempts == work.requests, total
    assert after["generation_tokens"] - before["generation_tokens"] == total.completion_tokens, (
        before,
        after,
    )
    return Rate(total.completion_tokens, summary.run.elapsed_seconds, _cpu(usage))


def _run_command(server: VllmServer, work: Work) -> list[str]:
    command = [sys.executable, "-m", "gristmill.cli.main", "run", RECIPE, "--run-id", RUN_ID]
    for name, value in work.flags(server).items():
        values = value if isinstance(value, tuple) else (value,)
        for one in values:
            command += [f"--{name.replace('_', '-')}", str(one)]
    return [*command, "--direct"] if work.direct else command


def _summary(store: str) -> RunSummary:
    engine = open_engine(store, must_exist=True)
    summary = read_summary(engine, RUN_ID)
    engine.dispose()
    return summary


def _cpu(usage: Usage) -> dict[Role, float]:
    return {role: seconds[-1] - seconds[0] for role, seconds in usage.cpu_seconds.items()}
