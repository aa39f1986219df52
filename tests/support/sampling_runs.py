"""Runs that make their own problems, driven as the command line does, with replies that a test gives."""

import asyncio
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from gristmill.db.exports.query import export_problems
from gristmill.db.exports.records import ExportAttempt, ExportQuery
from gristmill.db.sessions import Engine, reading
from gristmill.db.tables.core import table
from gristmill.db.tables.instructions import CandidateRow
from gristmill.exports.select import select_attempts
from gristmill.exports.settings import ExportSettings
from gristmill.generators.scripted.generator import ScriptedGenerator
from gristmill.generators.scripted.script import Script
from gristmill.generators.settings import GeneratorSettings
from gristmill.runs.execute import execute
from gristmill.runs.open_generators import Generators
from gristmill.runs.run_ids import instruction_run_id
from gristmill.runs.settings.recipe import run_config
from gristmill.runs.settings.run import RunConfig
from gristmill.sampling.ports import Generator
from gristmill.sampling.records import Draw, Outcome, Problem
from gristmill.verifiers.settings import VerifierSettings
from tests.support.sessions import a_session, prepared

Reply = Callable[[Problem, Draw], str]

TOPICS = (
    "violins", "harbours", "bread", "glaciers", "chess", "beehives", "lanterns", "tariffs", "volcanoes",
    "opera", "submarines", "almonds", "typewriters", "orchards", "satellites", "folklore", "cement",
    "penguins", "ballots", "perfume", "tunnels", "falcons", "sonnets", "vaccines", "mosaics", "kayaks",
    "origami", "deserts", "jazz", "ink", "castles", "cheese", "robots", "poetry", "canals", "parrots",
    "velvet", "comets", "pianos", "barley", "mirrors", "wolves", "bridges", "soap", "anchors", "tigers",
    "marbles", "thunder", "cabbages", "saddles", "pepper", "ladders", "clouds", "magnets", "gloves",
    "rivers",
)  # fmt: skip


def clean(number: int) -> str:
    """The n-th of a hundred instructions that no gate has anything against, and no two of which are alike."""
    first, second, third, fourth, fifth = random.Random(number).sample(TOPICS, 5)
    return f"Compare {first}, {second} and {third} with {fourth} or {fifth}."


SEEDS = (
    "Suggest three names for a bakery that sells only rye bread.",
    "Correct the grammar of the sentence that follows.",
    "Summarise the plot of a film without naming its hero.",
    "List the planets by their distance from the sun.",
)


def tasks(texts: Iterator[str], each: int = 3) -> Reply:
    """Replies to briefs with the next `each` of the texts, and to instructions with a sound answer."""

    def reply(problem: Problem, draw: Draw) -> str:
        if "brief" in problem.origin:
            return f"A sound answer, number {draw.seed}."
        return "\n".join(f"Task {number}: {next(texts)}" for number in range(5, 5 + each))

    return reply


def endless() -> Iterator[str]:
    return (clean(number) for number in range(90))


class ScriptedGenerators(Generators):
    """Serves replies by the test's own rule, and counts what it is asked for."""

    def __init__(self, reply: Reply) -> None:
        super().__init__()
        self.asked: list[tuple[Problem, Draw]] = []
        self._reply = reply

    async def generator(
        self, settings: GeneratorSettings, problems: Mapping[str, Problem], verifier: VerifierSettings
    ) -> Generator:
        def reply(script: Script, problem: Problem, draw: Draw) -> str:
            self.asked.append((problem, draw))
            return self._reply(problem, draw)

        return ScriptedGenerator(problems, Script(reply=reply))

    @property
    def briefs(self) -> int:
        """Requests for instructions."""
        return sum("maker" in problem.origin and "brief" not in problem.origin for problem, _ in self.asked)


def seeds_file(folder: Path, texts: Sequence[str]) -> Path:
    path = folder / "seeds.jsonl"
    path.write_text("".join(json.dumps({"instruction": text}) + "\n" for text in texts))
    return path


def made_config(
    recipe: str, instructions: Mapping[str, object], **sections: Mapping[str, object]
) -> RunConfig:
    flags: dict[str, dict[str, object]] = {
        "instructions": dict(instructions),
        "generator": {"backend": "scripted", "concurrency": 4},
        "run": {"seed": 7},
    }
    for name, values in sections.items():
        flags[name] = {**flags.get(name, {}), **values}
    return run_config(recipe, flags)


async def run_scripted(
    engine: Engine,
    config: RunConfig,
    reply: Reply,
    run_id: str = "r",
    stop: asyncio.Event | None = None,
) -> ScriptedGenerators:
    """All phases; returns the generators, which know what was asked for."""
    generators = ScriptedGenerators(reply)
    async with generators:
        session = a_session(engine, config, generators, run_id=run_id, stop=stop)
        await execute(await prepared(session))
    return generators


@dataclass(frozen=True, slots=True)
class Candidates:
    """All candidates of a run: what became of each text, and how often each reason was given."""

    by_text: dict[str, tuple[Outcome, str, str]]
    reasons: Counter[str]

    @property
    def accepted(self) -> set[str]:
        return {text for text, (outcome, _, _) in self.by_text.items() if outcome is Outcome.ACCEPTED}


def candidates(engine: Engine, run_id: str = "r") -> Candidates:
    with reading(engine) as session:
        rows = session.execute(
            select(table(CandidateRow)).where(CandidateRow.run_id == instruction_run_id(run_id))
        ).all()
    return Candidates(
        {row.text: (row.outcome, row.reason, row.detail) for row in rows},
        Counter(row.reason for row in rows),
    )


def accepted(engine: Engine, run_id: str = "r") -> list[tuple[str, ExportAttempt]]:
    """The accepted responses of a run within the quotas, each with the id of its problem, in that order."""
    with reading(engine) as session:
        problems = list(export_problems(session, ExportQuery([run_id], datetime.now(UTC))))
    return [
        (problem.problem.id, attempt)
        for problem in problems
        for attempt in select_attempts(problem, ExportSettings()).attempts
    ]
