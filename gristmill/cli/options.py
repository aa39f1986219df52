"""Flags of a run or an export: one per setting, made from the fields of the sections.

A setting is declared once, with its type, bounds and description; the flag, the recipe's key and the form
field follow.
"""

import os
import types
from collections.abc import Callable, Collection, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

import click
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from gristmill.cli.help import SettingOption
from gristmill.text.private_files import SHARED_VARIABLE

Command = TypeVar("Command", bound=Callable[..., object])
Sections = Mapping[str, type[BaseModel]]
_METAVARS = {int: "N", float: "X", str: "TEXT"}


def run_options(command: Command) -> Command:
    """Adds every flag of a run."""
    from gristmill.runs.settings.run import SECTIONS

    return options(SECTIONS)(command)


def shared_option(command: Command) -> Command:
    """Adds `--shared`, which the command need not know of."""

    def share(_: click.Context, __: click.Parameter, given: bool) -> None:
        if given:
            os.environ[SHARED_VARIABLE] = "1"

    return click.option(
        "--shared",
        is_flag=True,
        expose_value=False,
        callback=share,
        help="Make files that other users of this machine may read, as the umask says.",
    )(command)


def options(sections: Sections, without: Collection[str] = ()) -> Callable[[Command], Command]:
    """Adds every flag, but for the fields `without`. The command gets the values as keyword arguments by
    field name, None where not given.
    """

    def add(command: Command) -> Command:
        for section, model in reversed(list(sections.items())):
            for name, field in reversed(model.model_fields.items()):
                if name not in without:
                    command = _option(section, name, field)(command)
        return command

    return add


def by_section(values: Mapping[str, Any], sections: Sections) -> dict[str, dict[str, Any]]:
    """The flags that were given, by section. A flag not given is not in it, so that the recipe's value
    stands.
    """
    return {
        section: {name: values[name] for name in model.model_fields if values.get(name) not in (None, ())}
        for section, model in sections.items()
    }


def _option(section: str, name: str, field: FieldInfo) -> Callable[[Command], Command]:
    kind, many = _kind(field.annotation)
    flag, no = f"--{name.replace('_', '-')}", f"--no-{name.replace('_', '-')}"
    is_switch = kind is bool
    return click.option(
        f"{flag}/{no}" if is_switch else flag,
        name,
        cls=SettingOption,
        section=section,
        preset=_preset(flag, field.default),
        type=kind,
        multiple=many,
        default=None,
        help=field.description,
        metavar=None if is_switch or isinstance(kind, click.Choice) else _METAVARS[kind],
    )


def _preset(flag: str, default: object) -> str | None:
    """What stands where nothing is given, as it would be written; None where that is nothing at all."""
    if default is None or default == ():
        return None
    if isinstance(default, bool):
        return flag if default else f"--no-{flag.removeprefix('--')}"
    return repr(default) if isinstance(default, str) and not default.strip() else str(default)


def _kind(annotation: Any) -> tuple[Any, bool]:
    """Click's type for an annotation, and whether the flag may be repeated. Bounds are checked by the
    model.
    """
    origin = get_origin(annotation)
    if origin in (Union, types.UnionType):
        return _kind(next(arg for arg in get_args(annotation) if arg is not type(None)))
    if origin is Literal:
        return click.Choice([str(value) for value in get_args(annotation)]), False
    if origin is tuple:
        return _kind(get_args(annotation)[0])[0], True
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return click.Choice([member.value for member in annotation]), False
    if annotation in (bool, int, float, str):
        return annotation, False
    if annotation is Path:
        return str, False
    raise TypeError(f"no flag for a field of type {annotation}")
