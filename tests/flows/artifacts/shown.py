"""Runs as deployments start them, and what a Prefect server then has of them."""

import asyncio
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    ArtifactFilter,
    ArtifactFilterFlowRunId,
    LogFilter,
    LogFilterFlowRunId,
)
from prefect.client.schemas.objects import Artifact, FlowRun
from prefect.events.filters import EventFilter, EventNameFilter, EventRelatedFilter
from prefect.events.schemas.events import Event
from prefect.flow_engine import run_flow

from gristmill.flows.local import drain_prefect
from gristmill.flows.synthesize_math import synthesize_math
from gristmill.runs.settings.run import RunConfig

NAMES = ["gristmill.run.finished", "gristmill.quota.met", "gristmill.acceptance.dropped"]


@dataclass(frozen=True, slots=True)
class Shown:
    """`artifacts` by key, the last one of each; `events` by name; `log` in order."""

    flow_run: FlowRun
    artifacts: dict[str, Artifact]
    events: dict[str, Event]
    log: list[str]

    def data(self, key: str) -> str:
        return str(self.artifacts[key].data)


async def deployed_run(config: RunConfig, run_id: str, state: str = "Completed") -> Shown:
    """Runs the flow in this process as a flow run of a deployment, to its end in that state."""
    parameters: dict[str, Any] = {"config": config, "run_id": run_id}
    async with get_client() as client:
        flow_id = await client.create_flow(synthesize_math)
        deployment_id = await client.create_deployment(flow_id, f"night-{run_id}")
        flow_run = await client.create_flow_run_from_deployment(deployment_id)
        await run_flow(synthesize_math, flow_run=flow_run, parameters=parameters, return_type="state")  # type: ignore[misc]
        await asyncio.to_thread(drain_prefect)
        return await _shown(flow_run.id, state)


async def _shown(flow_run_id: UUID, state: str) -> Shown:
    of_run = ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[flow_run_id]))
    of_log = LogFilter(flow_run_id=LogFilterFlowRunId(any_=[flow_run_id]))
    async with get_client() as client:
        artifacts = await client.read_artifacts(artifact_filter=of_run, limit=200)
        log = await client.read_logs(of_log, limit=200)
        flow_run = await client.read_flow_run(flow_run_id)
        assert flow_run.state is not None
        assert flow_run.state.name == state, flow_run.state
        events = await _events(flow_run_id) if state == "Completed" else []
        return Shown(
            flow_run,
            {str(artifact.key): artifact for artifact in sorted(artifacts, key=lambda one: str(one.created))},
            {event.event: event for event in events},
            [entry.message for entry in log],
        )


async def _events(flow_run_id: UUID) -> list[Event]:
    """The server writes events down a moment after it gets them: asked until the end of the run is there."""
    wanted = EventFilter(
        event=EventNameFilter(name=NAMES),
        related=EventRelatedFilter(id=[f"prefect.flow-run.{flow_run_id}"]),
    )
    async with get_client() as client:
        while True:
            reply = await client.request(
                "POST", "/events/filter", json={"filter": wanted.model_dump(mode="json"), "limit": 50}
            )
            events = [Event.model_validate(event) for event in reply.json()["events"]]
            if any(event.event == "gristmill.run.finished" for event in events):
                return events
            await asyncio.to_thread(drain_prefect)
