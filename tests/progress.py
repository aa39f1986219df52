"""A guard against hanging that counts progress and not time: a slow machine may take as long as it needs."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

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
