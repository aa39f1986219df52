"""A run is begun under the name of a recipe, and goes on under whatever name it has."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gristmill.db.runs import find_run
from gristmill.db.sessions import Engine
from gristmill.runs.prepare import prepare, write_new_run
from gristmill.runs.settings.recipe import run_config
from gristmill.runs.settings.run import RunConfig
from gristmill.sampling.errors import ConfigError
from tests.db.samples import commit, read
from tests.support.sampling_runs import SEEDS, ScriptedGenerators, made_config, seeds_file
from tests.support.sessions import a_session

MISSPELT = "dart-unifrom"


def math(folder: Path) -> RunConfig:
    return run_config(
        "dart-uniform", {"dataset": {"dataset": "demo", "limit": 2}, "generator": {"backend": "scripted"}}
    )


def instructions(folder: Path) -> RunConfig:
    return made_config("self-instruct", {"seeds": str(seeds_file(folder, SEEDS)), "target": 2})


@pytest.mark.parametrize("made", [math, instructions])
async def test_a_run_that_begins_is_of_a_recipe(
    sqlite_engine: Engine, tmp_path: Path, made: Callable[[Path], RunConfig]
) -> None:
    config = made(tmp_path).model_copy(update={"recipe": MISSPELT})
    async with ScriptedGenerators(lambda problem, draw: "") as generators:
        with pytest.raises(ConfigError, match="unknown recipe 'dart-unifrom'"):
            await prepare(a_session(sqlite_engine, config, generators, run_id="new"))
    assert read(sqlite_engine, find_run, "new") is None


async def test_a_run_that_began_under_another_name_goes_on(sqlite_engine: Engine, tmp_path: Path) -> None:
    config = math(tmp_path).model_copy(update={"recipe": MISSPELT})
    assert commit(sqlite_engine, write_new_run, "old", config)
    async with ScriptedGenerators(lambda problem, draw: "") as generators:
        prepared = await prepare(a_session(sqlite_engine, config, generators, run_id="old"))
    assert (prepared.new, prepared.config) == (False, config)
