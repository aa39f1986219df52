"""Lease keeper: supplies one worker's scheduler with problems of a run that several workers draw for.

Beside the pipeline a keeper exchanges leases with the store, every second while there are others: what has
stopped goes back once its last attempt is recorded, what is beyond a fair share goes to whoever has less, and
what is open and nobody's is taken. One whose servers are all out leaves its share to others that draw. The
lease is the only coordination; no worker knows another.
"""

import asyncio
import logging
from contextlib import suppress
from time import perf_counter

from gristmill.db.attempts import progress
from gristmill.db.faults import TransientStoreError
from gristmill.db.sessions import Engine, reading, writing
from gristmill.db.workers.leases import Exchange, exchange
from gristmill.db.workers.registry import Worker
from gristmill.runs.cancellation import in_thread
from gristmill.runs.reconcile import reconcile
from gristmill.runs.settings.run import RunConfig
from gristmill.runs.workers.outage import Outage
from gristmill.sampling.errors import StoreError, UnavailableError
from gristmill.sampling.pipeline import Pipeline
from gristmill.sampling.records import Progress
from gristmill.sampling.shared_scheduler import SharedScheduler

_LEAST_SECONDS = 0.05
_HUNGRY_SECONDS = 0.25
_EXCHANGE_SECONDS = 1.0
_LONE_SECONDS = 2.0
_MOST_SECONDS = 5.0
_REFRESH_SECONDS = 10.0
_SHARE = 20.0
"""What is asked of the store waits this many times what the last answer took."""

_SLACK = 0.1
"""A share may be so much greater than a fair one before any of it is given back."""

_PATIENCE_SECONDS = 30.0
"""How long the store may be away: as long as others wait before they take this worker for dead."""

_log = logging.getLogger(__name__)


class LeaseKeeper:
    """Keeps a scheduler supplied with problems, beside its pipeline."""

    def __init__(
        self,
        engine: Engine,
        worker: Worker,
        config: RunConfig,
        scheduler: SharedScheduler,
        outage: Outage,
    ) -> None:
        self._engine = engine
        self._worker = worker
        self._config = config
        self._scheduler = scheduler
        self._outage = outage
        self._seen = Exchange(open=0, workers=1, elsewhere=False)
        self._to_give: list[str] = []
        self._is_unsure = False
        self._failing_since: float | None = None
        self._took_seconds = 0.0
        self._refreshed = perf_counter()
        self._refresh_after = _REFRESH_SECONDS

    async def keep(self, pipeline: Pipeline) -> None:
        """Until nothing is left, of which it tells the scheduler. Errors of the store end the run."""
        try:
            while not await self._turn(pipeline):
                await self._rest(pipeline)
        except (StoreError, UnavailableError) as error:
            pipeline.abort(error)
            return
        self._scheduler.expects_more = False
        pipeline.wake()

    async def _turn(self, pipeline: Pipeline) -> bool:
        """Gives, takes, and looks; whether nothing is left. A store that is away is asked again at the next
        turn, for some time.
        """
        try:
            await self._give_and_take(pipeline)
            is_over = await self._is_over()
        except TransientStoreError as error:
            if self._failing_since is None:
                self._failing_since = perf_counter()
                _log.warning("leases could not be exchanged, it is tried again: %s", error)
            if perf_counter() - self._failing_since > _PATIENCE_SECONDS:
                raise
            return False
        self._failing_since = None
        pipeline.wake()
        if not is_over:
            self._outage.check(self._seen)
        return is_over

    async def _rest(self, pipeline: Pipeline) -> None:
        """Until the next turn is due, or all that was held is done. Who holds nothing asks four times a
        second.
        """
        scheduler = self._scheduler
        if not scheduler.known:
            await asyncio.sleep(_HUNGRY_SECONDS)
            return
        await asyncio.sleep(_HUNGRY_SECONDS if self._failing_since else _LEAST_SECONDS)
        scheduler.ran_dry.clear()
        pipeline.wake()
        is_short = pipeline.drawing < pipeline.settings.concurrency
        least = _EXCHANGE_SECONDS if is_short or self._seen.workers > 1 else _LONE_SECONDS
        with suppress(TimeoutError):
            async with asyncio.timeout(max(least, min(_MOST_SECONDS, _SHARE * self._took_seconds))):
                await scheduler.ran_dry.wait()

    async def _give_and_take(self, pipeline: Pipeline) -> None:
        scheduler = self._scheduler
        beyond = scheduler.held_open - self._seen.fair_share
        is_too_much = self._seen.workers > 1 and beyond > max(1.0, _SLACK * self._seen.fair_share)
        scheduler.let_go([*scheduler.stopped(), *scheduler.spare(beyond if is_too_much else 0)])
        self._to_give += scheduler.landed()
        if stops := scheduler.drain_stops():
            pipeline.recorder.add(stops=stops)
        await pipeline.recorder.all_recorded()
        await self._exchange()
        if self._seen.workers > 1 and perf_counter() - self._refreshed > self._refresh_after:
            await self._refresh()
            self._outage.note(pipeline.attempts, self._scheduler.totals.attempts)

    async def _exchange(self) -> None:
        """An exchange that fails may have come through all the same: the next one asks what it had."""
        given, held = tuple(self._to_give), self._scheduler.held_open
        known = self._scheduler.known if self._is_unsure else None
        self._is_unsure = True
        began = perf_counter()

        def exchanged() -> Exchange:
            with writing(self._engine) as session:
                return exchange(session, self._worker, give=given, held=held, known=known)

        self._seen = await in_thread(exchanged)
        self._took_seconds = perf_counter() - began
        self._is_unsure, self._to_give = False, []
        self._scheduler.draws_alone = self._seen.workers == 1
        self._scheduler.take(self._seen.taken)

    async def _refresh(self) -> None:
        """What others have come to, and the plan that follows from it."""

        def by_all() -> dict[str, Progress]:
            with reading(self._engine) as session:
                return progress(session, self._worker.run_id)

        began = perf_counter()
        self._scheduler.refresh(await asyncio.to_thread(by_all))
        self._refreshed = perf_counter()
        self._refresh_after = max(_REFRESH_SECONDS, _SHARE * (self._refreshed - began))

    async def _is_over(self) -> bool:
        """Nothing is open, nobody has anything under way, and a look at all attempts finds nothing either."""
        if self._scheduler.known or self._to_give or not self._seen.over:
            return False
        run_id, config = self._worker.run_id, self._config
        if await asyncio.to_thread(reconcile, self._engine, run_id, config, session_begins=False):
            return True
        await self._refresh()  # what is open again is so by all attempts, which the plan must know
        await self._exchange()
        return False
