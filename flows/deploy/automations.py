"""Three Prefect automations: mark dead runs, restart crashed ones, pause a deployment whose acceptance drops.

A process that is killed cannot say so, and a server that was away has not heard: what tells is that the
heartbeats stop. Such a run is marked Crashed. A crashed run goes back to its queue *as the same flow run*,
so that it goes on under its run id; the flow itself gives up after some crashes (`flows.flow_runs`), and one
that cannot even begin is not tried again. The third pauses a deployment whose acceptance
dropped; it is there to be switched on. A person's switch in the UI is left as it is.

Limits. Heartbeats are watched by the server: while it is down nothing is marked; what died or ended then is
marked when it is back, `SILENT_SECONDS` after its last heartbeat at the earliest. A run that had been going
for less than five minutes then waits another 15: Prefect looks for the event before the crash, which the
server forgot when it went down. `gristmill serve` need not wait (`gristmill.flows.serve.recover`).
Source of the first: Prefect's guide "Detect zombie flow runs".
"""

from datetime import timedelta

from prefect.automations import (
    AutomationCore,
    ChangeFlowRunState,
    EventTrigger,
    PauseDeployment,
    Posture,
)
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import StateType

from gristmill.flows.deploy.prefect_yaml import TAG

HEARTBEAT_SECONDS = 30
"""Interval of a run's heartbeats; the smallest that Prefect allows."""
SILENT_SECONDS = 100
"""A run without a heartbeat for so long is dead: three are missing."""
MOST_STARTS = 20
"""Starts of one flow run, orderly stops among them; one that crashes after that stays Crashed."""

_OURS = {"prefect.resource.id": f"prefect.tag.{TAG}", "prefect.resource.role": "tag"}
_A_FLOW_RUN = "prefect.flow-run.*"

MARK_DEAD = AutomationCore(
    name="gristmill: mark dead runs",
    description=f"No heartbeat for {SILENT_SECONDS} s: the process is gone, the run is marked Crashed.",
    trigger=EventTrigger(
        after={"prefect.flow-run.heartbeat"},
        expect={_A_FLOW_RUN},
        match={"prefect.resource.id": _A_FLOW_RUN},
        match_related=_OURS,
        for_each={"prefect.resource.id"},
        posture=Posture.Proactive,
        threshold=1,
        within=timedelta(seconds=SILENT_SECONDS),
    ),
    actions=[
        ChangeFlowRunState(
            state=StateType.CRASHED, message=f"Not heard of for {SILENT_SECONDS} s: its process is gone."
        )
    ],
)
GO_ON = AutomationCore(
    name="gristmill: go on with crashed runs",
    description=f"A crashed run goes on as the same flow run; {MOST_STARTS} starts at most.",
    trigger=EventTrigger(
        expect={"prefect.flow-run.Crashed"},
        match={
            "prefect.resource.id": _A_FLOW_RUN,
            "prefect.run-count": [str(count) for count in range(1, MOST_STARTS)],
        },
        match_related=_OURS,
        posture=Posture.Reactive,
        threshold=1,
        within=timedelta(0),
    ),
    actions=[
        ChangeFlowRunState(
            state=StateType.SCHEDULED,
            name="AwaitingRetry",
            message="It crashed, and goes on where it stopped.",
        )
    ],
)
PAUSE_ON_DROP = AutomationCore(
    name="gristmill: pause on a drop of acceptance",
    description="The share of accepted responses fell far below that of earlier runs: the deployment is "
    "paused until somebody has looked.",
    enabled=False,
    trigger=EventTrigger(
        expect={"gristmill.acceptance.dropped"},
        match={"prefect.resource.id": "gristmill.run.*"},
        posture=Posture.Reactive,
        threshold=1,
        within=timedelta(0),
    ),
    # Its type by name: the client leaves out what is a default, and the server would take it for "run".
    actions=[PauseDeployment(type="pause-deployment", source="inferred")],
)


async def install_automations(client: PrefectClient, *, pause_on_drop: bool = False) -> None:
    """Creates those that are missing and updates those that differ; what a person switched off
    stays off. `pause_on_drop` switches the third one on.
    """
    for wanted in (MARK_DEAD, GO_ON, PAUSE_ON_DROP):
        turned_on = pause_on_drop and wanted is PAUSE_ON_DROP
        await _install(client, wanted, turned_on)


async def _install(client: PrefectClient, wanted: AutomationCore, turned_on: bool) -> None:
    known = await client.read_automations_by_name(wanted.name)
    if not known:
        enabled = wanted.enabled or turned_on
        await client.create_automation(wanted.model_copy(update={"enabled": enabled}))
        return
    enabled = known[0].enabled or turned_on
    as_wanted = wanted.model_copy(update={"enabled": enabled})
    if _content(known[0]) != _content(as_wanted):  # an update forgets which heartbeats were being waited for
        await client.update_automation(known[0].id, as_wanted)


def _content(automation: AutomationCore) -> dict[str, object]:
    return AutomationCore.model_validate(automation.model_dump()).model_dump(
        mode="json", exclude={"owner_resource": True, "trigger": {"id"}}
    )
