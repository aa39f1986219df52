"""Problems of a source in the store, and nights of top-ups with the scripted generator."""

import asyncio

from gristmill.db.problems import insert_problems
from gristmill.db.reports.top_up import ProblemQuery
from gristmill.db.sessions import Engine
from gristmill.runs.open_generators import Generators
from gristmill.runs.session import RunSession
from gristmill.runs.settings.recipe import run_config
from gristmill.runs.settings.run import RunConfig
from gristmill.runs.top_up import ToppedUp, TopUp, top_up, top_up_of
from gristmill.sampling.records import Draw, Problem, problem_id
from tests.db.samples import commit
from tests.support.sampling_runs import Reply, ScriptedGenerators
from tests.support.sessions import a_session

NEVER = "7"
"""The reference of the problems that are never solved."""


def a_problem(number: int, source: str = "algebra", reference: str = "1") -> Problem:
    prompt = f"What is {number} times {number}?"
    return Problem(problem_id(prompt, reference), prompt, reference, source=source)


PROBLEMS = [a_problem(number) for number in range(4)]
ALGEBRA = ProblemQuery(sources=("algebra",))


def right(problem: Problem, draw: Draw) -> str:
    return rf"I think that it is \boxed{{{1 if problem.reference == NEVER else problem.reference}}}."


def config(**policy: object) -> RunConfig:
    flags: dict[str, dict[str, object]] = {
        "dataset": {"dataset": "store"},
        "policy": {"quota": 2, "ceiling": 6, **policy},
        "generator": {"backend": "scripted", "concurrency": 1},
        "verifier": {"verify_workers": 2},
        "run": {"seed": 7},
    }
    return run_config("dart-uniform", flags)


def load(engine: Engine, *problems: Problem, status: str = "active") -> None:
    commit(engine, insert_problems, {problem.id: problem for problem in problems}, status)


def top_up_session(
    engine: Engine, asked: TopUp, generators: Generators, stop: asyncio.Event | None = None
) -> RunSession:
    return a_session(engine, asked.config, generators, run_id=asked.run_id, stop=stop)


async def night(
    engine: Engine, asked: TopUp | None = None, stop: asyncio.Event | None = None, reply: Reply = right
) -> tuple[ToppedUp, int]:
    """What came of a top-up, and how many requests it issued."""
    generators = ScriptedGenerators(reply)
    async with generators:
        asked = asked or top_up_of(config(), ALGEBRA)
        done = await top_up(top_up_session(engine, asked, generators, stop), asked.query)
    assert done is not None
    return done, len(generators.asked)
