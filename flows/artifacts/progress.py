"""Progress of a run as an artifact and as log lines, by a side task that no absent Prefect server can stall.

The bar counts accepted responses that quotas ask for, not problems: breadth first, most problems get their
last one near the end.
"""

import asyncio
from collections.abc import Callable
from time import perf_counter
from uuid import UUID

from prefect import get_run_logger
from prefect.artifacts import acreate_progress_artifact, aupdate_progress_artifact

from gristmill.flows.artifacts.eta import Estimate, Work, budget_seconds_left, in_words, work_of
from gristmill.flows.artifacts.keys import artifact_key
from gristmill.flows.artifacts.markdown import escaped
from gristmill.flows.artifacts.publish import FAULTS, publish
from gristmill.runs.session import Watcher
from gristmill.sampling.pipeline import Pipeline, PipelineReport
from gristmill.sampling.records import RunState, StopReason

EVERY_SECONDS = 5.0
LINE_SECONDS = 10.0
_SHARE = 100.0
"""Between two looks passes at least this many times what one took."""

DONE = "problems"


class ProgressArtifact:
    """Watcher that keeps the progress artifact of a run up to date; `end` sets it to the final state."""

    def __init__(self, run_id: str, done: str = DONE) -> None:
        """`done` names what is counted, in the plural: problems, instructions."""
        self._key = f"progress-{artifact_key(run_id)}"
        self._view = View(done)
        self._artifact: UUID | None = None
        self._pipeline: Pipeline | None = None

    async def __call__(self, pipeline: Pipeline) -> None:
        """Updates the artifact every few seconds until it is cancelled."""
        self._pipeline, log = pipeline, get_run_logger()
        while True:
            began = perf_counter()
            work = work_of(pipeline.scheduler)
            text, wait = self._view.text(pipeline, work), _wait(began, EVERY_SECONDS)
            try:
                async with asyncio.timeout(EVERY_SECONDS):
                    await self._put(work.done_share, text)
            except FAULTS as error:
                log.debug("progress artifact not updated: %s", type(error).__name__)
            await asyncio.sleep(wait)

    async def end(self, report: PipelineReport) -> None:
        """Publishes the final state. A run that missed nothing had no pipeline to watch."""
        finished = report.state is RunState.FINISHED
        if self._pipeline is None:
            await publish(self._put(1.0 if finished else 0.0, f"{report.state.value}; nothing was drawn"))
            return
        work = work_of(self._pipeline.scheduler)
        text = f"{report.state.value}; {self._view.counts(self._pipeline, report.seconds)}"
        await publish(self._put(1.0 if finished else work.done_share, text))

    async def _put(self, share: float, text: str) -> None:
        percent = round(100.0 * min(1.0, max(0.0, share)), 1)
        if self._artifact is None:
            self._artifact = await acreate_progress_artifact(percent, key=self._key, description=text)
        else:
            await aupdate_progress_artifact(self._artifact, progress=percent, description=text)


class View:
    """Status line of a pipeline. Stateful: its estimate of the time left needs a call every few seconds."""

    def __init__(self, done: str = DONE) -> None:
        self._done = done
        self._since = perf_counter()
        self._estimate = Estimate()

    def text(self, pipeline: Pipeline, work: Work) -> str:
        """Markdown: what the generator waits for may quote a server, and is escaped."""
        now = perf_counter()
        left = self._estimate.seconds_left(now, work)
        until_spent = budget_seconds_left(pipeline, self._since, now)
        ends = [seconds for seconds in (left, until_spent) if seconds is not None]
        parts = [self.counts(pipeline, now - self._since)]
        parts += [f"about {in_words(min(ends))} left"] if ends else []
        parts += [f"waits: {escaped(pipeline.condition)}"] if pipeline.condition else []
        return "; ".join(parts)

    def counts(self, pipeline: Pipeline, seconds: float) -> str:
        """Problems, attempts and their rates; `seconds` is the length of this session."""
        totals = pipeline.scheduler.totals
        decided = totals.accepted + totals.rejected
        rate = f" ({totals.accepted / decided:.1%} of the decided ones)" if decided else ""
        return (
            f"{pipeline.scheduler.done_share:.1%} of {self._done} done"
            f"{_met(totals.stops)}; {totals.attempts:,} attempts, {totals.accepted:,} accepted{rate}; "
            f"{pipeline.drawing} in flight, {pipeline.attempts / max(seconds, 1e-9):.1f} attempts/s"
        )


def log_lines(write: Callable[[str], None], done: str = DONE) -> Watcher:
    """Watcher that writes a status line every ten seconds, the first after one second."""

    async def watch(pipeline: Pipeline) -> None:
        view = View(done)
        await asyncio.sleep(1.0)
        while True:
            began = perf_counter()
            work = work_of(pipeline.scheduler)
            write(f"{work.done_share:.0%}; {view.text(pipeline, work)}")
            await asyncio.sleep(_wait(began, LINE_SECONDS))

    return watch


def _wait(began: float, at_least: float) -> float:
    """Seconds to the next look: longer for a large run, where one takes the loop a third of a second."""
    return max(at_least, _SHARE * (perf_counter() - began))


def _met(stops: dict[StopReason, int]) -> str:
    """Empty where no problem has a quota, or none has met it yet."""
    met = stops.get(StopReason.QUOTA_MET, 0)
    return f" ({met:,} met their quota)" if met else ""
