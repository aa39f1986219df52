"""Workers of a run as flow runs: loaded here, drawn by runs of the deployment `work/work`.

The workers share the run by leases in the store, and need PostgreSQL. What came of them is read from the
store: a worker that failed costs nothing where the others finished, and one that has not begun when nothing
is left is cancelled. Where something is missing at the end, new workers are started. Where there is no room
for any, the run draws by itself (`flows.inline_worker`). A flow run that is started anew finds the workers of
its former start and goes on with them.

Turns at inference servers are the workers' own affair (`flows.jobs.work`): whoever waits here holds none,
for a worker may wait for the very same.
"""

import asyncio
from collections.abc import Sequence
from time import monotonic
from uuid import UUID, uuid4

from prefect import get_run_logger
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.deployments import arun_deployment
from prefect.exceptions import ObjectNotFound
from prefect.states import Cancelled, Cancelling

from gristmill.db.sessions import reading
from gristmill.flows.artifacts.acceptance_watch import acceptance_watched
from gristmill.flows.flow_runs import AWAY, this_flow_run
from gristmill.flows.inline_worker import InlineWorker, share_our_places
from gristmill.flows.lifecycle import interrupted_message
from gristmill.flows.tasks import finish_run, load, measure
from gristmill.runs.cancellation import asked_to_stop, unless_stopped
from gristmill.runs.open_generators import Generators
from gristmill.runs.session import RunSession
from gristmill.runs.settings.run import RunConfig
from gristmill.runs.store import database_url, open_store, stored_run
from gristmill.sampling.errors import ConfigError, StoreError, UnavailableError
from gristmill.sampling.records import RunState

DEPLOYMENT = "work/work"
MOST_WORKERS = 200
"""As many flow runs as Prefect's server tells of at once."""

POLL_SECONDS = 5.0
SAY_SECONDS = 60.0
INLINE_WORKER_SECONDS = 60.0
"""Without any worker that has begun; then the run draws by itself, where they share its places."""

LAST_SECONDS = 60.0
"""What a worker that is at work gets to end by itself once nothing is left. The run is measured here."""

_CALL_SECONDS = 10.0
_CANCEL_SECONDS = 8.0  # a cancelled flow has 12 s to end
_CANCELS_AT_ONCE = 4  # of more, a server with SQLite does no more in the same time
_TO_BEGIN = [StateType.SCHEDULED, StateType.PENDING]
_OPEN = [*_TO_BEGIN, StateType.RUNNING, StateType.PAUSED]


async def run_phases_with_workers(config: RunConfig, workers: int, run_id: str) -> State[str]:
    """Load, draw by workers, measure, summarise. Raises ConfigError where no workers can be had, and
    UnavailableError where they ended before the run.
    """
    if not database_url().startswith("postgres"):
        raise ConfigError(
            "workers: several processes share a store in PostgreSQL alone; point GRISTMILL_DATABASE_URL to "
            "one, or draw with one worker"
        )
    with open_store() as engine:
        async with Generators() as generators:
            session = await load(RunSession(engine, run_id, config, asked_to_stop(), generators))
        if session is None:
            return Cancelled(message=f"{run_id} was stopped before it began")
        if not await asyncio.to_thread(_is_finished, run_id):
            drawing = _drawn_by_workers(run_id, workers)
            if await unless_stopped(session.stop, drawing) is None:
                return Cancelled(message=interrupted_message(run_id), data=run_id)
        if session.config.selection.wanted:
            await measure(session)
        return await finish_run(session, RunState.FINISHED)


async def _drawn_by_workers(run_id: str, workers: int) -> RunState:
    """However it ends, the workers that have not ended are cancelled, and land what they have in flight by
    themselves.
    """
    open_workers: list[UUID] = []
    inline_worker = InlineWorker(run_id)
    try:
        await _start(run_id, workers, open_workers)
        async with acceptance_watched(run_id):
            ended = await _Watch(run_id, open_workers, inline_worker).ended()
    finally:
        inline_worker.stop()
        await _cancel(open_workers)
        await inline_worker.ended()
    if not await asyncio.to_thread(_is_finished, run_id):
        if inline_worker.error is not None:
            raise inline_worker.error
        said = {str(run.state.message or run.state.name) for run in ended if run.state is not None}
        raise UnavailableError(f"run {run_id}: its workers ended before it: {'; '.join(sorted(said))}")
    return RunState.FINISHED


async def _start(run_id: str, workers: int, started: list[UUID]) -> None:
    """Fills the list as it goes. Raises ConfigError where there is no such deployment, UnavailableError where
    Prefect is away.
    """
    log, key = get_run_logger(), uuid4().hex
    try:
        started += await _of_a_former_start()
        if started:
            log.info("%d workers of an earlier start go on with run %s", len(started), run_id)
        for number in range(len(started), workers):
            run = await arun_deployment(
                DEPLOYMENT,
                parameters={"job": {"run_id": run_id}},
                timeout=0,
                as_subflow=True,
                idempotency_key=f"{key}-{number}",  # the client may ask more than once
                flow_run_name=f"{run_id} worker {number + 1}",
                tags=["gristmill"],
            )
            started.append(run.id)
    except ObjectNotFound as error:
        raise ConfigError(
            f"workers: there is no deployment {DEPLOYMENT}; `gristmill deploy` or `gristmill serve` makes it"
        ) from error
    except AWAY as error:
        raise UnavailableError(f"workers: Prefect did not start them: {error!r}") from error
    log.info("%d workers are to draw for run %s", len(started), run_id)


