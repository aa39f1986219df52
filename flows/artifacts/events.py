"""Prefect events of a run, for automations to act on.

An event goes out from a thread of Prefect's own, so nothing waits for it, and nobody hears of it where there
is no server. Prefect adds the flow run, its flow, deployment and tags by itself; the deployment is named here
besides, in case it can no longer be asked for: an automation that pauses "the inferred deployment" needs it.
"""

from collections.abc import Mapping
from enum import StrEnum

from prefect.context import FlowRunContext
from prefect.events import emit_event

from gristmill.flows.artifacts.publish import publication_state
from gristmill.reports.visible_text import printable, short

Value = str | int | float | bool | list[str] | None
_LONGEST = 200


class RunEvent(StrEnum):
    """Names of the events of a run."""

    FINISHED = "gristmill.run.finished"
    INTERRUPTED = "gristmill.run.interrupted"
    QUOTA_MET = "gristmill.quota.met"
    ACCEPTANCE_DROPPED = "gristmill.acceptance.dropped"


def emit(event: RunEvent, run_id: str, recipe: str, payload: Mapping[str, Value]) -> bool:
    """Emits an event once in a session for each run; True if it was now. Shares in the payload are 0 to 1."""
    said = publication_state().said
    if f"{event}:{run_id}" in said:
        return False
    said.add(f"{event}:{run_id}")
    name = _text(run_id)
    emit_event(
        event.value,
        resource={
            "prefect.resource.id": f"gristmill.run.{name}",
            "prefect.resource.name": name,
            "gristmill.recipe": _text(recipe),
        },
        related=_deployment(),
        payload=dict(payload),
    )
    return True


def _deployment() -> list[dict[str, str]]:
    context = FlowRunContext.get()
    deployment_id = context.flow_run.deployment_id if context and context.flow_run else None
    if deployment_id is None:
        return []
    return [
        {
            "prefect.resource.id": f"prefect.deployment.{deployment_id}",
            "prefect.resource.role": "deployment",
        }
    ]


def _text(text: str) -> str:
    return printable(short(text, _LONGEST))
