"""A worker whose servers fail whatever they are asked, beside one whose server answers."""

import asyncio
from contextlib import nullcontext

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
    session_of,
    state,
    stops,
)

OUT = Exchange(open=9, workers=2, elsewhere=True)
IDLE = Exchange(open=9, workers=2, elsewhere=False)
ALONE = Exchange(open=9, workers=1, elsewhere=False)


Look = tuple[float, int, int]
"""Seconds for which no server has answered, attempts of this session, attempts of the run."""

LOOKS: dict[str, tuple[list[Look], float, Exchange, bool]] = {
    "its servers answer": ([], 0.0, IDLE, False),
    "alone": ([], 1_000.0, ALONE, False),
    "idle ones could draw, and it may still come back": ([], 29.0, IDLE, False),
    "idle ones could draw": ([], 31.0, IDLE, True),
    "an outage of all": (
        [(0, 50, 100), (5, 50, 130), (16, 50, 140), (40, 50, 140), (400, 50, 140)],
        400.0,
        OUT,
        False,
    ),
    "the first look since its own last response": ([(16, 50, 140), (31, 50, 170)], 31.0, OUT, False),
    "others draw": ([(16, 50, 140), (31, 50, 170), (41, 50, 180)], 41.0, OUT, True),
    "a response of its own since": (
        [(0, 50, 100), (16, 50, 140), (31, 50, 170), (16, 51, 171), (31, 51, 171)],
        31.0,
        OUT,
        False,
    ),
}


@pytest.mark.parametrize(("looks", "seconds", "seen", "leaves"), LOOKS.values(), ids=LOOKS)
def test_one_whose_servers_are_out_leaves_its_problems_to_others_that_can_draw_for_them(
    looks: list[Look], seconds: float, seen: Exchange, leaves: bool
) -> None:
    silent = [seconds]
    one = Outage(lambda: silent[0])
    for silent[0], own, total in looks:
        one.note(own, total)
    silent[0] = seconds
    with pytest.raises(OutageError) if leaves else nullcontext():
        one.check(seen)


def at_server(asked: RunConfig, url: str) -> RunConfig:
    """The same run, drawn from that server; a draw that fails is given up at once."""
    there = asked.generator.model_copy(update={"backend": "openai", "server": (url,), "tries": 1})
    return asked.model_copy(update={"generator": there})


@pytest.mark.full
@pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)
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
