"""Membership of a process in a run: joined in the store, renewed by heartbeats, and left at the end.

`alone`, or beside others who share the run by leases. What stands in the way of it is said before anything is
drawn; that another process took its place is found out at the next sign of life, and ends the drawing.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from gristmill.db.sessions import Engine, Session, writing
from gristmill.db.sqlite_file import LostStoreError
from gristmill.db.workers.registry import SILENCE_SECONDS, heartbeat, join, leave, reaped_error, this_worker
from gristmill.runs.cancellation import in_thread
from gristmill.sampling.errors import DataError, StoreError
from gristmill.sampling.pipeline import Pipeline

_HEARTBEAT_SECONDS = SILENCE_SECONDS / 6
_log = logging.getLogger(__name__)
Result = TypeVar("Result")


class Membership:
    """One process among the workers of a run. Join, then send heartbeats for as long as the work lasts."""

    def __init__(self, engine: Engine, run_id: str, *, alone: bool) -> None:
        self.engine = engine
        self.worker = this_worker(run_id, alone=alone)
        self.is_first = False
        self.was_last = False
        self._lost = asyncio.Event()
        self._error: BaseException = reaped_error(self.worker)

    @property
    def alone(self) -> bool:
        return self.worker.alone

    def join(self, session: Session) -> None:
        """In a writing session. Raises ConfigError where another process is in the way."""
        self.is_first = join(session, self.worker)

    async def join_in_thread(self, work: Callable[[], Result]) -> Result:
        """The result of `work`, which is to join, done in a thread. Cancelled, it leaves the run again."""
        try:
            return await in_thread(work)
        except asyncio.CancelledError:
            await in_thread(self.leave)
            raise

    @asynccontextmanager
    async def heartbeats(self) -> AsyncIterator["Membership"]:
        """Heartbeats while the block runs, also while a model takes minutes to load; then it leaves."""
        keeper = asyncio.create_task(self._keep())
        keeper.add_done_callback(self._note_end)
        try:
            yield self
        finally:
            keeper.cancel()
            await in_thread(self.leave)

    async def watch(self, pipeline: Pipeline) -> None:
        """Aborts the pipeline once others reaped this worker, or soon will since its heartbeats have ended:
        its problems may be theirs by now.
        """
        await self._lost.wait()
        pipeline.abort(self._error)

    async def _keep(self) -> None:
        """Until it was reaped, or the store is not there any more."""

        def sign() -> bool:
            with writing(self.engine) as session:
                return heartbeat(session, self.worker)

        alive = True
        while alive:
            await asyncio.sleep(_HEARTBEAT_SECONDS)
            try:
                alive = await asyncio.to_thread(sign)
            except LostStoreError as error:
                self._error = error
                return
            except StoreError as error:
                _log.warning("no heartbeat was written: %s", error)
                # the ledger says so in better words, if it lasts

    def _note_end(self, keeper: asyncio.Task[None]) -> None:
        if keeper.cancelled():
            return
        if (error := keeper.exception()) is not None:
            _log.error("heartbeats have ended: %r", error)  # nobody may be watching yet, or any more
            self._error = error
        self._lost.set()

    def leave(self) -> None:
        """Whether it ever joined or not."""
        try:
            with writing(self.engine) as session:
                self.was_last = leave(session, self.worker)
        except LostStoreError:
            pass  # so said what ended the work
        except StoreError as error:  # its leases end by themselves
            _log.warning("the end of the work was not written: %s", error)
        except DataError:  # nor was the run that it was to join with ever made
            self.was_last = False


@asynccontextmanager
async def join_run(engine: Engine, run_id: str, *, alone: bool) -> AsyncIterator[Membership]:
    """Joins the run for the block. Raises ConfigError where another process is in the way."""
    membership = Membership(engine, run_id, alone=alone)

    def join_now() -> None:
        with writing(engine) as session:
            membership.join(session)

    await membership.join_in_thread(join_now)
    async with membership.heartbeats():
        yield membership
