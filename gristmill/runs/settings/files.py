"""Schemas, grammars and rubrics that are named by their files: read once, so that what is stored is whole.

A recipe names a file from its own folder, a flag from the working directory. From there on the setting holds
the text, which is what is checked, stored, printed and compared when the run goes on. What is a text and no
file shows at once: a JSON Schema begins with `{`, `true` or `false`; a grammar has a colon or a second line;
a rubric has white space, unless it is one line that ends as a file's name does (`rubric.md`). A file whose
name looks like a text goes by another path (`./true`) or another name.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gristmill.sampling.errors import ConfigError
from gristmill.verifiers.settings import STRUCTURE_FIELDS

_LONGEST_SHOWN = 80
_TEXT = {
    "json_schema": re.compile(r"(?s)\s*(?:\{.*|(?:true|false)\s*|)"),
    "grammar": re.compile(r"(?s).*[:\n].*|\s*"),
    "rubric": re.compile(r"(?!\S+\Z|[^\n]*\.[A-Za-z]{1,8}\Z)(?s:.*)"),
}
"""What stands for itself in each setting that may be a file's name."""


def with_texts(settings: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """The settings with the text in place of each file's name. Raises ConfigError naming both."""
    return {name: _text(name, value, folder) for name, value in settings.items()}


def displace_structures(recipe: dict[str, Any], given: Mapping[str, Any]) -> None:
    """A schema, a regular expression and a grammar each stand in place of the others; the field of the
    answer goes with the schema.
    """
    named = [name for name in STRUCTURE_FIELDS if name in given]
    if named:
        for name in STRUCTURE_FIELDS:
            recipe.pop(name, None)
    if given.get("verifier") == "structure" or (named and "json_schema" not in named):
        recipe.pop("answer_field", None)


def _text(name: str, value: Any, folder: Path) -> Any:
    if name not in _TEXT or not isinstance(value, str) or _TEXT[name].fullmatch(value):
        return value
    path = folder / value
    try:
        return path.read_text("utf-8-sig")
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8, or its name cannot be one"
        shown = str(path) if len(str(path)) <= _LONGEST_SHOWN else f"{str(path)[:_LONGEST_SHOWN]} ..."
        hint = "; a rubric is a sentence at least" if name == "rubric" else ""
        raise ConfigError(f"--{name.replace('_', '-')}: {shown} cannot be read: {why}{hint}") from error
