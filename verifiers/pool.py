"""Pool of verification processes, which are killed on time-out: one that hangs delays no other verdict.

`VerifierPool` is the pipeline's judge for responses. pebble's ProcessPool starts the clock when a process
takes a task, so time in the queue does not count, and kills the process when the clock runs out. At least two
processes run, so that while one hangs the other goes on. Whatever happens to a process at work (a time-out, a
crash, the kernel's OOM killer), its verdict is `undecided` with the reason.

A pebble pool is lost as a whole when a process is killed while it waits or takes a task, and it may then
forget tasks. So a watch looks at it twice a second: a pool that broke, or brought no verdict for far too
long, is replaced, and the verdicts still awaited are asked for again.

What this does not do: it bounds no queue (the caller does, by how many verdicts it asks for at once), and its
clock is looked at ten times a second, so that a time-out comes up to 0.1 s late. The clock is the wall's, on
a machine that is busy with other work too.

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
from time import monotonic, perf_counter
from types import TracebackType

from pebble import ProcessExpired, ProcessPool

from gristmill.sampling.errors import ConfigError, GristmillError
from gristmill.sampling.records import Problem, Response, Verdict
from gristmill.verifiers import check_sandbox, verdict_without_verifier, worker
from gristmill.verifiers.reasons import Reason
from gristmill.verifiers.settings import VerifierSettings

_SMALLEST_POOL = 2
_FEW_VERDICTS = 16
"""Up to so many one process is enough: starting another takes longer than they do."""

_RESTARTS = 3
"""How often a pool is replaced without a verdict in between before that is taken for a fault of the
machine.
"""

_LARGEST_TASK = 4_000_000
"""Characters of problem and response together. A process that fails while it receives a task loses it."""

_WATCH_SECONDS = 0.5
_STALL_SECONDS = 60.0
"""Silence beyond a verification's own time-out after which a pool with work to do counts as broken."""


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
        self._waiters: set[asyncio.Future[Verdict]] = set()
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
                "verification processes do not start: is math-verify installed, and does verify_memory_mb "
                f"({self._settings.verify_memory_mb}) leave room? ({exc})"
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
            return self._failed(Reason.OUT_OF_MEMORY, f"{size} characters are too many to verify", 0.0)
        bare = Problem(
            problem.id, problem.prompt, problem.reference
        )  # no mapping that might not be picklable
        while True:
            pool = self._running()
            started = perf_counter()
            try:
                verdict = await self._verdict(pool, bare, response)
            except TimeoutError:
                seconds = self._settings.verify_timeout_seconds
                verdict = self._failed(Reason.TIME_OUT, f"more than {seconds:g} s of work", seconds)
            except ProcessExpired as expired:
                verdict = self._failed(Reason.CRASH, _death(expired), perf_counter() - started)
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

        timeout = self._settings.verify_timeout_seconds
        task = pool.schedule(worker.judge, args=(problem, response), timeout=timeout)
        task.add_done_callback(tell)
        self._waiters.add(waiter)
        try:
            return await waiter
        finally:
            self._waiters.discard(waiter)
            task.cancel()  # type: ignore[no-untyped-call]  # does nothing to a task that is done

    def _failed(self, reason: Reason, detail: str, seconds: float) -> Verdict:
        return verdict_without_verifier(self._settings, reason, detail, seconds)

    def _running(self) -> ProcessPool:
        if self._pool is None:
            raise GristmillError("the verifier pool is not open: use it as an async context manager")
        return self._pool

    async def _watch_over(self) -> None:
        """Replaces a pool that broke or stalled, for the sake of tasks that it would never answer."""
        patience = self._settings.verify_timeout_seconds + _STALL_SECONDS
        while True:
            await asyncio.sleep(_WATCH_SECONDS)
            if not self._waiters:
                self._progress = monotonic()
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


def _death(expired: ProcessExpired) -> str:
    code = expired.exitcode or 0
    return f"the process was killed by signal {-code}" if code < 0 else f"the process ended with code {code}"
