"""Timestamps mean the same on both databases, whatever their time zone."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Engine, select, text, update
from sqlalchemy.exc import StatementError

from gristmill.db.runs import find_run
from gristmill.db.sessions import reading, writing
from gristmill.db.tables.core import RunRow, table
from tests.db.samples import RUN, read, start_run

MOMENT = datetime(2026, 3, 29, 1, 59, 59, 123456, tzinfo=UTC)


@pytest.mark.parametrize("hours", [-11, 0, 5.5, 14])
def test_a_moment_comes_back_in_utc_to_the_microsecond(engine: Engine, hours: float) -> None:
    start_run(engine, [])
    local = MOMENT.astimezone(timezone(timedelta(hours=hours)))
    with writing(engine) as session:
        session.execute(update(table(RunRow)).values(finished_at=local))
    with reading(engine) as session:
        if engine.dialect.name == "postgresql":
            session.execute(text("SET TIME ZONE 'Asia/Kolkata'"))
        found = session.scalars(select(RunRow.finished_at)).one()
    assert found == MOMENT
    assert found is not None
    assert found.utcoffset() == timedelta(0)


def test_a_moment_without_a_time_zone_is_refused(engine: Engine) -> None:
    start_run(engine, [])
    with pytest.raises(StatementError, match="needs a time zone"), writing(engine) as session:
        session.execute(update(table(RunRow)).values(finished_at=MOMENT.replace(tzinfo=None)))
    run = read(engine, find_run, RUN)
    assert run is not None
    assert run.finished_at is None
