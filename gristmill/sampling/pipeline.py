"""Pipeline of one session of a run: draws in flight, verdicts, records in groups, until nothing is missing.

One asyncio loop over four protocols (`ports.py`). A draw holds a slot only while the generator works on it;
its response is judged beside the next draws. Whatever is not yet judged or recorded is bounded, and holds
back new draws when it is full. There is no batch and no barrier: a slot that frees is filled at once.
"""

import asyncio
from collections.abc import Callable, Mapping
from time import perf_counter

from gristmill.sampling.errors import (
    GristmillError,
    OutageError,
    RefusedError,
    StoreError,
    UnavailableError,
    UnreadableError,
)
from gristmill.sampling.pipeline_records import PipelineReport, PipelineSettings
from gristmill.sampling.ports import DrawPlan, Generator, Judge, Ledger
from gristmill.sampling.recorder import Recorder
from gristmill.sampling.records import UNREADABLE, Attempt, Draw, Failure, Problem, Prompt, RunState

__all__ = ["Pipeline", "PipelineReport", "PipelineSettings"]

_FEWEST_FAILURES_IN_A_ROW = 20
_LEAST_FLUSH_SECONDS = 5.0
_CANCEL_GRACE_SECONDS = 5.0
"""Who cancels a task waits for less long than one who asks it to stop: Prefect kills after 30 s."""


