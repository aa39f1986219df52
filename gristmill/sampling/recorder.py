"""Buffered writer of attempts to the ledger: flushed by count or by age, whichever comes first.

One writer, so that the store sees one transaction at a time and the order of a run's attempts is the order
in which they came. What is handed over before `close` is recorded before `run` returns, unless the ledger
raises.
"""

import asyncio
from collections.abc import Callable, Sequence

from gristmill.sampling.ports import Ledger
from gristmill.sampling.records import Attempt, Failure, Stop


class Recorder:
    """A buffer in front of a ledger. `full` asks the pipeline to hold back; nothing is ever refused or
    dropped.
    """

    def __init__(
        self, ledger: Ledger, *, group_size: int, group_seconds: float, on_recorded: Callable[[], None]
    ) -> None:
        self.recorded = 0
        self.handed = 0
        self._settled = 0
        self._ledger = ledger
        self._group_size = group_size
        self._group_seconds = group_seconds
        self._on_recorded = on_recorded
        self._attempts: list[Attempt] = []
        self._failures: list[Failure] = []
        self._stops: list[Stop] = []
        self._something = asyncio.Event()
        self._due = asyncio.Event()
        self._progress = asyncio.Event()
        self._closed = False

    def add(
        self, attempt: Attempt | None = None, failures: Sequence[Failure] = (), stops: Sequence[Stop] = ()
    ) -> None:
        if attempt is not None:
            self._attempts.append(attempt)
        self._failures.extend(failures)
        self._stops.extend(stops)
        self.handed += 1
        self._something.set()
        if self.waiting >= self._group_size:
            self._due.set()

    @property
    def waiting(self) -> int:
        return len(self._attempts) + len(self._failures)

    @property
    def full(self) -> bool:
        return self.waiting >= 8 * self._group_size

    def close(self) -> None:
        """Nothing more will come: `run` records what waits, at once, and returns."""
        self._closed = True
        self._something.set()
        self._due.set()

    async def run(self) -> None:
        """Records group after group until closed. Raises what the ledger raises; the group is then not
        recorded.
        """
        while True:
            await self._something.wait()
            await self._group_is_due()
            taken = self.handed
            attempts, failures, stops = self._take()
            is_empty = not (attempts or failures or stops)
            if not is_empty:
                await self._ledger.record(attempts, failures, stops)
                self.recorded += len(attempts)
                self._on_recorded()
            self._settled = taken
            self._progress.set()
            if is_empty and self._closed:
                return

    async def all_recorded(self) -> None:
        """Returns once what was handed over before this call is durable; never, where the ledger fails."""
        wanted = self.handed
        self._due.set()  # nor is a group waited for
        while self._settled < wanted:
            self._progress.clear()
            await self._progress.wait()

    async def _group_is_due(self) -> None:
        try:
            async with asyncio.timeout(self._group_seconds):
                await self._due.wait()
        except TimeoutError:
            return

    def _take(self) -> tuple[list[Attempt], list[Failure], list[Stop]]:
        taken = self._attempts, self._failures, self._stops
        self._attempts, self._failures, self._stops = [], [], []
        if not self._closed:
            self._something.clear()
            self._due.clear()
        return taken
