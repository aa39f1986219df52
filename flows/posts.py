"""A process at its post on a run: it says in the store that it is at work there, and goes on saying so.

`alone`, or beside others who share the run by leases. What stands in the way of it is said before anything is
drawn; that another process took its place is found out at the next sign of life, and ends the drawing.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from db.sessions import Engine, Session, writing
from db.workers import SILENCE_SECONDS, join, leave, put_off, taken_for_dead, this_worker
from flows.in_thread import in_thread
from sampling.errors import StoreError
from sampling.pipeline import Pipeline

_SIGN_SECONDS = SILENCE_SECONDS / 6
_log = logging.getLogger(__name__)


class Post:
    """One session's place at a run. Join, then keep it for as long as the work lasts."""

    def __init__(self, engine: Engine, run_id: str, *, alone: bool) -> None:
        self.engine = engine
        self.worker = this_worker(run_id, alone=alone)
        self.is_first = False
        self.was_last = False
        self._lost = asyncio.Event()

    @property
    def alone(self) -> bool:
        return self.worker.alone

    def join(self, session: Session) -> None:
        """In a writing session. Raises ConfigError where another process is in the way."""
        self.is_first = join(session, self.worker)

    @asynccontextmanager
    async def kept(self) -> AsyncIterator["Post"]:
        """Signs of life while the block runs, also while a model takes minutes to load; then it leaves."""
        keeper = asyncio.create_task(self._keep())
        try:
            yield self
        finally:
            keeper.cancel()
            await in_thread(self.leave)

    async def watch(self, pipeline: Pipeline) -> None:
        """Ends the drawing once others took this process for dead: its problems may be theirs by now."""
        await self._lost.wait()
        pipeline.abort(taken_for_dead(self.worker))

    async def _keep(self) -> None:
        while not self._lost.is_set():
            await asyncio.sleep(_SIGN_SECONDS)
            try:
                alive = await asyncio.to_thread(self._sign)
            except StoreError as error:
                _log.warning("no sign of life could be given: %s", error)
                continue  # the ledger says so in better words, if it lasts
            if not alive:
                self._lost.set()

    def _sign(self) -> bool:
        with writing(self.engine) as session:
            return put_off(session, self.worker)

    def leave(self) -> None:
        """Whether it ever joined or not."""
        try:
            with writing(self.engine) as session:
                self.was_last = leave(session, self.worker)
        except StoreError as error:  # its leases end by themselves
            _log.warning("the end of the work was not written: %s", error)


@asynccontextmanager
async def at_work(engine: Engine, run_id: str, *, alone: bool) -> AsyncIterator[Post]:
    """Joins the run for the block. Raises ConfigError where another process is in the way."""
    post = Post(engine, run_id, alone=alone)

    def join_now() -> None:
        with writing(engine) as session:
            post.join(session)

    try:
        await in_thread(join_now)
    except asyncio.CancelledError:
        post.leave()
        raise
    async with post.kept():
        yield post
