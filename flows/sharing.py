"""A worker's share of a run that several draw for: leased, drawn for, given back, until nothing is left.

Beside the pipeline a keeper exchanges leases with the store, every second while there are others: what has
stopped goes back once its last attempt is recorded, what is beyond a fair share goes to whoever has less, and
what is open and nobody's is taken. The lease is the only coordination; no worker knows another.
"""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from time import perf_counter

from db.attempts import progress
from db.faults import TransientStoreError
from db.leases import Exchange, exchange
from db.sessions import Engine, reading, writing
from db.workers import Worker
from flows.run_config import RunConfig
from flows.taking_stock import take_stock
from sampling.errors import StoreError, UnavailableError
from sampling.pipeline import Pipeline
from sampling.records import Progress
from sampling.shared_scheduler import SharedScheduler

_HUNGRY_SECONDS = 0.25
_EXCHANGE_SECONDS = 1.0
_LONE_SECONDS = 5.0
_REFRESH_SECONDS = 10.0
_SHARE = 20.0
"""What is asked of the store waits this many times what the last answer took."""

_SLACK = 0.1
"""A share may be so much greater than a fair one before any of it is given back."""

_PATIENCE_SECONDS = 30.0
"""How long the store may be away: as long as others wait before they take this worker for dead."""

_log = logging.getLogger(__name__)


class LeaseKeeper:
    """Keeps a scheduler supplied with problems. `begin` before the pipeline is opened, `keep` beside it."""

    def __init__(self, engine: Engine, worker: Worker, config: RunConfig, scheduler: SharedScheduler) -> None:
        self._engine = engine
        self._worker = worker
        self._config = config
        self._scheduler = scheduler
        self._seen = Exchange(open=0, workers=1, elsewhere=0)
        self._refreshed = perf_counter()
        self._refresh_after = _REFRESH_SECONDS
        self._took_seconds = 0.0
        self._reached = perf_counter()
        self._to_give: list[str] = []

    async def begin(self) -> None:
        """Takes the first share."""
        await self._exchange()

    async def keep(self, pipeline: Pipeline) -> None:
        """Until nothing is left, of which it tells the scheduler. Errors of the store end the run."""
        try:
            while not await self._is_over():
                await self._rest(pipeline)
                await self._turn(pipeline)
        except (StoreError, UnavailableError) as error:
            pipeline.abort(error)
            return
        self._scheduler.expects_more = False
        pipeline.wake()

    async def _rest(self, pipeline: Pipeline) -> None:
        """Until the next turn is due, or all that was held is done. Who holds nothing asks four times a
        second.
        """
        scheduler = self._scheduler
        if scheduler.held_open == 0 and not scheduler.stopped():
            await asyncio.sleep(_HUNGRY_SECONDS)
            return
        scheduler.ran_dry.clear()
        pipeline.wake()
        with suppress(TimeoutError):
            async with asyncio.timeout(self._pause_seconds(pipeline)):
                await scheduler.ran_dry.wait()

    def _pause_seconds(self, pipeline: Pipeline) -> float:
        is_short = pipeline.drawing.value < pipeline.settings.concurrency
        least = _EXCHANGE_SECONDS if is_short or self._seen.workers > 1 else _LONE_SECONDS
        return max(least, _SHARE * self._took_seconds)

    async def _turn(self, pipeline: Pipeline) -> None:
        """Gives, takes, and looks. Where the store is away for a while the next turn does it."""
        scheduler = self._scheduler
        beyond = scheduler.held_open - self._seen.fair_share
        is_too_much = self._seen.workers > 1 and beyond > max(1.0, _SLACK * self._seen.fair_share)
        given = [*scheduler.stopped(), *scheduler.idle(beyond if is_too_much else 0)]
        scheduler.let_go(given)
        self._to_give += given
        pipeline.recorder.add(stops=scheduler.drain_stops())
        await pipeline.recorder.all_recorded()
        try:
            await self._exchange()
            await self._refresh()
        except TransientStoreError as error:
            if perf_counter() - self._reached > _PATIENCE_SECONDS:
                raise
            _log.warning("leases could not be exchanged: %s", error)
        pipeline.wake()

    async def _exchange(self) -> None:
        began = perf_counter()
        self._seen = await asyncio.to_thread(self._transaction, tuple(self._to_give))
        self._reached = perf_counter()
        self._took_seconds = self._reached - began
        # What is in flight here still, from before it was let go, is given back once more.
        self._to_give = self._scheduler.take(self._seen.taken)

    def _transaction(self, given: Sequence[str]) -> Exchange:
        with writing(self._engine) as session:
            return exchange(session, self._worker, give=given, held=self._scheduler.held_open)

    async def _refresh(self) -> None:
        """What others have come to, now and then."""
        if self._seen.workers == 1 or perf_counter() - self._refreshed < self._refresh_after:
            return
        began = perf_counter()
        self._scheduler.refresh(await asyncio.to_thread(self._progress))
        self._refreshed = perf_counter()
        self._refresh_after = max(_REFRESH_SECONDS, _SHARE * (self._refreshed - began))

    def _progress(self) -> dict[str, Progress]:
        with reading(self._engine) as session:
            return progress(session, self._worker.run_id)

    async def _is_over(self) -> bool:
        """Nothing is open, nobody has anything under way, and a look at all attempts finds nothing either."""
        if self._scheduler.held_open or self._scheduler.in_flight or not self._seen.over:
            return False
        if await asyncio.to_thread(take_stock, self._engine, self._worker.run_id, self._config, anew=False):
            return True
        await self._exchange()
        return False
