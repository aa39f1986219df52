"""An export in a thread of a flow: with its progress in the log, and dropped when the flow is cancelled.

The cut looks whether it is to end every two hundred problems; what it has written by then is removed, and
nothing is published. What it does before the first of them (metrics that the settings want and the store
lacks) is not cut short: the flow is then left to end, and the thread with the process.
"""

from collections.abc import Callable
from threading import Event
from time import monotonic
from typing import TypeVar

from prefect import get_run_logger

from gristmill.exports.export import OnProgress
from gristmill.runs.cancellation import in_thread
from gristmill.sampling.errors import GristmillError

Made = TypeVar("Made")
_LINE_SECONDS = 10.0


class _EndedError(GristmillError):
    """The flow was cancelled; nobody waits for the cut."""


async def export_in_thread(work: Callable[[OnProgress], Made]) -> Made:
    """What the cut gives. Raises what it raises."""
    log, ended, last = get_run_logger(), Event(), monotonic()

    def watch(done: int, problems: int, rows: int) -> None:
        nonlocal last
        if ended.is_set():
            raise _EndedError("the export was cancelled")
        if monotonic() - last >= _LINE_SECONDS:
            last = monotonic()
            log.info("%.0f %% of problems; %s rows", 100 * done / max(1, problems), f"{rows:,}")

    return await in_thread(lambda: work(watch), ended.set)
