"""Ledger of the pipeline: each group is one transaction, in a thread, retried while that may help.

The ledger of a run that makes problems is given the book of its briefs, and records what is proposed as well.

A commit that was cut off may or may not have happened, so the same transaction is sent again: recording it
twice changes nothing. A cancelled caller is held until the thread is done, so that no transaction goes on
behind its back.
"""

import asyncio
import threading
from collections.abc import Sequence
from functools import partial
from uuid import uuid4

from sqlalchemy import Engine

from gristmill.db.attempts import record
from gristmill.db.candidates import BriefBook, record_candidates
from gristmill.db.faults import TransientStoreError
from gristmill.db.sessions import writing
from gristmill.sampling.records import Attempt, Failure, Stop

PAUSES_SECONDS = (0.1, 0.5, 2.0, 5.0, 10.0, 15.0)
"""Before each further try: enough for a PostgreSQL server to restart, and in all longer than the silence
after which a worker counts as dead. What no waiting mends is told at once.
"""


class StoreLedger:
    """A `gristmill.sampling.ports.Ledger` for one run; `pauses_seconds` are waited before the further tries.

    `worker_id` is that of one who shares the run.
    """

    def __init__(
        self,
        engine: Engine,
        run_id: str,
        *,
        briefs: BriefBook | None = None,
        worker_id: str | None = None,
        pauses_seconds: Sequence[float] = PAUSES_SECONDS,
    ) -> None:
        self._engine = engine
        self._run_id = run_id
        self._briefs = briefs
        self._worker_id = worker_id
        self._pauses_seconds = tuple(pauses_seconds)

    async def record(
        self, attempts: Sequence[Attempt], failures: Sequence[Failure], stops: Sequence[Stop]
    ) -> None:
        """Raises StoreError when the store cannot be used, or still not after the last pause.

        Cancelled, it gives up waiting for a better moment, but not a transaction that has begun.
        """
        if not (attempts or failures or stops):
            return
        cancelled = threading.Event()
        write = partial(self._write, attempts, failures, stops, uuid4().hex, cancelled)
        written = asyncio.get_running_loop().run_in_executor(None, write)
        try:
            await asyncio.shield(written)
        except asyncio.CancelledError:
            cancelled.set()
            await _done(written)
            raise

    def _write(
        self,
        attempts: Sequence[Attempt],
        failures: Sequence[Failure],
        stops: Sequence[Stop],
        batch: str,
        cancelled: threading.Event,
    ) -> None:
        for pause_seconds in self._pauses_seconds:
            try:
                return self._commit(attempts, failures, stops, batch)
            except TransientStoreError:
                if cancelled.wait(pause_seconds):
                    raise
        return self._commit(attempts, failures, stops, batch)

    def _commit(
        self, attempts: Sequence[Attempt], failures: Sequence[Failure], stops: Sequence[Stop], batch: str
    ) -> None:
        with writing(self._engine) as session:
            if self._briefs is not None:
                record_candidates(session, self._run_id, attempts, failures, self._briefs)
            record(session, self._run_id, attempts, failures, stops, batch=batch, worker_id=self._worker_id)


async def _done(written: asyncio.Future[None]) -> None:
    """Waits for the end, however often it is cancelled itself."""
    while not written.done():
        try:
            await asyncio.wait([written])
        except asyncio.CancelledError:
            continue
    if not written.cancelled():
        written.exception()
