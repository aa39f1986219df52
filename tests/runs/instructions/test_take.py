"""Between the two samplings: what was made becomes the run's problems, once, in the mix asked for."""

import json
from collections import Counter
from itertools import count
from pathlib import Path

import pytest

from gristmill.db.candidates import made_problems
from gristmill.db.problems import run_problems
from gristmill.db.sessions import Engine
from gristmill.runs.instructions.make import make_instructions
from gristmill.runs.instructions.take import take_instructions
from gristmill.runs.run_ids import instruction_run_id
from gristmill.runs.settings.run import RunConfig
from gristmill.runs.store import stored_run
from gristmill.sampling.errors import ConfigError, DataError
from gristmill.sampling.records import Draw, Problem, RunState
from tests.db.samples import read
from tests.support.sampling_runs import Reply, ScriptedGenerators, clean, made_config
from tests.support.sessions import a_session, prepared

LEVELS = {"writing": 6, "maths": 3, "code": 4}
"""Seeds of each kind, and instructions: a refinement of each."""


async def made(engine: Engine, folder: Path, reply: Reply | None = None, **settings: object) -> RunConfig:
    """The configuration of a run `r` whose instructions are made, and not yet taken."""
    path = folder / "seeds.jsonl"
    rows = [{"instruction": f"say it {n}", "kind": kind} for kind, n in _seeds()]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    values = {"seeds": str(path), "seed_level_field": "kind", "target": len(rows), **settings}
    config = made_config("refine", values)
    async with ScriptedGenerators(reply or _refined()) as generators:
        session = await prepared(a_session(engine, config, generators))
        await make_instructions(session)
    return session.config


def _seeds() -> list[tuple[str, str]]:
    kinds = [kind for kind, number in LEVELS.items() for _ in range(number)]
    return [(kind, "abcdefghijklm"[place]) for place, kind in enumerate(kinds)]


def _refined() -> Reply:
    numbers = count()

    def reply(problem: Problem, draw: Draw) -> str:
        return f"<answer>{clean(next(numbers))}</answer>"

    return reply


def _nothing(problem: Problem, draw: Draw) -> str:
    return "I would rather talk of something else."


def _but_code(problem: Problem, draw: Draw) -> str:
    return "" if problem.level == "code" else f"<answer>{clean(draw.seed)}</answer>"


def problems_of(engine: Engine, run_id: str = "r") -> list[Problem]:
    return read(engine, run_problems, run_id)


def state_of(engine: Engine, run_id: str) -> RunState:
    return read(engine, stored_run, run_id).state


async def test_all_that_was_made_is_taken_in_the_order_in_which_it_was_asked_for(
    engine: Engine, tmp_path: Path
) -> None:
    config = await made(engine, tmp_path)
    assert problems_of(engine) == []
    assert take_instructions(engine, "r", config) == sum(LEVELS.values())
    instructions = read(engine, made_problems, instruction_run_id("r"))
    taken = problems_of(engine)
    assert [problem.id for problem in taken] == [problem.id for problem in instructions]
    assert Counter(problem.level for problem in taken) == LEVELS


async def test_what_is_taken_twice_is_taken_once(engine: Engine, tmp_path: Path) -> None:
    config = await made(engine, tmp_path, mix=["writing=0.5", "maths=0.5"])
    number = take_instructions(engine, "r", config)
    taken = problems_of(engine)
    assert take_instructions(engine, "r", config) == number == len(taken) == 6
    assert problems_of(engine) == taken


MIXES = [
    (["writing=0.5", "maths=0.5"], {"writing": 3, "maths": 3}),
    (["writing=0.2", "maths=0.4", "code=0.4"], {"writing": 1, "maths": 3, "code": 3}),
    (["writing=1"], {"writing": 6}),
    (["writing=0.34", "maths=0.33", "code=0.33"], {"writing": 3, "maths": 3, "code": 3}),
]


@pytest.mark.parametrize(("mix", "counts"), MIXES)
async def test_the_mix_is_the_one_asked_for_within_a_row(
    mix: list[str], counts: dict[str, int], engine: Engine, tmp_path: Path
) -> None:
    config = await made(engine, tmp_path, mix=mix)
    number = take_instructions(engine, "r", config)
    levels = Counter(problem.level for problem in problems_of(engine))
    assert levels == counts
    assert number == levels.total()
    for level, share in config.instructions.shares().items():
        assert abs(levels[level] - share * number) < 1


async def test_a_level_of_which_nothing_was_made_is_named_and_nothing_is_taken(
    engine: Engine, tmp_path: Path
) -> None:
    """Of a level that seeds have: one that they have not is refused before anything is drawn."""
    config = await made(engine, tmp_path, _but_code, mix=["writing=0.5", "code=0.5"], subject_draws=1)
    with pytest.raises(ConfigError, match="no item is of the kind 'code'; there are: 'maths', 'writing'"):
        take_instructions(engine, "r", config)
    assert problems_of(engine) == []


async def test_where_none_was_made_that_is_said_and_nothing_is_taken(engine: Engine, tmp_path: Path) -> None:
    config = await made(engine, tmp_path, _nothing, subject_draws=1)
    with pytest.raises(DataError, match="no instruction was accepted: `gristmill status r` says why"):
        take_instructions(engine, "r", config)
    assert problems_of(engine) == []


async def test_a_run_without_responses_is_finished_by_this(engine: Engine, tmp_path: Path) -> None:
    config = await made(engine, tmp_path, responses=False)
    assert state_of(engine, "r") is RunState.RUNNING
    assert take_instructions(engine, "r", config) == sum(LEVELS.values())
    assert state_of(engine, "r") is RunState.FINISHED
    assert take_instructions(engine, "r", config) == sum(LEVELS.values())


async def test_a_run_that_has_responses_to_come_is_not_finished_by_this(
    engine: Engine, tmp_path: Path
) -> None:
    config = await made(engine, tmp_path)
    take_instructions(engine, "r", config)
    assert state_of(engine, "r") is RunState.RUNNING
    assert state_of(engine, instruction_run_id("r")) is RunState.FINISHED
