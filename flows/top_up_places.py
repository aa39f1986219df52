"""Which problems a top-up is for, and the name of the run that goes on with them night after night.

Recipe and places decide the name, so that the same command finds the same run. In its configuration the
places stand where other runs have the name of a data set.
"""

import hashlib
import json
import re
from dataclasses import dataclass

from db.missing import Places, active_count, active_sources, held_back, lacking
from db.sessions import Engine, reading
from flows.dataset_settings import DatasetSettings
from flows.loading import load_problems
from flows.run_config import RunConfig
from flows.store import stored_run
from sampling.errors import ConfigError
from sampling.records import Problem

_SHOWN = 10


@dataclass(frozen=True, slots=True)
class TopUp:
    """What is to be topped up. `places` None: the problems of the configuration's data set, read anew."""

    run_id: str
    config: RunConfig
    places: Places | None


def top_up_of(recipe_config: RunConfig, places: Places | None, run_id: str | None = None) -> TopUp:
    """`run_id` None: the one that recipe and places give, or recipe and data set."""
    if places is None:
        where = f"{recipe_config.dataset.dataset}\x1f{recipe_config.dataset.split}"
        return TopUp(run_id or _run_id(recipe_config.recipe, where), recipe_config, None)
    places = Places(tuple(sorted(set(places.sources))), tuple(sorted(set(places.runs))))
    where = described(places)
    config = recipe_config.model_copy(update={"dataset": DatasetSettings(dataset=where)})
    return TopUp(run_id or _run_id(config.recipe, where), config, places)


def described(places: Places) -> str:
    """What stands in the place of a data set's name."""
    parts = [f"{what} {', '.join(map(json.dumps, names))}" for what, names in _named(places) if names]
    return f"store: {'; '.join(parts)}"


def problems_to_take_up(engine: Engine, asked: TopUp) -> list[Problem]:
    """Those that the run may lack. Raises ConfigError where there are none in these places at all."""
    if asked.places is None:
        loaded = load_problems(asked.config.dataset, asked.config.verifier.verifier).problems
        with reading(engine) as session:
            out = held_back(session, [problem.id for problem in loaded])
        if len(out) == len(loaded):
            raise ConfigError("no problem of this data set is active in the store")
        return [problem for problem in loaded if problem.id not in out]
    with reading(engine) as session:
        for run_id in asked.places.runs:
            stored_run(session, run_id)
        if active_count(session, asked.places) == 0:
            known = active_sources(session)
            names = ", ".join(known[:_SHOWN]) + (", ..." if len(known) > _SHOWN else "")
            what = described(asked.places).removeprefix("store: ")
            raise ConfigError(
                f"the store has no active problem of {what}; its sources are: {names or 'none'}"
            )
        return lacking(session, asked.run_id, asked.places)


def _run_id(recipe: str, where: str) -> str:
    """Readable, and one for each recipe and place: `top-up-dart-uniform-3fa2c1`."""
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", recipe.removesuffix(".toml").rsplit("/", 1)[-1]).strip("-._")
    digest = hashlib.sha256(f"{recipe}\x1f{where}".encode("utf-8", "surrogatepass")).hexdigest()[:6]
    return f"top-up-{name[:60] or 'run'}-{digest}"


def _named(places: Places) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return ("source", places.sources), ("run", places.runs)
