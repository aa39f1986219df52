"""A top-up that is cancelled while it begins."""

import asyncio
import threading

import pytest

from gristmill.db.runs import find_run
from gristmill.db.sessions import Engine, Session, reading
from gristmill.db.workers.registry import workers_of
from gristmill.runs.top_up import top_up, top_up_of
from gristmill.runs.workers.membership import Membership
from gristmill.sampling.errors import ConfigError
from gristmill.sampling.records import RunState
from tests.progress import STILL_SECONDS
from tests.support.sampling_runs import ScriptedGenerators
from tests.support.top_ups import ALGEBRA, PROBLEMS, config, load, right, top_up_session


@pytest.mark.parametrize("fails", [False, True])
async def test_a_night_that_is_cancelled_while_it_begins_leaves_nobody_at_work(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, fails: bool
) -> None:
    """The thread that joins goes on without it; a row that nobody keeps would refuse others for 30 s. Where
    it fails, the run was not made either.
    """
    load(engine, *PROBLEMS)
    joining, may_join = threading.Event(), threading.Event()
    join = Membership.join

    def slowly(membership: Membership, session: Session) -> None:
        join(membership, session)
        joining.set()
        assert may_join.wait(STILL_SECONDS)
        if fails:
            raise ConfigError("it may not")

    monkeypatch.setattr(Membership, "join", slowly)
    asked = top_up_of(config(), ALGEBRA)
    async with ScriptedGenerators(right) as generators:
        night = asyncio.create_task(top_up(top_up_session(engine, asked, generators), asked.query))
        assert await asyncio.to_thread(joining.wait, STILL_SECONDS)
        night.cancel()
        asyncio.get_running_loop().call_later(0.05, may_join.set)
        with pytest.raises(asyncio.CancelledError):
            await night
    await asyncio.get_running_loop().shutdown_default_executor()  # whatever is still to come has come
    with reading(engine) as session:
        assert workers_of(session, asked.run_id) == []
        run = find_run(session, asked.run_id)
    assert (None if run is None else run.state) is (None if fails else RunState.INTERRUPTED)
