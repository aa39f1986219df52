"""The problems that a top-up is for, and the name of the run that goes on with them.

Recipe and places decide the name, so that the same command finds the same run. In its configuration the
places stand where other runs have the name of a data set.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gristmill.db.exports.withdrawals import Kind, known_names
from gristmill.db.reports.top_up import Places, held_back, lacking, source_statuses, without_active
from gristmill.db.rows import ACTIVE
from gristmill.db.sessions import Engine, Session, reading
from gristmill.problems.load import load_problems
from gristmill.problems.settings import DatasetSettings
from gristmill.runs.settings.run import RunConfig
from gristmill.sampling.errors import ConfigError
from gristmill.sampling.records import Problem
from gristmill.text.near_names import near_names

_SHOWN = 10
_MOST_NEAR = 3


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
    """Those that the run may lack. Raises ConfigError where one of the places has no active problem at all,
    or the data set has none.
    """
    if asked.places is None:
        loaded = load_problems(asked.config.dataset, asked.config.verifier.verifier).problems
        with reading(engine) as session:
            out = held_back(session, [problem.id for problem in loaded])
        if len(out) == len(loaded):
            raise ConfigError("no problem of this data set is active in the store")
        return [problem for problem in loaded if problem.id not in out]
    with reading(engine) as session:
        _check_each_has_some(session, asked.places)
        return lacking(session, asked.run_id, asked.places)


def _check_each_has_some(session: Session, places: Places) -> None:
    """Raises ConfigError that names every place without an active problem: beside one that has some, a
    misspelt one would pass, and nobody would hear that nothing is drawn of it. A place that is there passes
    beside others: its problems were taken out on purpose, which is not to end the others' nights.
    """
    empty = without_active(session, places)
    if not (empty.sources or empty.runs):
        return
    statuses, runs = source_statuses(session), known_names(session, Kind.RUN)
    are_there = statuses.keys() >= set(empty.sources) and set(runs) >= set(empty.runs)
    if are_there and empty != places:
        return
    active = [source for source, theirs in statuses.items() if ACTIVE in theirs]
    found = [_empty_source(source, statuses, active) for source in empty.sources]
    found += [_empty_run(run_id, runs) for run_id in empty.runs]
    known = [f"its sources are: {_listed(active)}"] if empty.sources else []
    known += [f"its runs are: {_listed(runs)}"] if empty.runs else []
    raise ConfigError(f"the store has no active problem of {', '.join(found)}; {'; '.join(known)}")


def _empty_source(source: str, statuses: Mapping[str, Sequence[str]], active: Sequence[str]) -> str:
    held = statuses.get(source)
    why = _near(source, active) if held is None else f" (it has problems, with status {' or '.join(held)})"
    return f"source {json.dumps(source)}{why}"


def _empty_run(run_id: str, runs: Sequence[str]) -> str:
    why = " (it is there, without an active problem)" if run_id in runs else _near(run_id, runs)
    return f"run {json.dumps(run_id)}{why}"


def _near(name: str, known: Sequence[str]) -> str:
    near = near_names(name, known, _MOST_NEAR)
    return f" (near: {', '.join(near)})" if near else ""


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more:,} more" if more > 0 else "") or "none"


def _run_id(recipe: str, where: str) -> str:
    """Readable, and one for each recipe and place: `top-up-dart-uniform-3fa2c1`."""
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", recipe.removesuffix(".toml").rsplit("/", 1)[-1]).strip("-._")
    digest = hashlib.sha256(f"{recipe}\x1f{where}".encode("utf-8", "surrogatepass")).hexdigest()[:6]
    return f"top-up-{name[:60] or 'run'}-{digest}"


def _named(places: Places) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return ("source", places.sources), ("run", places.runs)
