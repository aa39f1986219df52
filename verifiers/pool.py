"""Pool of verification processes that end when their time is up: one that hangs delays no other verdict.

`VerifierPool` is the pipeline's judge for responses. A process limits its own time (`time_limit.py`): it is
processor time that counts, so that a verdict does not depend on what else the machine does, and the wall's
only at ten times that. At least two processes run, so that while one is busy the other goes on. A process
that dies otherwise at work (a crash, the kernel's OOM killer, somebody's kill) leaves a response that is
judged again by another; when that has happened four times the response is taken for the cause. Whatever
happens, the verdict is `undecided` with the reason.

A pebble pool is lost as a whole when a process is killed while it waits or takes a task, and it may then
forget tasks. So a watch looks at it twice a second: a pool that broke, or brought no verdict for far too
long, is replaced, and the verdicts still awaited are asked for again.

What this does not do: it bounds no queue (the caller does, by how many verdicts it asks for at once), and it
looks at its processes ten times a second, so that a time-out is told up to 0.1 s late.

Source: pebble 5 (`pebble/pool/process.py`).
"""

import asyncio
import contextlib
import multiprocessing
import os
import signal
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import resource_tracker
from time import monotonic
from types import TracebackType

from pebble import ProcessExpired, ProcessPool

from gristmill.sampling.errors import ConfigError, GristmillError
from gristmill.sampling.records import Problem, Response, Verdict
from gristmill.verifiers import check_sandbox, verdict_without_verifier, worker
from gristmill.verifiers.reasons import Reason
from gristmill.verifiers.settings import VerifierSettings
from gristmill.verifiers.time_limit import PROCESSOR_TIME_UP, WALL_TIME_UP
from gristmill.verifiers.worker import WALL_PER_PROCESSOR_SECOND

_SMALLEST_POOL = 2
_FEW_VERDICTS = 16
"""Up to so many one process is enough: starting another takes longer than they do."""

_RESTARTS = 3
"""How often a pool is replaced without a verdict in between before that is taken for a fault of the
machine.
"""

_MOST_DEATHS = 4
"""How many processes may die over a response: the first, and three that it is given to after that."""

_LARGEST_TASK = 4_000_000
"""Characters of problem and response together. A process that fails while it receives a task loses it."""

_WATCH_SECONDS = 0.5
_STALL_SECONDS = 60.0
"""Silence after which a pool with work to do, of which nothing is begun, counts as broken. By so much, too, a
process that is at work may be late with its own end: it may have been stopped, or loads libraries.
"""


def pool_size(settings: VerifierSettings, most_verdicts: int | None = None) -> int:
    """Processes: what was asked for, else one per core, and two at least; one for a few verdicts."""
    if most_verdicts is not None and most_verdicts <= _FEW_VERDICTS and not settings.verify_workers:
        return 1
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(_SMALLEST_POOL, settings.verify_workers or cores)


