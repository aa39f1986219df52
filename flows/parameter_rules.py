"""What a deployment's parameters may name on the machine where its runs take place.

Whoever may start a deployment fills in its parameters: a person in Prefect's form, a program through its
API. What only the machine's owner has to say is not to be had that way: which of its environment goes to a
server, which programs are started, which files are read and written. So by default

- a key comes from `OPENAI_API_KEY`, from a variable named `GRISTMILL_..._KEY`, or from one of those that
  `GRISTMILL_API_KEY_ENVS` names;
- no program is named, and no code runs outside of the sandbox: `serve --allow-launch`;
- files and folders are inside the working folder, links resolved: `serve --allow-paths`.

Both flags are variables of the environment, which a worker has from its own host. Commands are not checked:
who types them has the machine.

Limits. A server may be any. A link that is put in place between this look and the opening is followed. Who
may call Prefect's API as a program may register a deployment with code of its own: these are rules for forms
and schedules, and no sandbox.
"""

import os
import re
from collections.abc import Callable, Iterator
from enum import StrEnum
from fnmatch import fnmatchcase
from pathlib import Path

from pydantic import BaseModel

from gristmill.sampling.errors import ConfigError

LAUNCH_VARIABLE = "GRISTMILL_ALLOW_LAUNCH"
PATHS_VARIABLE = "GRISTMILL_ALLOW_PATHS"
KEYS_VARIABLE = "GRISTMILL_API_KEY_ENVS"

_KEY_VARIABLES = ("OPENAI_API_KEY", "GRISTMILL_*_KEY")
_LONGEST_SHOWN = 200


class Kind(StrEnum):
    """What a parameter names. `weights` is a hub's name or a folder, which vLLM in this process opens."""

    KEY_VARIABLE = "key variable"
    PATH = "path"
    PROGRAM = "program"
    TEXT = "text"
    URL = "URL"
    WEIGHTS = "weights"


_BY_KIND: dict[Kind, str] = {
    Kind.KEY_VARIABLE: "api_key_env judge_api_key_env",
    Kind.PATH: "benchmark benchmarks blocklist dataset documents embedded_model exports out seeds",
    Kind.PROGRAM: "engine_args launch launch_python unsafe_no_isolation",
    Kind.URL: "judge_server server servers",
    Kind.WEIGHTS: "model",
    Kind.TEXT: "answer_field benchmark_field bounds container discriminator_run document_field "
    "fail_rates_from format grammar instruction_language json_schema judge_model keep_metric language "
    "languages level_field levels license margin_metric marker_metric metrics mix models prompt_field "
    "reasons recipe reference_field regex rubric run_id run_recipes runs seed_field seed_level_field "
    "select_by separator source sources split stop styles template title without_reasons",
}
KINDS = {name: kind for kind, names in _BY_KIND.items() for name in names.split()}
"""Of every parameter that holds a text, by its name; it has one meaning wherever it stands."""


def check_parameters(given: BaseModel, where: str = "") -> None:
    """Raises ConfigError for the first parameter that names what it may not, by its path below `where`."""
    for name in type(given).model_fields:
        value = getattr(given, name)
        if isinstance(value, BaseModel):
            check_parameters(value, f"{where}{name}.")
        elif value and (why := _CHECKS[KINDS.get(name, Kind.TEXT)](value, given)):
            raise ConfigError(f"{where}{name}: {why}")


def check_stored(run_id: str, *sections: BaseModel) -> None:
    """The same for what a run in the store draws or judges with: a command may have begun it, and whoever
    goes on with it here is a deployment.
    """
    for section in sections:
        check_parameters(section, f"run {run_id}: ")


def _key_variable(value: object, _: BaseModel) -> str | None:
    more = re.split(r"[,\s]+", os.environ.get(KEYS_VARIABLE, ""))
    name = str(value)
    if name in more or any(fnmatchcase(name, known) for known in _KEY_VARIABLES):
        return None
    return f"a deployment takes keys from {', '.join(_KEY_VARIABLES)} and what {KEYS_VARIABLE} names"


def _program(_: object, __: BaseModel) -> str | None:
    if _is_set(LAUNCH_VARIABLE):
        return None
    return f"a deployment starts no program here without `serve --allow-launch` ({LAUNCH_VARIABLE}=1)"


def _path(value: object, _: BaseModel) -> str | None:
    if _is_set(PATHS_VARIABLE):
        return None
    folder = Path.cwd().resolve()
    outside = next((path for path in _each(value) if _leads_out(path, folder)), None)
    if outside is None:
        return None
    return (
        f"{str(outside)[:_LONGEST_SHOWN]} leads out of the folder {folder}: a deployment's files are in it "
        f"without `serve --allow-paths` ({PATHS_VARIABLE}=1)"
    )


def _weights(value: object, given: BaseModel) -> str | None:
    return _path(value, given) if getattr(given, "backend", None) == "vllm" else None


def _none(_: object, __: BaseModel) -> str | None:
    return None


_CHECKS: dict[Kind, Callable[[object, BaseModel], str | None]] = {
    Kind.KEY_VARIABLE: _key_variable,
    Kind.PATH: _path,
    Kind.PROGRAM: _program,
    Kind.TEXT: _none,
    Kind.URL: _none,
    Kind.WEIGHTS: _weights,
}
"""Each tells why a value may not be, or None."""


def _is_set(variable: str) -> bool:
    return os.environ.get(variable, "") not in ("", "0")


def _each(value: object) -> Iterator[Path]:
    yield from map(Path, map(str, value if isinstance(value, tuple) else (value,)))


def _leads_out(path: Path, folder: Path) -> bool:
    """As it stands, with `~` for a home, or by a link to a file below it, as readers of folders find it."""
    try:
        if not all(one.resolve().is_relative_to(folder) for one in (path, path.expanduser())):
            return True
        if not path.is_dir():
            return False
        inside = (Path(place, name) for place, _, names in os.walk(path) for name in names)
        return any(one.is_symlink() and not one.resolve().is_relative_to(folder) for one in inside)
    except (OSError, RuntimeError, ValueError):  # a loop of links, a home that nobody has, a null character
        return True
