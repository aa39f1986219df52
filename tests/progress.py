"""Guards against hanging that count progress and not time: a slow machine may take as long as it needs."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

LOOK_SECONDS = 1.0
STILL_SECONDS = 240.0
"""Nothing that the tests watch stands still for so long unless it hangs."""


@asynccontextmanager
async def progressing(
    measure: Callable[[], object], still_seconds: float = STILL_SECONDS
) -> AsyncIterator[None]:
    """Raises TimeoutError in the block once `measure` has given the same value for `still_seconds`."""
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(still_seconds) as clock:

        async def watch() -> None:
            last = None
            while True:
                if (seen := await asyncio.to_thread(measure)) != last:
                    last = seen
                    clock.reschedule(loop.time() + still_seconds)
                await asyncio.sleep(LOOK_SECONDS)

        watcher = asyncio.create_task(watch())
        try:
            yield
        finally:
            watcher.cancel()
            await asyncio.gather(watcher, return_exceptions=True)


class Patience:
    """The same for a loop without asyncio, which calls `check` each time it looks."""

    def __init__(self, measure: Callable[[], object], still_seconds: float = STILL_SECONDS) -> None:
        self._measure, self._still_seconds = measure, still_seconds
        self._last: object = None
        self._since = time.monotonic()

    def check(self) -> None:
        """Raises TimeoutError once `measure` has given the same value for `still_seconds`."""
        if (seen := self._measure()) != self._last:
            self._last, self._since = seen, time.monotonic()
        elif time.monotonic() - self._since > self._still_seconds:
            raise TimeoutError(f"no progress beyond {seen!r} in {self._still_seconds:.0f} s")


def cpu_ticks(process: int) -> int:
    """Processor time of a process so far; 0 where the system does not tell (no /proc)."""
    with suppress(OSError):
        fields = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])
    return 0
