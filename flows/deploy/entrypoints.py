"""Deployments stored on a Prefect server under former entry points of the shipped flows.

An older prefect.yaml, and a deployment that a server has stored, name `flows.X` or
`gristmill.flows.deployed.X`, which an installed Gristmill no longer has. `gristmill serve` and
`gristmill deploy` read the file as if it named today's, and change what the server has stored.

Limits. A worker of a plain `prefect worker start` cannot start a flow run of a stored old entry point: run
`gristmill deploy` (or `gristmill serve`) once against that server. Entry points by file path
(`flows/work.py:work_flow`) are left as they are.
"""

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.actions import DeploymentUpdate
from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterTags
from prefect.client.schemas.sorting import DeploymentSort

from gristmill.flows.deploy.prefect_yaml import TAG, current_entrypoint

_PAGE = 100


async def update_stored_entrypoints(client: PrefectClient) -> list[str]:
    """The names of the deployments on the server whose entry point was an old one and is now changed."""
    ours = DeploymentFilter(tags=DeploymentFilterTags(all_=[TAG]))
    changed: list[str] = []
    offset = 0
    while page := await client.read_deployments(
        deployment_filter=ours, limit=_PAGE, offset=offset, sort=DeploymentSort.NAME_ASC
    ):
        for deployment in page:
            now = current_entrypoint(deployment.entrypoint or "")
            if now != (deployment.entrypoint or ""):
                await client.update_deployment(deployment.id, DeploymentUpdate(entrypoint=now))
                changed.append(deployment.name)
        offset += len(page)
    return changed


def stored_line(changed: list[str]) -> str:
    """What is said of them on the console."""
    return f"deployments on the server that had former entry points have today's now: {', '.join(changed)}"