class Pipeline:
    """One session of one run; `run` may be called once. Its public attributes are for those who watch;
    `drawing` is how many draws are at the generator.
    """

    def __init__(
        self,
        scheduler: DrawPlan,
        problems: Mapping[str, Problem],
        prompt_of: Callable[[Problem], Prompt],
        generator: Generator,
        judge: Judge,
        ledger: Ledger,
        settings: PipelineSettings,
        *,
        elapsed_before: float = 0.0,
    ) -> None:
        """`elapsed_before`: seconds that earlier sessions spent drawing, for budgets in seconds."""
        self.scheduler = scheduler
        self.settings = settings
        self._grace_seconds = settings.grace_seconds
        self.drawing = 0
        self.attempts = 0
        self.failures = 0
        self._problems = problems
        self._prompt_of = prompt_of
        self._generator = generator
        self._judge = judge
        self._changed = asyncio.Event()
        self.recorder = Recorder(
            ledger,
            group_size=settings.group_size,
            group_seconds=settings.group_seconds,
            on_recorded=self._changed.set,
        )
        self._elapsed_before = elapsed_before
        self._started = perf_counter()
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = False
        self._error: BaseException | None = None
        self._failures_in_a_row = 0
        self._last_failure: UnavailableError | RefusedError | None = None
        self._finished = False

    @property
    def condition(self) -> str:
        """What the generator says that it waits for; "" while all is well."""
        return self._generator.condition

    @property
    def elapsed_seconds(self) -> float:
        """Drawing time of the run so far, earlier sessions included."""
        return self._elapsed_before + perf_counter() - self._started

    async def run(self, stop: asyncio.Event) -> PipelineReport:
        """Draws until nothing is missing, or `stop` is set, or it is cancelled.

        Either way what has landed is recorded first. Raises StoreError when the ledger fails, OutageError,
        UnavailableError or RefusedError when the generator does nothing but fail, and any bug's exception
        as it is.
        """
        self._started = perf_counter()
        self._stopping = stop.is_set()
        writer = asyncio.create_task(self.recorder.run())
        writer.add_done_callback(self.note_end)
        watcher = asyncio.create_task(self._watch(stop))
        try:
            try:
                await self._dispatch()
            except GristmillError as error:  # no next draw can be told: what is in flight may land
                self.abort(error)
            await self._land()
            self._finished = not self._stopping
        except asyncio.CancelledError:
            self._stopping = True
            self._grace_seconds = min(self._grace_seconds, _CANCEL_GRACE_SECONDS)
            await self._land()
            raise
        finally:
            watcher.cancel()
            await self._finish(writer)
        if self._error is not None:
            raise self._error
        if self._last_failure is not None and self.scheduler.totals.attempts == 0 and self._finished:
            raise self._last_failure
        return self._report()

    async def _dispatch(self) -> None:
        """Fills slots as they free, until the scheduler has no more or the run is told to stop."""
        while not self._stopping:
            self._changed.clear()
            while self._has_room() and (draw := self.scheduler.next_draw(self.elapsed_seconds)) is not None:
                self._launch(draw)
            is_idle = self.scheduler.in_flight == 0 and not self.recorder.full
            if is_idle and not self.scheduler.expects_more:
                return
            await self._changed.wait()

    def _has_room(self) -> bool:
        """A slot is free, and neither the verdicts nor the records that wait are too many."""
        unjudged = self.scheduler.in_flight - self.drawing
        return (
            self.drawing < self.settings.concurrency
            and unjudged < 4 * self.settings.concurrency
            and not self.recorder.full
        )

    def _launch(self, draw: Draw) -> None:
        self.drawing += 1
        task = asyncio.create_task(self._attempt(draw))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(self.note_end)

    async def _attempt(self, draw: Draw) -> None:
        """One draw from order to verdict."""
        problem = self._problems[draw.problem_id]
        started = perf_counter()
        try:
            response = await self._generator.draw(draw, self._prompt_of(problem))
        except OutageError:
            raise  # it ends the run, and fails no problem
        except (UnavailableError, RefusedError) as error:
            self._fail(draw, error, perf_counter() - started)
            return
        finally:
            self.drawing -= 1
            self._changed.set()
        try:
            verdict = await self._judge.judge(problem, response)
        except OutageError:
            raise
        except UnavailableError as error:  # a model that judges did not answer: the draw is made again
            self._fail(draw, error, perf_counter() - started)
            return
        self.attempts += 1
        self._failures_in_a_row = 0
        self.scheduler.complete(draw, verdict.outcome, response.completion_tokens)
        self.recorder.add(
            Attempt(draw, response, verdict), self._generator.drain_failures(), self.scheduler.drain_stops()
        )
        self._changed.set()

    def _fail(self, draw: Draw, error: UnavailableError | RefusedError, seconds: float) -> None:
        """A draw that is lost counts against its problem alone, unless nothing else is heard either."""
        self.failures += 1
        self._last_failure = error
        refused, lost = isinstance(error, RefusedError), isinstance(error, UnreadableError)
        of_the_server = self.scheduler.fail(draw, refused=refused, lost=lost)
        self._failures_in_a_row += of_the_server or self.scheduler.totals.attempts == 0
        kind = UNREADABLE if lost else error.kind
        failures = [*self._generator.drain_failures(), Failure(draw, kind, str(error), seconds)]
        self.recorder.add(failures=failures, stops=self.scheduler.drain_stops())
        if self._failures_in_a_row >= max(_FEWEST_FAILURES_IN_A_ROW, self.settings.concurrency):
            message = f"no response in the last {self._failures_in_a_row} draws; the last failure: {error}"
            self.abort((RefusedError if refused else UnavailableError)(message, kind=error.kind))

    def wake(self) -> None:
        """Looks for draws again: the scheduler has got more, or expects no more."""
        self._changed.set()

    def abort(self, error: BaseException) -> None:
        """Ends the run by `error`, once what is in flight has had its grace."""
        self._error = self._error or error
        self._stopping = True
        self._changed.set()

    def note_end(self, task: asyncio.Task[None]) -> None:
        """An attempt or the writer that ends by an exception ends the run."""
        if not task.cancelled() and (error := task.exception()) is not None:
            self.abort(error)

    async def _watch(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._stopping = True
        self._changed.set()

    async def _land(self) -> None:
        """Gives what is in flight its grace, then lets go of it. The draws let go are drawn again on
        resuming.
        """
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=self._landing_seconds())
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    def _landing_seconds(self) -> float:
        if isinstance(self._error, StoreError):
            return 0.0  # what lands now could not be recorded
        if isinstance(self._error, OutageError):
            return min(self._grace_seconds, _CANCEL_GRACE_SECONDS)  # for verdicts: nothing answers any more
        return self._grace_seconds

    async def _finish(self, writer: asyncio.Task[None]) -> None:
        """Records what has landed, even when the run itself is being cancelled."""
        for task in self._tasks:
            task.cancel()
        self.scheduler.close(finished=self._finished)
        self.recorder.add(failures=self._generator.drain_failures(), stops=self.scheduler.drain_stops())
        self.recorder.close()
        patience = None if self._finished else max(_LEAST_FLUSH_SECONDS, self._grace_seconds)
        await asyncio.wait([writer], timeout=patience)
        if not writer.done():
            writer.cancel()
            await asyncio.wait([writer])
            self.abort(
                StoreError("the store took no more in time; what it did not take is to be drawn again")
            )

    def _report(self) -> PipelineReport:
        return PipelineReport(
            state=RunState.INTERRUPTED if self._stopping else RunState.FINISHED,
            attempts=self.attempts,
            failures=self.failures,
            seconds=perf_counter() - self._started,
        )
