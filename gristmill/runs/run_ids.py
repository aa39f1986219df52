"""Names of runs: one for each, and that of the run which makes the instructions of another."""

import os
import re
from datetime import UTC, datetime

RUN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", re.ASCII)
"""What a run may be named: it becomes a file's name, too."""

_SUFFIX = ".instructions"


def fresh_run_id(recipe: str) -> str:
    """Readable, sortable and unique: `dart-uniform-20261121-184512-a1b2`."""
    name = (
        re.sub(r"[^A-Za-z0-9._-]+", "-", recipe.removesuffix(".toml").rsplit("/", 1)[-1]).lstrip(".-_")
        or "run"
    )
    return f"{name}-{datetime.now(UTC):%Y%m%d-%H%M%S}-{os.urandom(2).hex()}"


def instruction_run_id(run_id: str) -> str:
    """The run that makes the instructions of `run_id`."""
    return f"{run_id}{_SUFFIX}"


def is_instruction_run(run_id: str) -> bool:
    return run_id.endswith(_SUFFIX)
