"""A ledger that tries again, after a lost connection or while others hold a lock, until it is cancelled."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, Engine, event, text

from gristmill.db.attempts import failures_of
from gristmill.db.engine import open_engine
from gristmill.db.faults import TransientStoreError
from gristmill.db.ledger import PAUSES_SECONDS, StoreLedger
from gristmill.db.workers.registry import SILENCE_SECONDS
from gristmill.sampling.errors import StoreError
from gristmill.sampling.records import Progress
from tests.db.ledger_groups import ONE, group, kept, progress_of
from tests.db.samples import RUN, a_failure, read


async def test_a_commit_whose_answer_was_lost_is_not_counted_twice(begun: Engine) -> None:
    lost = fail_after_commit(begun, times=2)
    ledger = StoreLedger(begun, RUN, pauses_seconds=(0, 0))
    await ledger.record(group(), [a_failure(ONE, 5)], [])
    assert lost == ["lost", "lost"]
    assert progress_of(begun) == kept(5)
    assert read(begun, failures_of, RUN, ONE.id) == [a_failure(ONE, 5)]


def fail_after_commit(engine: Engine, times: int) -> list[str]:
    """The next commits are carried out, and then the caller hears that the connection is gone."""
    lost: list[str] = []

    def fail(connection: Connection) -> None:
        if len(lost) < times:
            lost.append("lost")
            connection.connection.driver_connection.commit()  # type: ignore[union-attr]
            raise TransientStoreError("the connection was lost")

    event.listen(engine, "commit", fail)
    return lost


async def test_after_the_last_pause_the_error_is_the_callers(begun: Engine) -> None:
    lost = fail_after_commit(begun, times=3)
    with pytest.raises(StoreError, match="the connection was lost"):
        await StoreLedger(begun, RUN, pauses_seconds=(0, 0)).record(group(), [], [])
    assert len(lost) == 3


def test_the_store_may_be_away_for_as_long_as_a_worker_may_be_silent() -> None:
    assert sum(PAUSES_SECONDS) >= SILENCE_SECONDS


async def test_what_no_waiting_mends_is_told_at_once(begun: Engine) -> None:
    tries: list[str] = []

    def fail(_: Connection) -> None:
        tries.append("tried")
        raise StoreError("the disk gave an input/output error")

    event.listen(begun, "commit", fail)
    with pytest.raises(StoreError, match="input/output"):
        await asyncio.wait_for(StoreLedger(begun, RUN, pauses_seconds=[3600]).record(group(), [], []), 30)
    assert tries == ["tried"]


@pytest.fixture
def impatient(begun: Engine) -> Iterator[Engine]:
    """The same store, where waiting for a lock ends at once."""
    if begun.dialect.name == "sqlite":
        engine = open_engine(f"sqlite:///{begun.url.database}", busy_seconds=0.01)
    else:
        url = begun.url.update_query_dict({"options": "-c lock_timeout=10ms"})
        engine = open_engine(url.render_as_string(hide_password=False))
    yield engine
    engine.dispose()


@contextmanager
def locked(engine: Engine) -> Iterator[None]:
    """Nobody else writes attempts meanwhile."""
    with engine.connect().execution_options(sqlite_begin="IMMEDIATE") as connection:
        connection.execute(text("UPDATE runs SET message = 'locked'"))
        if engine.dialect.name == "postgresql":
            connection.execute(text("LOCK TABLE attempts"))
        yield


async def test_a_lock_is_outwaited(begun: Engine, impatient: Engine) -> None:
    refused = threading.Event()
    event.listen(impatient, "handle_error", lambda _: refused.set())
    ledger = StoreLedger(impatient, RUN, pauses_seconds=[0.05] * 100)
    with locked(begun):
        recording = asyncio.create_task(ledger.record(group(), [], []))
        await asyncio.to_thread(refused.wait, 30)
        assert not recording.done()
    await recording
    assert progress_of(begun) == kept(5)


async def test_a_cancelled_call_does_not_wait_for_a_better_moment(begun: Engine, impatient: Engine) -> None:
    refused = threading.Event()
    event.listen(impatient, "handle_error", lambda _: refused.set())
    with locked(begun):
        recording = asyncio.create_task(
            StoreLedger(impatient, RUN, pauses_seconds=[3600]).record(group(), [], [])
        )
        await asyncio.to_thread(refused.wait, 30)
        recording.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(recording, 30)
    assert progress_of(begun) == Progress()


async def test_a_server_that_ends_every_connection_costs_nothing(postgres: Engine) -> None:
    ended = end_connections_while_writing(postgres, times=3)
    await StoreLedger(postgres, RUN, pauses_seconds=(0, 0, 0)).record(group(), [a_failure(ONE, 5)], [])
    assert len(ended) == 3
    assert progress_of(postgres) == kept(5)


def end_connections_while_writing(engine: Engine, times: int) -> list[int]:
    """Before each of the next commits the server ends the connection that was about to make it."""
    ended: list[int] = []
    other = open_engine(engine.url.render_as_string(hide_password=False))

    def end(connection: Connection) -> None:
        if len(ended) < times:
            pid = connection.connection.driver_connection.info.backend_pid  # type: ignore[union-attr]
            ended.append(pid)
            with other.connect() as killer:
                killer.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
            other.dispose()

    event.listen(engine, "commit", end)
    return ended


async def test_a_cancelled_call_ends_after_its_transaction(begun: Engine) -> None:
    committing, go_on = threading.Event(), threading.Event()

    def hold(_: Connection) -> None:
        committing.set()
        go_on.wait(30)

    event.listen(begun, "commit", hold)
    recording = asyncio.create_task(StoreLedger(begun, RUN).record(group(), [], []))
    await asyncio.to_thread(committing.wait, 30)
    for _ in range(3):
        recording.cancel()
        await asyncio.sleep(0)
    assert not recording.done()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await recording
    assert progress_of(begun) == kept(5)
