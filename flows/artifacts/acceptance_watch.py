"""Alarm for a run that accepts clearly less than earlier ones of its kind, in mid-run and at its end.

Its kind: the same recipe, model and sources of problems. Of the newest finished runs up to five are taken
together. While a run is going it has not come to all of its problems yet, and a file is often in order of
difficulty: then only the problems that an earlier run had too are compared. At the end, where too few are
shared, all problems are, by level.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import perf_counter

from prefect import get_run_logger

from gristmill.db.reports.recent_runs import finished_before, first_attempts, sources_of
from gristmill.db.runs import RunRecord
from gristmill.db.sessions import Engine, Session, reading
from gristmill.flows.artifacts.acceptance import Comparison, compare_acceptance
from gristmill.flows.artifacts.events import RunEvent, Value, emit
from gristmill.runs.session import Watcher
from gristmill.runs.settings.snapshot import snapshot_from
from gristmill.runs.store import open_store, stored_run
from gristmill.sampling.errors import StoreError
from gristmill.sampling.pipeline import Pipeline

_EVERY_SECONDS = 30.0
_SHARE = 20.0
"""The store is asked again after this many times what the last answer took."""

_MOST_RUNS = 5
_LOOKED_AT = 50


def acceptance_watcher(engine: Engine, run_id: str) -> Watcher:
    """A watcher that looks every so often until it has reported a drop, or is cancelled."""

    async def watch(_: Pipeline) -> None:
        await _look(engine, run_id)

    return watch


@asynccontextmanager
async def acceptance_watched(run_id: str) -> AsyncIterator[None]:
    """Watches while the block runs, where other processes draw. What goes wrong is logged."""
    with open_store() as engine:
        looking = asyncio.create_task(_look(engine, run_id))
        try:
            yield
        finally:
            looking.cancel()
            for result in await asyncio.gather(looking, return_exceptions=True):
                if isinstance(result, Exception):
                    get_run_logger().warning("acceptance was not looked at to the end: %r", result)


async def _look(engine: Engine, run_id: str) -> None:
    wait = _EVERY_SECONDS
    while True:
        await asyncio.sleep(wait)
        began = perf_counter()
        if await check_acceptance(engine, run_id, ended=False):
            return
        wait = max(_EVERY_SECONDS, _SHARE * (perf_counter() - began))


async def check_acceptance(engine: Engine, run_id: str, *, ended: bool) -> bool:
    """Emits the event of a drop; True if there is one. A store that cannot be read now counts as none."""
    try:
        found = await asyncio.to_thread(compare_with_earlier, engine, run_id, ended=ended)
    except StoreError as error:
        get_run_logger().debug("acceptance was not compared: %s", error)
        return False
    if found is None or not found.comparison.dropped:
        return False
    comparison = found.comparison
    if not emit(RunEvent.ACCEPTANCE_DROPPED, run_id, found.run.recipe, found.payload(ended=ended)):
        return True
    get_run_logger().warning(
        "acceptance dropped: %.1f%% of %d first attempts, where earlier runs make %.1f%% likely (z = %.1f)",
        100 * comparison.rate,
        comparison.decided,
        100 * comparison.expected,
        comparison.z,
    )
    return True


@dataclass(frozen=True, slots=True)
class Found:
    """A comparison of `run` with the runs whose ids are `earlier`, newest first."""

    run: RunRecord
    earlier: list[str]
    comparison: Comparison

    def payload(self, *, ended: bool) -> dict[str, Value]:
        return {
            "first_attempts": self.comparison.decided,
            "acceptance": round(self.comparison.rate, 4),
            "expected": round(self.comparison.expected, 4),
            "ratio": round(self.comparison.ratio, 4),
            "z": round(max(-999.0, self.comparison.z), 2),
            "earlier_runs": self.earlier,
            "ended": ended,
        }


def compare_with_earlier(engine: Engine, run_id: str, *, ended: bool) -> Found | None:
    """None where there is nothing to compare with, or too little."""
    with reading(engine) as session:
        run = stored_run(session, run_id)
        earlier = _of_its_kind(session, run)
        if not earlier:
            return None
        comparison = compare_acceptance(
            first_attempts(session, [run_id], shared_with=earlier),
            first_attempts(session, earlier, shared_with=[run_id]),
        )
        if comparison is None and ended:
            comparison = compare_acceptance(
                first_attempts(session, [run_id]), first_attempts(session, earlier)
            )
    return None if comparison is None else Found(run, earlier, comparison)


def _of_its_kind(session: Session, run: RunRecord) -> list[str]:
    """The ids, newest first."""
    model, sources, found = _model(run), sources_of(session, run.id), list[str]()
    if model is None:
        return found
    for other in finished_before(session, run.recipe, run.created_at, _LOOKED_AT):
        if _model(other) == model and sources_of(session, other.id) == sources:
            found.append(other.id)
        if len(found) == _MOST_RUNS:
            break
    return found


def _model(run: RunRecord) -> str | None:
    """None where it has none, or another version's configuration that cannot be read."""
    try:
        return snapshot_from(run.config).config.generator.model
    except StoreError:
        return None
