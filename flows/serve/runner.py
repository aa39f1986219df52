"""Prefect's Runner, made to outlast an outage of the Prefect server.

Prefect's own gives up: after some four minutes without an answer its poller ends the Runner, and with it
every run that goes on. And once its connection for events has been closed, it may not hear of a run that is
cancelled any more. Here an answer that does not come means that there is nothing to do now, said once and
once more when the server is back, and each time it is asked for runs that are due it is asked for those that
are to be cancelled, too.

Limits. What is replaced are the Runner's inner parts, of the Prefect version that is pinned. An answer that
refuses (4xx) still ends it: waiting would not help.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Self
from uuid import UUID

import httpx
from prefect.client.schemas.filters import FlowRunFilter
from prefect.client.schemas.objects import FlowRun
from prefect.runner import Runner

from gristmill.flows.deploy.automations import HEARTBEAT_SECONDS

_POLL_SECONDS = 5.0
_ANSWER_SECONDS = 15.0
"""The client itself would try again for 70 s before it says that nobody is there."""
_END_SECONDS = 10.0
_SERVER_FAULT = 500
_IS_AWAY = "Prefect's server does not answer: runs go on, new ones begin when it is back"
_IS_BACK = "Prefect's server is back"


class ServeRunner(Runner):
    """Runner of `gristmill serve`. `say` gets a line when the server goes away, and one when it is back."""

    def __init__(self, limit: int, say: Callable[[str], None]) -> None:
        super().__init__(
            name="gristmill serve",
            limit=limit,
            query_seconds=_POLL_SECONDS,
            heartbeat_seconds=HEARTBEAT_SECONDS,
            pause_on_shutdown=False,
        )
        self._say = say
        self._away = False
        self._cancel: Callable[[UUID], None] | None = None

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        poller, observer = self._scheduled_run_poller, self._cancelling_observer
        assert observer is not None  # noqa: S101
        ask = poller._get_scheduled_flow_runs

        async def due() -> list[FlowRun]:
            await self._look_for_cancelled()
            return await self._answer(ask)

        poller._get_scheduled_flow_runs = due  # type: ignore[method-assign]
        self._cancel, observer.on_cancelling = observer.on_cancelling, self._cancel_once
        observer._check_for_cancelled_flow_runs = self._look_for_cancelled  # type: ignore[method-assign]
        return self

    @property
    def away(self) -> bool:
        """True if the server did not answer when it was last asked."""
        return self._away

    async def end_runs(self) -> None:
        """SIGTERM for every run, SIGKILL for one that has not ended 10 s later. Needs no server.

        A run stores what it has at once, and would then try to tell the server for a minute.
        """
        manager = self._process_manager
        await asyncio.gather(*(manager.kill(run, _END_SECONDS) for run in manager.flow_run_ids()))

    async def _answer(self, ask: Callable[[], Awaitable[list[FlowRun]]]) -> list[FlowRun]:
        """Empty, too, where the server is away."""
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                found = await ask()
        except (TimeoutError, httpx.TransportError):
            self._is(away=True)
            return []
        except httpx.HTTPStatusError as error:
            if error.response.status_code < _SERVER_FAULT:
                raise
            self._is(away=True)
            return []
        self._is(away=False)
        return found

    def _is(self, *, away: bool) -> None:
        if away is not self._away:
            self._away = away
            self._say(_IS_AWAY if away else _IS_BACK)

    async def _look_for_cancelled(self) -> None:
        observer = self._cancelling_observer
        if observer is None or not (ours := list(observer._in_flight_flow_run_ids)):
            return
        of_ours = FlowRunFilter.model_validate(
            {"id": {"any_": ours}, "state": {"type": {"any_": ["CANCELLING"]}}}
        )
        for run in await self._answer(lambda: self._client.read_flow_runs(flow_run_filter=of_ours)):
            self._cancel_once(run.id)

    def _cancel_once(self, flow_run_id: UUID) -> None:
        """A cancellation arrives by event and by polling; a second signal would end the run at once."""
        observer = self._cancelling_observer
        assert observer is not None and self._cancel is not None  # noqa: S101, PT018
        if flow_run_id not in observer._cancelling_flow_run_ids:
            observer._cancelling_flow_run_ids.add(flow_run_id)
            self._cancel(flow_run_id)

    async def _cancel_run(self, flow_run: FlowRun | UUID, state_msg: str | None = None) -> None:
        """An error here would end the Runner; what was not cancelled is found at the next look."""
        try:
            await super()._cancel_run(flow_run, state_msg)
        except httpx.HTTPError:
            id_ = flow_run if isinstance(flow_run, UUID) else flow_run.id
            if self._cancelling_observer is not None:
                self._cancelling_observer._cancelling_flow_run_ids.discard(id_)
