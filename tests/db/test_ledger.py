"""What a ledger was told is kept, once: also by a process that is killed and on a disk that was full."""

import sqlite3
import subprocess
import sys

import pytest
from sqlalchemy import Engine, event, inspect

from gristmill.db.attempts import failures_of
from gristmill.db.engine import open_engine
from gristmill.db.ledger import StoreLedger
from gristmill.db.reports.summary import by_stop
from gristmill.db.schema import prepare_schema
from gristmill.db.sessions import reading
from gristmill.sampling.errors import StoreError
from gristmill.sampling.ports import Ledger
from gristmill.sampling.records import Stop, StopReason
from tests.db.ledger_groups import ONE, group, kept, progress_of
from tests.db.samples import RUN, a_failure, an_attempt, read, start_run

RECORD_FOR_EVER = """
import asyncio, sys
from gristmill.db.engine import open_engine
from gristmill.db.ledger import StoreLedger
from tests.db.samples import RUN, a_problem, an_attempt

async def main():
    ledger = StoreLedger(open_engine(sys.argv[1]), RUN)
    number = 0
    while True:
        group = [an_attempt(a_problem(1), number + place) for place in range(10)]
        await ledger.record(group, [], [])
        number += len(group)
        print(number, flush=True)

asyncio.run(main())
"""


async def test_what_was_recorded_is_in_the_store_when_the_call_returns(begun: Engine) -> None:
    ledger: Ledger = StoreLedger(begun, RUN)
    await ledger.record(group(), [a_failure(ONE, 5)], [Stop(ONE.id, StopReason.QUOTA_MET, 5, 8)])
    assert progress_of(begun) == kept(5)
    with reading(begun) as session:
        assert failures_of(session, RUN, ONE.id) == [a_failure(ONE, 5)]
        assert by_stop(session, RUN)[StopReason.QUOTA_MET] == 1


async def test_recording_nothing_does_not_touch_the_store(store_url: str) -> None:
    engine = open_engine(store_url)
    await StoreLedger(engine, RUN).record([], [], [])  # there is no table that it could write to
    assert inspect(engine).get_table_names() == []
    engine.dispose()


async def test_the_same_failure_twice_is_two_failures(begun: Engine) -> None:
    ledger = StoreLedger(begun, RUN)
    for _ in range(2):
        await ledger.record([], [a_failure(ONE, 0), a_failure(ONE, 0)], [])
    assert len(read(begun, failures_of, RUN, ONE.id)) == 4


def test_what_a_killed_process_was_told_is_kept_is_kept(begun: Engine) -> None:
    url = begun.url.render_as_string(hide_password=False)
    child = subprocess.Popen([sys.executable, "-c", RECORD_FOR_EVER, url], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    told = [int(child.stdout.readline()) for _ in range(4)][-1]
    child.kill()
    child.communicate()
    found = progress_of(begun)
    assert found.next_number >= told
    assert found == kept(found.next_number)
    assert found.next_number % 10 == 0


async def test_the_store_is_sound_after_a_full_disk(tmp_path: object) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/store.db")
    prepare_schema(engine)
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
