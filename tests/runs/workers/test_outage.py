"""A worker whose servers fail whatever they are asked, beside one whose server answers."""

import asyncio
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from gristmill.db.sessions import Engine, reading
from gristmill.db.tables.workers import LeaseRow
from gristmill.db.workers.leases import Exchange
from gristmill.runs.settings.run import RunConfig
from gristmill.runs.workers import outage as outage
from gristmill.runs.workers.outage import Outage
from gristmill.sampling.errors import OutageError
from gristmill.sampling.records import RunState, StopReason
from tests.stub.faults import Fault, FaultKind
from tests.stub.server import StubServer, serve
from tests.support.shared_runs import (
    GeneratorsTogether,
    begun,
    config,
    in_haste,
    postgres_store,
    session_of,
    state,
    stops,
)

OUT = Exchange(open=9, workers=2, elsewhere=True)
IDLE = Exchange(open=9, workers=2, elsewhere=False)
ALONE = Exchange(open=9, workers=1, elsewhere=False)


class Silence:
    """For how long no server has answered: a number that a test sets."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def leaves(one: Outage, seen: Exchange) -> bool:
    try:
        one.check(seen)
    except OutageError:
        return True
    return False


def test_one_whose_servers_answer_stays() -> None:
    assert not leaves(Outage(Silence()), IDLE)


def test_one_whose_servers_are_out_stays_while_it_is_alone() -> None:
    silence = Silence()
    silence.seconds = 1_000.0
    assert not leaves(Outage(silence), ALONE)


def test_one_whose_servers_are_out_leaves_what_idle_ones_could_draw() -> None:
    silence = Silence()
    one = Outage(silence)
    silence.seconds = 29.0
    assert not leaves(one, IDLE)
    silence.seconds = 31.0
    assert leaves(one, IDLE)


def test_an_outage_of_all_is_waited_for() -> None:
    silence = Silence()
    one = Outage(silence)
    for seconds, total in ((0.0, 100), (5.0, 130), (16.0, 140), (40.0, 140), (400.0, 140)):
        silence.seconds = seconds
        one.note(50, total)
    assert not leaves(one, OUT)


def test_one_whose_servers_are_out_leaves_its_problems_to_those_that_draw() -> None:
    silence = Silence()
    one = Outage(silence)
    for seconds, total in ((16.0, 140), (31.0, 170)):
        silence.seconds = seconds
        one.note(50, total)
    assert not leaves(one, OUT), "that is the first look since its own last response"
    silence.seconds = 41.0
    one.note(50, 180)
    assert leaves(one, OUT)


def test_a_response_of_its_own_begins_the_count_anew() -> None:
    silence = Silence()
    one = Outage(silence)
    for seconds, own, total in ((0.0, 50, 100), (16.0, 50, 140), (31.0, 50, 170), (16.0, 51, 171)):
        silence.seconds = seconds
        one.note(own, total)
    silence.seconds = 31.0
    one.note(51, 171)
    assert not leaves(one, OUT)


@pytest.fixture
def engine(postgres_url: str) -> Iterator[Engine]:
    with postgres_store(postgres_url) as engine:
        yield engine


def at_server(asked: RunConfig, url: str) -> RunConfig:
    """The same run, drawn from that server; a draw that fails is given up at once."""
    there = asked.generator.model_copy(update={"backend": "openai", "server": (url,), "tries": 1})
    return asked.model_copy(update={"generator": there})


@pytest.mark.parametrize(("limit", "quota"), [(6, 30), (40, 4)])
async def test_a_server_that_fails_everything_costs_the_others_nothing(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, limit: int, quota: int
) -> None:
    """With few problems, too, where alone each failure would count."""
    in_haste(monkeypatch)
    monkeypatch.setattr(outage, "SILENT_SECONDS", 0.5)
    asked = config(limit=limit, quota=quota, ceiling=400, latency=0.05)
    await begun(engine, asked)
    both = asyncio.Barrier(2)
    broken = StubServer(schedule=lambda number: Fault(FaultKind.STATUS, status=500))
    async with serve(broken) as stub:
        good = asyncio.ensure_future(session_of(engine, asked, generators=GeneratorsTogether(both)))
        with pytest.raises(OutageError, match="its problems are left to them"):
            await session_of(engine, at_server(asked, stub.url), generators=GeneratorsTogether(both))
        report = await good
    assert report.state is RunState.FINISHED is state(engine)
    assert stops(engine) == {StopReason.QUOTA_MET}
    with reading(engine) as session:
        assert session.scalars(select(LeaseRow.problem_id)).all() == []
