"""What an ill-timed end of one session, or of the store, does to a run that several share."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest

from gristmill.db.faults import TransientStoreError
from gristmill.db.runs import mark_run
from gristmill.db.sessions import Engine, Session, writing
from gristmill.db.workers.leases import Exchange, exchange
from gristmill.db.workers.registry import Worker
from gristmill.runs.session import write_mark
from gristmill.runs.workers import leases as sharing
from gristmill.runs.workers.membership import Membership
from gristmill.sampling.errors import StoreError, UnavailableError
from gristmill.sampling.pipeline import Pipeline
from gristmill.sampling.records import RunState, StopReason
from tests.support.shared_runs import (
    RUN,
    another_worker,
    begun,
    config,
    in_haste,
    left,
    reaped,
    session_of,
    state,
    stops,
)

pytestmark = [pytest.mark.full, pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)]


@pytest.fixture(autouse=True)
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    in_haste(monkeypatch)


async def test_one_that_was_taken_for_dead_does_not_unmark_the_run_that_others_finished(
    engine: Engine,
) -> None:
    """A machine that slept while the others came to the end."""
    asked = config(latency=60.0)
    await begun(engine, asked)

    async def finished_by_others(_: Pipeline) -> None:
        with writing(engine) as session:  # first: the sleeper is not to wake before they are done
            mark_run(session, RUN, RunState.FINISHED, elapsed_seconds=1.0)
        await asyncio.to_thread(reaped, engine)

    with pytest.raises(UnavailableError) as told:
        await session_of(engine, asked, [finished_by_others])
    assert told.value.kind == "taken-for-dead"
    assert state(engine) is RunState.FINISHED


async def test_one_that_was_taken_for_dead_leaves_the_run_of_others_running(engine: Engine) -> None:
    asked = config(latency=60.0)
    await begun(engine, asked)
    other, _ = another_worker(engine, 1)

    async def taken_over(_: Pipeline) -> None:
        await asyncio.to_thread(reaped, engine, other)

    with pytest.raises(UnavailableError):
        await session_of(engine, asked, [taken_over])
    assert state(engine) is RunState.RUNNING


class Unlucky:
    """The store as it is, but for one commit: it goes through, and the reply to it is lost."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.lost = 0
        self._taken = 0
        monkeypatch.setattr(sharing, "exchange", self._exchange)
        monkeypatch.setattr(sharing, "writing", self._writing)

    def _exchange(
        self, session: Session, worker: Worker, *, give: Sequence[str], held: int, known: set[str] | None
    ) -> Exchange:
        seen = exchange(session, worker, give=give, held=held, known=known)
        self._taken = len(seen.taken)
        return seen

    @contextmanager
    def _writing(self, engine: Engine) -> Iterator[Session]:
        with writing(engine) as session:
            yield session
        if self._taken and not self.lost:
            self.lost += self._taken
            raise TransientStoreError("the connection was lost")


async def test_what_was_leased_by_a_commit_whose_reply_was_lost_is_drawn_for(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = config()
    await begun(engine, asked)
    other, mine = another_worker(engine, 3)
    assert len(mine) == 3
    unlucky = Unlucky(monkeypatch)

    async def watch(_: Pipeline) -> None:
        await asyncio.to_thread(left, engine, other)

    report = await session_of(engine, asked, [watch])
    assert unlucky.lost == 3
    assert report.state is RunState.FINISHED
    assert stops(engine) <= {StopReason.QUOTA_MET, StopReason.CEILING_REACHED}


@pytest.mark.parametrize("name", ["exchange", "reconcile"])
async def test_a_store_that_is_away_for_a_moment_ends_no_session(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    asked = config()
    await begun(engine, asked)
    real, calls = getattr(sharing, name), Counter[str]()

    def away_once(*args: object, **kwargs: object) -> object:
        calls[name] += 1
        if calls[name] == (2 if name == "exchange" else 1):
            raise TransientStoreError("the connection was lost")
        return real(*args, **kwargs)

    monkeypatch.setattr(sharing, name, away_once)
    report = await session_of(engine, asked)
    assert report.state is RunState.FINISHED
    assert calls[name] >= 2


async def test_a_store_that_stays_away_ends_the_session_in_so_many_words(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = config(latency=60.0)
    await begun(engine, asked)
    monkeypatch.setattr(sharing, "_PATIENCE_SECONDS", 0.1)
    calls = Counter[str]()

    def away(
        session: Session, worker: Worker, *, give: Sequence[str], held: int, known: set[str] | None
    ) -> Exchange:
        calls["exchange"] += 1
        if calls["exchange"] > 1:
            raise TransientStoreError("the connection was lost")
        return exchange(session, worker, give=give, held=held)

    monkeypatch.setattr(sharing, "exchange", away)
    with pytest.raises(StoreError, match="the connection was lost"):
        await session_of(engine, asked)
    assert calls["exchange"] > 2, "the time in which the server started is no time that the store was away"
    assert state(engine) is RunState.FAILED


async def test_one_that_comes_late_does_not_unmark_the_run_that_others_finished(engine: Engine) -> None:
    """It joins while another draws, and its own server is down."""
    asked = config()
    await begun(engine, asked)
    other, _ = another_worker(engine, 1)
    late = Membership(engine, RUN, alone=False)
    with writing(engine) as session:
        late.join(session)
        mark_run(session, RUN, RunState.FINISHED, elapsed_seconds=1.0)
    await asyncio.to_thread(left, engine, other)
    for mark in (RunState.RUNNING, RunState.FAILED, RunState.INTERRUPTED):
        write_mark(engine, RUN, mark, 2.0, membership=late)
        assert state(engine) is RunState.FINISHED
