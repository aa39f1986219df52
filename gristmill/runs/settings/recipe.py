"""Recipes: named configurations in TOML, shipped ones by name or your own by path, and flags on top of them.

A recipe holds the sections of `RunConfig`. Its table `[embedded]` replaces settings of the generator and of
the maker when the embedded model answers: what was published for a large model on a server does not suit a
small one on a laptop.
"""

import tomllib
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

import tomli_w
from pydantic import ValidationError

from gristmill.runs.settings.files import displace_structures, with_texts
from gristmill.runs.settings.instructions import InstructionSettings
from gristmill.runs.settings.policy import BUDGET_FIELDS, useless_fields
from gristmill.runs.settings.run import SECTIONS, RunConfig
from gristmill.runs.settings.shipped import RECIPES, shipped_recipes
from gristmill.sampling.errors import ConfigError
from gristmill.text.near_names import near_names

Tables = dict[str, dict[str, Any]]
"""A recipe file as read: section, field, value. Values are checked when it becomes a RunConfig."""

_OVERLAY = "embedded"


def recipe_tables(name_or_path: str) -> Tables:
    """Reads a recipe. Raises ConfigError for a name that is not known and for a file that is no recipe."""
    known = shipped_recipes()
    if name_or_path in known:
        text = (RECIPES / f"{name_or_path}.toml").read_text("utf-8")
    else:
        try:
            text = Path(name_or_path).read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(_unknown(name_or_path, known)) from error
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"recipe {name_or_path}: not TOML: {error}") from error
    for name, table in tables.items():
        if name not in SECTIONS and name != _OVERLAY:
            raise ConfigError(f"recipe {name_or_path}: unknown table [{name}]; known: {', '.join(SECTIONS)}")
        if not isinstance(table, dict):
            raise ConfigError(f"recipe {name_or_path}: {name} stands outside a table")
    return tables


def check_names_a_recipe(name: str) -> None:
    """For what a person wrote and nobody reads a recipe by: a shipped name, or what looks like a path, which
    has a folder in it or ends in `.toml`. The file may be on another machine. Raises ConfigError.
    """
    known = shipped_recipes()
    if name not in known and "/" not in name and not name.endswith(".toml"):
        raise ConfigError(_unknown(name, known))


def check_recipe_of_new_run(name: str) -> None:
    """As `check_names_a_recipe`, but a command may have read a file here that is named like nothing of that.

    A run that is in the store is not looked at: it goes on under the name it began with. Raises ConfigError.
    """
    try:
        is_file = Path(name).is_file()
    except OSError:  # longer than a file's name can be
        is_file = False
    if not is_file:
        check_names_a_recipe(name)


def _unknown(name: str, known: Iterable[str]) -> str:
    near = near_names(name, known)
    meant = f"is it {near[0]}? " if near else ""
    return (
        f"unknown recipe {name!r}: {meant}shipped are {', '.join(known)}; your own goes by its path, "
        "./mine or mine.toml"
    )


def run_config(recipe: str, flags: Mapping[str, Mapping[str, Any]]) -> RunConfig:
    """The configuration of a recipe with flags on top, by section. Raises ConfigError naming the field."""
    tables = recipe_tables(recipe)
    folder = RECIPES if recipe in shipped_recipes() else Path(recipe).parent
    tables |= {name: with_texts(tables.get(name, {}), folder) for name in ("verifier", "judge")}
    overlay = tables.pop(_OVERLAY, {})
    generator = {**tables.get("generator", {}), **flags.get("generator", {})}
    served = generator.get("server") or generator.get("launch")
    if generator.get("backend", _OVERLAY) == _OVERLAY and not served:
        for name, value in overlay.items():
            section = "instructions" if name in InstructionSettings.model_fields else "generator"
            tables[section] = {**tables.get(section, {}), name: value}
    return _with_flags(recipe, tables, flags)


def resumed_config(stored: RunConfig, flags: Mapping[str, Mapping[str, Any]]) -> RunConfig:
    """The configuration of a run that is in the store with flags on top. Raises ConfigError naming the
    field; whether the run may go on with it is for `differences` to say.
    """
    return _with_flags(stored.recipe, stored.model_dump(exclude={"recipe"}), flags)


def _with_flags(recipe: str, tables: Tables, flags: Mapping[str, Mapping[str, Any]]) -> RunConfig:
    flags = {name: with_texts(given, Path()) for name, given in flags.items()}
    displace(tables, flags)
    merged = {name: {**tables.get(name, {}), **flags.get(name, {})} for name in SECTIONS}
    try:
        return RunConfig.model_validate({"recipe": recipe, **merged})
    except ValidationError as error:
        raise ConfigError(in_words(error)) from error


def displace(tables: Tables, flags: Mapping[str, Mapping[str, Any]]) -> None:
    """Takes out of a recipe what a flag stands in place of: another budget, another policy's numbers, a
    server, a structure.
    """
    given, policy = flags.get("policy", {}), tables.get("policy", {})
    if any(name in given for name in BUDGET_FIELDS):
        for name in BUDGET_FIELDS:
            policy.pop(name, None)
    for name in useless_fields(given.get("policy", policy.get("policy"))):
        if "policy" in given:
            policy.pop(name, None)
    displace_servers(tables.get("generator", {}), flags.get("generator", {}))
    displace_structures(tables.get("verifier", {}), flags.get("verifier", {}))


def displace_servers(recipe: dict[str, Any], given: Mapping[str, Any]) -> None:
    """A backend, a server and one to be launched each stand in place of the others."""
    ways = ("backend", "server", "launch")
    if any(way in given for way in ways):
        for way in ways:
            if way not in given:
                recipe.pop(way, None)


def as_toml(config: RunConfig) -> str:
    """The configuration as a recipe file of one's own."""
    tables = config.model_dump(mode="json", exclude={"recipe"}, exclude_none=True)
    return f"# {config.recipe}\n" + tomli_w.dumps(tables)


def in_words(error: ValidationError, known: Collection[str] = tuple(SECTIONS)) -> str:
    """The first thing wrong, as `--flag: what is wrong`, without echoing whole values. `known` are the
    sections.
    """
    first = error.errors(include_url=False)[0]
    *sections, field = [str(part) for part in first["loc"][:2]] or ["settings"]
    field = f"[{field}]" if field in known and not sections else f"--{field.replace('_', '-')}"
    message = str(first["msg"]).removeprefix("Value error, ")
    if not first["loc"] and message.startswith("dataset: "):
        field, message = "--dataset", message.removeprefix("dataset: ")
    more = error.error_count() - 1
    return f"{field}: {message}" + (f" (and {more} more)" if more else "")
