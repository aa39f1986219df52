"""Writes a run's configuration as a deployment in YAML, to be pasted under `deployments:` in prefect.yaml."""

from typing import Any

import yaml
from pydantic import ValidationError

from gristmill.flows.deploy.prefect_yaml import TAG, DeploymentBlock, phrase
from gristmill.runs.settings.recipe import check_names_a_recipe
from gristmill.runs.settings.run import RunConfig
from gristmill.sampling.errors import ConfigError

_ENTRYPOINTS = {
    False: "gristmill.flows.synthesize_math.synthesize_math",
    True: "gristmill.flows.synthesize_instructions.synthesize_instructions",
}
"""True: for a recipe that makes its own problems."""

HEARTBEAT_VARIABLE = "PREFECT_FLOWS_HEARTBEAT_FREQUENCY"
_WORK_POOL = {
    "name": "gristmill",
    "job_variables": {"working_dir": ".", "stream_output": False, "env": {HEARTBEAT_VARIABLE: "30"}},
}


def deployment_yaml(config: RunConfig, name: str, cron: str | None) -> str:
    """The block with every setting of the run, indented as an item of the list `deployments`.

    Raises ConfigError for a name that no deployment may have, and for a recipe that is no name in a file.
    """
    check_names_a_recipe(config.recipe)
    block: dict[str, Any] = {
        "name": name,
        "entrypoint": _ENTRYPOINTS[config.makes_instructions],
        "tags": [TAG],
        "concurrency_limit": {"limit": 1, "collision_strategy": "ENQUEUE"},
        "work_pool": _WORK_POOL,
        "pull": [],  # else Prefect adds a step that goes to the folder which was deployed from
        "parameters": {"config": config.model_dump(mode="json", exclude_none=True)},
    }
    if cron is not None:
        block["schedules"] = [{"cron": cron, "timezone": "UTC", "active": True}]
    try:
        DeploymentBlock.model_validate(block)
    except ValidationError as error:
        raise ConfigError(f"--print-deployment: {phrase(error.errors(include_url=False))}") from error
    text = yaml.safe_dump([block], sort_keys=False, allow_unicode=True, width=100)
    return "".join(f"  {line}" if line.strip() else line for line in text.splitlines(keepends=True))
