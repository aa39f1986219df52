"""Reads export settings from a recipe (a TOML file), with flags in place of its values."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from gristmill.exports.settings import EXPORT_SECTIONS, ExportSettings
from gristmill.runs.settings.recipe import in_words
from gristmill.sampling.errors import ConfigError


def export_settings(recipe: Path | None, flags: Mapping[str, Mapping[str, Any]]) -> ExportSettings:
    """Flags are by section, as a recipe's tables are. Raises ConfigError naming the file or the field."""
    tables = {} if recipe is None else _tables(recipe)
    try:
        ExportSettings.model_validate(tables)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ConfigError(f"recipe {recipe}, {place}: {_message(first['msg'])}") from error
    merged = {name: {**tables.get(name, {}), **flags.get(name, {})} for name in EXPORT_SECTIONS}
    try:
        return ExportSettings.model_validate(merged)
    except ValidationError as error:
        raise ConfigError(in_words(error, EXPORT_SECTIONS)) from error


def _message(said: str) -> str:
    return said.removeprefix("Value error, ")


def _tables(recipe: Path) -> dict[str, dict[str, Any]]:
    try:
        tables = tomllib.loads(recipe.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"recipe {recipe}: not TOML: {error}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"recipe {recipe} cannot be read: {error}") from error
    for name, table in tables.items():
        if name not in EXPORT_SECTIONS or not isinstance(table, dict):
            raise ConfigError(
                f"recipe {recipe}: {name} is no section of an export; known: {', '.join(EXPORT_SECTIONS)}"
            )
    return tables