class VerifierPool:
    """A `Judge` over processes. Use it as an async context manager, in the thread whose loop runs the
    verdicts: on Linux the processes die with the thread that started them.
    """

    def __init__(self, settings: VerifierSettings, most_verdicts: int | None = None) -> None:
        """`most_verdicts` is how many will be asked for at most, where that is known."""
        self._settings = settings
        self._size = pool_size(settings, most_verdicts)
        self._pool: ProcessPool | None = None
        self._waiters: dict[asyncio.Future[Verdict], Future[Verdict]] = {}
        self._watch: asyncio.Task[None] | None = None
        self._progress = monotonic()
        self._restarts = 0

    async def __aenter__(self) -> "VerifierPool":
        """Raises ConfigError where the processes do not start, or the verifier has no sandbox."""
        await asyncio.to_thread(check_sandbox, self._settings)
        self._pool = _started(self._settings, self._size)
        try:
            await asyncio.wrap_future(self._pool.schedule(worker.ready))
        except (BrokenProcessPool, RuntimeError, ProcessExpired) as exc:
            await self._stop()
            raise ConfigError(
                "verification processes do not start: is all installed that the verifier needs, and does "
                f"verify_memory_mb ({self._settings.verify_memory_mb}) leave room? ({exc})"
            ) from exc
        self._watch = asyncio.create_task(self._watch_over())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stop()

    async def judge(self, problem: Problem, response: Response) -> Verdict:
        """Never raises for what a response holds. Cancelling it ends the work, within 0.1 s."""
        size = len(problem.prompt) + len(problem.reference) + len(response.text)
        if size > _LARGEST_TASK:
            return self._failed(Reason.OUT_OF_MEMORY, f"{size} characters are too many to verify")
        bare = Problem(problem.id, problem.prompt, problem.reference)  # without what might not be picklable
        deaths = 0
        while True:
            pool = self._running()
            try:
                verdict = await self._verdict(pool, bare, response)
            except (TimeoutError, ProcessExpired) as end:
                deaths += 1
                verdict = self._death(end)
                if verdict.reason == Reason.CRASH and deaths < _MOST_DEATHS:
                    continue
            except (BrokenProcessPool, RuntimeError) as exc:
                await self._restart(pool, exc)
                continue
            self._progress, self._restarts = monotonic(), 0
            return verdict

    async def _verdict(self, pool: ProcessPool, problem: Problem, response: Response) -> Verdict:
        """The answer of a process. Raises what pebble tells, and BrokenProcessPool from the watch."""
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[Verdict] = loop.create_future()

        def tell(done: "Future[Verdict]") -> None:
            with contextlib.suppress(RuntimeError):  # the loop was closed over the pool
                loop.call_soon_threadsafe(_settle, waiter, done)

        timeout = self._wall_seconds + _STALL_SECONDS
        task = pool.schedule(worker.judge, args=(problem, response), timeout=timeout)
        task.add_done_callback(tell)
        self._waiters[waiter] = task
        try:
            return await waiter
        finally:
            del self._waiters[waiter]
            task.cancel()  # type: ignore[no-untyped-call]  # does nothing to a task that is done

    @property
    def _wall_seconds(self) -> float:
        return WALL_PER_PROCESSOR_SECOND * self._settings.verify_timeout_seconds

    def _death(self, end: TimeoutError | ProcessExpired) -> Verdict:
        """The verdict where a process ended over a response; pebble's own time-out is of the wall."""
        code = (end.exitcode or 0) if isinstance(end, ProcessExpired) else -WALL_TIME_UP
        if code == -PROCESSOR_TIME_UP:
            seconds = self._settings.verify_timeout_seconds
            return self._failed(Reason.TIME_OUT, f"more than {seconds:g} s of processor time", seconds)
        if code == -WALL_TIME_UP:
            seconds = self._wall_seconds
            return self._failed(Reason.TIME_OUT, f"more than {seconds:g} s on the clock", seconds)
        died = f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"
        return self._failed(Reason.CRASH, f"the process {died}, as did {_MOST_DEATHS - 1} before it")

    def _failed(self, reason: Reason, detail: str, seconds: float = 0.0) -> Verdict:
        return verdict_without_verifier(self._settings, reason, detail, seconds)

    def _running(self) -> ProcessPool:
        if self._pool is None:
            raise GristmillError("the verifier pool is not open: use it as an async context manager")
        return self._pool

    async def _watch_over(self) -> None:
        """Replaces a pool that broke or stalled, for the sake of tasks that it would never answer."""
        while True:
            await asyncio.sleep(_WATCH_SECONDS)
            if not self._waiters:
                self._progress = monotonic()
            begun = any(task.running() for task in self._waiters.values())
            patience = (self._wall_seconds + 2 * _STALL_SECONDS) if begun else _STALL_SECONDS
            stalled = monotonic() - self._progress > patience
            if self._pool is not None and self._waiters and (stalled or not self._pool.active):
                why = "no verdict for too long" if stalled else "the pool broke"
                try:
                    await self._restart(self._pool, BrokenProcessPool(why))
                except GristmillError as exc:
                    self._tell_all(exc)

    async def _restart(self, broken: ProcessPool, error: Exception) -> None:
        """A new pool in place of a broken one. Of many callers one replaces it, the others find the new
        one.
        """
        if self._pool is not broken:
            return
        self._restarts += 1
        if self._restarts > _RESTARTS:
            raise GristmillError(f"verification processes keep dying: {error}") from error
        self._pool, self._progress = _started(self._settings, self._size), monotonic()
        self._tell_all(BrokenProcessPool("replaced"))
        await asyncio.to_thread(_discard, broken)

    def _tell_all(self, error: Exception) -> None:
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_exception(error)

    async def _stop(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
        if self._pool is not None:
            pool, self._pool = self._pool, None
            await asyncio.to_thread(_discard, pool)


def _started(settings: VerifierSettings, size: int) -> ProcessPool:
    """A pool with its processes. SIGINT is blocked as they start: Ctrl-C must not hit one that still
    imports.
    """
    pool = ProcessPool(
        max_workers=size,
        context=multiprocessing.get_context("spawn"),
        initializer=worker.set_up,
        initargs=(settings, os.getpid()),
    )
    resource_tracker.ensure_running()  # its start would unblock SIGINT again (Python 3.11)
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        pool.active  # noqa: B018 - reading it starts the processes, and the threads that inherit the mask
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
    return pool


def _discard(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]
    pool.join()


def _settle(waiter: "asyncio.Future[Verdict]", done: "Future[Verdict]") -> None:
    """Hands a process's answer over, unless the watch or a cancellation was there first."""
    if waiter.done():
        return
    if done.cancelled():
        waiter.cancel()
    elif (error := done.exception()) is not None:
        waiter.set_exception(error)
    else:
        waiter.set_result(done.result())