async def _of_a_former_start() -> list[UUID]:
    """Those of this flow run that have not ended, and are not about to."""
    flow_run = this_flow_run()
    if flow_run is None:
        return []
    ours = FlowRunFilter.model_validate(
        {"parent_flow_run_id": {"any_": [flow_run.id]}, "state": {"type": {"any_": _OPEN}}}
    )
    async with asyncio.timeout(_CALL_SECONDS), get_client() as client:
        return [run.id for run in await client.read_flow_runs(flow_run_filter=ours, limit=MOST_WORKERS)]


class _Watch:
    """Looks at the workers now and then: who has ended, who has not begun, and what the store says."""

    def __init__(self, run_id: str, open_workers: list[UUID], inline_worker: InlineWorker) -> None:
        """The list is kept to those that have not ended."""
        self._run_id = run_id
        self._open = open_workers
        self._inline_worker = inline_worker
        self._wanted = list(open_workers)
        self._runs: list[FlowRun] = []
        self._said = self._one_was_at_work = monotonic()
        self._finished_at: float | None = None

    async def ended(self) -> list[FlowRun]:
        """Returns once all have ended, or soon after nothing is left of the run; gives what Prefect said of
        them last.
        """
        while True:
            if await self._is_over():
                return self._runs
            await asyncio.sleep(POLL_SECONDS)

    async def _is_over(self) -> bool:
        if self._finished_at is None and await self._is_finished():
            self._finished_at = monotonic()
        is_away = not await self._look()
        to_begin = sum(run.state is not None and run.state.type in _TO_BEGIN for run in self._runs)
        if len(self._open) > to_begin:
            self._one_was_at_work = monotonic()
        if self._finished_at is not None:
            is_late = monotonic() - self._finished_at > LAST_SECONDS
            return is_away or is_late or (len(self._open) <= to_begin and not self._inline_worker.is_drawing)
        if self._none_can_begin():
            self._inline_worker.begin()
        if to_begin and monotonic() - self._said > SAY_SECONDS:
            self._said = monotonic()
            get_run_logger().info(
                "waiting for %d workers to begin: is there room (`gristmill serve --limit`), are workers of "
                "the queue gpu up?",
                to_begin,
            )
        if self._inline_worker.has_begun:
            return not self._inline_worker.is_drawing and len(self._open) <= to_begin
        return not self._open

    def _none_can_begin(self) -> bool:
        """None of those that are left has for some time, nor is likely to."""
        is_late = monotonic() - self._one_was_at_work > INLINE_WORKER_SECONDS
        is_lone = bool(self._open) and share_our_places(self._runs)
        return is_late and is_lone and not self._inline_worker.has_begun

    async def _is_finished(self) -> bool:
        """A store that cannot be read now costs the workers nothing: it is asked again at the next look."""
        try:
            return await asyncio.to_thread(_is_finished, self._run_id)
        except (StoreError, UnavailableError) as error:
            get_run_logger().debug("the store does not tell how the run stands: %s", error)
            return False

    async def _look(self) -> bool:
        """Whether Prefect answered."""
        wanted = FlowRunFilter.model_validate({"id": {"any_": self._wanted}})
        try:
            async with asyncio.timeout(_CALL_SECONDS), get_client() as client:
                self._runs = await client.read_flow_runs(flow_run_filter=wanted, limit=MOST_WORKERS)
        except AWAY as error:
            if monotonic() - self._said > SAY_SECONDS:
                self._said = monotonic()
                said = "Prefect does not tell how the workers do, it is asked again: %r"
                get_run_logger().warning(said, error)
            return False
        self._open[:] = [run.id for run in self._runs if run.state is None or not run.state.is_final()]
        return True


async def _cancel(workers: Sequence[UUID]) -> None:
    """Best effort, within seconds; a worker that is not reached goes on, and may be cancelled by itself."""
    if not workers:
        return
    errors: set[str] = set()
    turn = asyncio.Semaphore(_CANCELS_AT_ONCE)

    async def cancel(flow_run_id: UUID) -> None:
        try:
            async with turn:
                await client.set_flow_run_state(flow_run_id, Cancelling())
        except AWAY as error:
            errors.add(repr(error))

    try:
        async with asyncio.timeout(_CANCEL_SECONDS), get_client() as client:
            await asyncio.gather(*(cancel(worker) for worker in workers))
    except AWAY as error:
        errors.add(repr(error))
    for said in sorted(errors):
        get_run_logger().warning("workers may not have been cancelled: %s", said)


def _is_finished(run_id: str) -> bool:
    with open_store() as engine, reading(engine) as session:
        return stored_run(session, run_id).state is RunState.FINISHED
