"""The ledger under locks, lost connections, cancellation and death."""

import asyncio
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, Engine, event, inspect, text

from db.attempts import failures_of, progress
from db.engine import open_engine
from db.faults import TransientStoreError
from db.ledger import StoreLedger
from db.schema import prepare
from db.sessions import reading
from db.summary import by_stop
from sampling.errors import StoreError
from sampling.ports import Ledger
from sampling.records import Attempt, Progress, Stop, StopReason, Tally
from tests.db.samples import RUN, a_failure, a_problem, an_attempt, start_run

ONE = a_problem(1)

RECORD_FOR_EVER = """
import asyncio, sys
from db.engine import open_engine
from db.ledger import StoreLedger
from tests.db.samples import RUN, a_problem, an_attempt

async def main():
    ledger = StoreLedger(open_engine(sys.argv[1]), RUN)
    number = int(sys.argv[2])
    while True:
        group = [an_attempt(a_problem(1), number + place) for place in range(10)]
        await ledger.record(group, [], [])
        number += len(group)
        print(number, flush=True)

asyncio.run(main())
"""


@pytest.fixture
def started(engine: Engine) -> Engine:
    start_run(engine, [ONE])
    return engine


def group(size: int = 5) -> list[Attempt]:
    return [an_attempt(ONE, number) for number in range(size)]


def progress_of(engine: Engine) -> Progress:
    with reading(engine) as session:
        return progress(session, RUN)[ONE.id]


def kept(accepted: int) -> Progress:
    return Progress(Tally(accepted=accepted, tokens=5 * accepted), next_number=accepted)


async def test_what_was_recorded_is_in_the_store_when_the_call_returns(started: Engine) -> None:
    ledger: Ledger = StoreLedger(started, RUN)
    await ledger.record(group(), [a_failure(ONE, 5)], [Stop(ONE.id, StopReason.QUOTA_MET, 5, 8)])
    assert progress_of(started) == kept(5)
    with reading(started) as session:
        assert failures_of(session, RUN, ONE.id) == [a_failure(ONE, 5)]
        assert by_stop(session, RUN) == {StopReason.QUOTA_MET: 1}


async def test_recording_again_counts_nothing_twice(started: Engine) -> None:
    ledger = StoreLedger(started, RUN)
    await ledger.record(group(3), [], [])
    await ledger.record(group(5), [], [])
    assert progress_of(started) == kept(5)


async def test_recording_nothing_does_not_touch_the_store(store_url: str) -> None:
    engine = open_engine(store_url)
    await StoreLedger(engine, RUN).record([], [], [])  # there is no table that it could write to
    assert inspect(engine).get_table_names() == []
    engine.dispose()


async def test_the_same_failure_twice_is_two_failures(started: Engine) -> None:
    ledger = StoreLedger(started, RUN)
    for _ in range(2):
        await ledger.record([], [a_failure(ONE, 0), a_failure(ONE, 0)], [])
    with reading(started) as session:
        assert len(failures_of(session, RUN, ONE.id)) == 4


async def test_a_commit_whose_answer_was_lost_is_not_counted_twice(started: Engine) -> None:
    lost = fail_after_commit(started, times=2)
    ledger = StoreLedger(started, RUN, pauses_seconds=(0, 0))
    await ledger.record(group(), [a_failure(ONE, 5)], [])
    assert lost == ["lost", "lost"]
    assert progress_of(started) == kept(5)
    with reading(started) as session:
        assert failures_of(session, RUN, ONE.id) == [a_failure(ONE, 5)]


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


async def test_after_the_last_pause_the_error_is_the_callers(started: Engine) -> None:
    lost = fail_after_commit(started, times=3)
    with pytest.raises(StoreError, match="the connection was lost"):
        await StoreLedger(started, RUN, pauses_seconds=(0, 0)).record(group(), [], [])
    assert len(lost) == 3


@pytest.fixture
def impatient(started: Engine) -> Iterator[Engine]:
    """The same store, where waiting for a lock ends at once."""
    if started.dialect.name == "sqlite":
        engine = open_engine(f"sqlite:///{started.url.database}", busy_seconds=0.01)
    else:
        url = started.url.update_query_dict({"options": "-c lock_timeout=10ms"})
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


async def test_a_lock_is_outwaited(started: Engine, impatient: Engine) -> None:
    refused = threading.Event()
    event.listen(impatient, "handle_error", lambda _: refused.set())
    ledger = StoreLedger(impatient, RUN, pauses_seconds=[0.05] * 100)
    with locked(started):
        recording = asyncio.create_task(ledger.record(group(), [], []))
        await asyncio.to_thread(refused.wait, 30)
        assert not recording.done()
    await recording
    assert progress_of(started) == kept(5)


async def test_a_cancelled_call_does_not_wait_for_a_better_moment(started: Engine, impatient: Engine) -> None:
    refused = threading.Event()
    event.listen(impatient, "handle_error", lambda _: refused.set())
    with locked(started):
        recording = asyncio.create_task(
            StoreLedger(impatient, RUN, pauses_seconds=[3600]).record(group(), [], [])
        )
        await asyncio.to_thread(refused.wait, 30)
        recording.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(recording, 30)
    assert progress_of(started) == Progress()


async def test_a_server_that_ends_every_connection_costs_nothing(postgres_url: str) -> None:
    engine = open_engine(postgres_url)
    prepare(engine)
    start_run(engine, [ONE])
    ended = end_connections_while_writing(engine, times=3)
    await StoreLedger(engine, RUN, pauses_seconds=(0, 0, 0)).record(group(), [a_failure(ONE, 5)], [])
    assert len(ended) == 3
    assert progress_of(engine) == kept(5)
    engine.dispose()


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


async def test_a_cancelled_call_ends_after_its_transaction(started: Engine) -> None:
    committing, go_on = threading.Event(), threading.Event()

    def hold(_: Connection) -> None:
        committing.set()
        go_on.wait(30)

    event.listen(started, "commit", hold)
    recording = asyncio.create_task(StoreLedger(started, RUN).record(group(), [], []))
    await asyncio.to_thread(committing.wait, 30)
    for _ in range(3):
        recording.cancel()
        await asyncio.sleep(0)
    assert not recording.done()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await recording
    assert progress_of(started) == kept(5)


def test_what_a_killed_process_was_told_is_kept_is_kept(started: Engine) -> None:
    url = started.url.render_as_string(hide_password=False)
    following = 0
    for groups in (1, 2, 3, 5, 8):
        child = subprocess.Popen(
            [sys.executable, "-c", RECORD_FOR_EVER, url, str(following)], stdout=subprocess.PIPE, text=True
        )
        assert child.stdout is not None
        told = [int(child.stdout.readline()) for _ in range(groups)][-1]
        child.kill()
        child.communicate()
        found = progress_of(started)
        assert found.next_number >= told
        assert found == kept(found.next_number)
        assert found.next_number % 10 == 0
        following = found.next_number


async def test_the_store_is_sound_after_a_full_disk(tmp_path: object) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/store.db")
    prepare(engine)
    start_run(engine, [ONE])
    engine.dispose()

    def limit(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA max_page_count = 50").close()

    event.listen(engine, "connect", limit)
    long = [an_attempt(ONE, number, text="long " * 999) for number in range(99)]
    with pytest.raises(StoreError, match="the disk is full"):
        await StoreLedger(engine, RUN).record(long, [], [])
    event.remove(engine, "connect", limit)
    engine.dispose()
    await StoreLedger(engine, RUN).record(long, [], [])
    assert progress_of(engine) == kept(99)
    engine.dispose()
