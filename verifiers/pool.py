"""Verification processes: a verdict never runs on the caller's loop, and one that hangs delays no other.

The idea: pebble's ProcessPool starts the clock when a process takes a task, so time in the queue does not
count, and kills the process when the clock runs out. At least two processes run, so that while one hangs the
other goes on. Whatever happens to a process (a time-out, a crash, the kernel's OOM killer), its verdict is
`undecided` with the reason.

What this does not do: it bounds no queue (the caller does, by how many verdicts it asks for at once), and it
looks at the clock ten times a second, so that a time-out comes up to 0.1 s late. The clock is the wall's, on
a machine that is busy with other work too.

Source: pebble 5 (`pebble/pool/process.py`).
"""

import asyncio
import multiprocessing
import os
import signal
from concurrent.futures.process import BrokenProcessPool
from time import perf_counter
from types import TracebackType

from pebble import ProcessExpired, ProcessPool

from sampling.errors import ConfigError, GristmillError
from sampling.records import Problem, Response, Verdict
from verifiers import worker
from verifiers.reasons import Reason
from verifiers.settings import VerifierSettings

_SMALLEST_POOL = 2
_RESTARTS = 3
_LARGEST_TASK = 4_000_000
"""Characters of problem and response together. A process that fails while it receives a task loses it."""


def pool_size(settings: VerifierSettings) -> int:
    """Processes: what was asked for, else one per core, and two in any case."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(_SMALLEST_POOL, settings.verify_workers or cores)


class VerifierPool:
    """A `Judge` over processes. Use it as an async context manager, in the thread whose loop runs the
    verdicts: on Linux the processes die with the thread that started them.
    """

    def __init__(self, settings: VerifierSettings) -> None:
        self._settings = settings
        self._pool: ProcessPool | None = None
        self._restarts = 0

    async def __aenter__(self) -> "VerifierPool":
        self._pool = self._started()
        try:
            await asyncio.wrap_future(self._pool.schedule(worker.ready))
        except (BrokenProcessPool, RuntimeError, ProcessExpired) as exc:
            await self._stop()
            raise ConfigError(
                "verification processes do not start: is math-verify installed, and does verify_memory_mb "
                f"({self._settings.verify_memory_mb}) leave room? ({exc})"
            ) from exc
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stop()

    async def judge(self, problem: Problem, response: Response) -> Verdict:
        """Never raises for what a response holds. Cancelling it ends the work within 0.1 s."""
        bare = Problem(
            problem.id, problem.prompt, problem.reference
        )  # what a verifier needs, and can be pickled
        while True:
            pool = self._running()
            started = perf_counter()
            try:
                task = pool.schedule(
                    worker.judge, args=(bare, response), timeout=self._settings.verify_timeout_seconds
                )
                return await asyncio.wrap_future(task)
            except TimeoutError:
                seconds = self._settings.verify_timeout_seconds
                return self._failed(Reason.TIME_OUT, f"more than {seconds:g} s of work", seconds)
            except ProcessExpired as expired:
                return self._failed(Reason.CRASH, _death(expired), perf_counter() - started)
            except (BrokenProcessPool, RuntimeError) as exc:
                await self._restart(pool, exc)

    def _failed(self, reason: Reason, detail: str, seconds: float) -> Verdict:
        return worker.failed_verdict(self._settings, reason, detail, seconds)

    def _running(self) -> ProcessPool:
        if self._pool is None:
            raise GristmillError("the verifier pool is not open: use it as an async context manager")
        return self._pool

    def _started(self) -> ProcessPool:
        """A pool with its processes. They start with SIGINT blocked: Ctrl-C must not hit one that is still
        importing.
        """
        pool = ProcessPool(
            max_workers=pool_size(self._settings),
            context=multiprocessing.get_context("spawn"),
            initializer=worker.set_up,
            initargs=(self._settings, os.getpid()),
        )
        blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            pool.active  # noqa: B018 - reading it starts the processes, and the threads that inherit the mask
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
        return pool

    async def _restart(self, broken: ProcessPool, error: Exception) -> None:
        """A new pool in place of one whose idle process was killed from outside. Of many callers one replaces
        it.
        """
        if self._pool is not broken:
            return
        self._restarts += 1
        if self._restarts > _RESTARTS:
            raise GristmillError(f"verification processes keep dying: {error}") from error
        self._pool = self._started()
        await asyncio.to_thread(_discard, broken)

    async def _stop(self) -> None:
        if self._pool is not None:
            pool, self._pool = self._pool, None
            await asyncio.to_thread(_discard, pool)


def _discard(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]
    pool.join()


def _death(expired: ProcessExpired) -> str:
    code = expired.exitcode
    return (
        f"the process was killed by signal {-code}"
        if code and code < 0
        else f"the process ended with code {code}"
    )
