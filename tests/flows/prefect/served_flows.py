"""`gristmill serve` as a process of its own, with one deployment, on a test's server.

Each test has a deployment of a name of its own: a run that one left behind is not taken up by the next.
"""

import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import yaml

from tests.flows.prefect.prefect_servers import free_port
from tests.flows.prefect.processes import process_group
from tests.support.children import environment

FLOW = "synthesize-math"


@asynccontextmanager
async def served_flows(
    folder: Path,
    store_url: str,
    api: str,
    name: str,
    parameters: Mapping[str, object] | None = None,
    *,
    entrypoint: str = "gristmill.flows.synthesize_math.synthesize_math",
    **variables: str,
) -> AsyncIterator[Process]:
    """Serves the deployment `FLOW/NAME` while the block runs; then all that it started is gone.

    `parameters` are the deployment's own, which a schedule starts it with; `variables` of its environment.
    """
    block = {
        "name": name,
        "entrypoint": entrypoint,
        "tags": ["gristmill"],
        "parameters": dict(parameters or {}),
    }
    (folder / "prefect.yaml").write_text(yaml.safe_dump({"deployments": [block]}), "utf-8")
    command = [sys.executable, "-m", "gristmill.cli.main", "serve", "--reports-port", str(free_port())]
    given = environment(folder, store_url) | {"PREFECT_API_URL": api} | variables
    async with process_group(command, folder, given) as process:
        yield process
