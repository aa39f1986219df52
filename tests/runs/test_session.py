"""The marks of a session: written while the loop goes on, and whatever cancels it."""

import asyncio
import threading
from contextlib import AbstractAsyncContextManager

import pytest

from gristmill.db.runs import RunRecord, mark_run
from gristmill.db.sessions import Engine, Session
from gristmill.runs import session as drawing
from gristmill.runs.session import RunSession, run_pipeline
from gristmill.runs.settings.recipe import run_config
from gristmill.runs.store import stored_run
from gristmill.sampling.errors import ConfigError
from gristmill.sampling.pipeline import Pipeline
from gristmill.sampling.records import RunState
from tests.db.samples import RUN, read, start_run
from tests.progress import STILL_SECONDS
from tests.support.sessions import a_session


@pytest.fixture
def begun(engine: Engine) -> Engine:
    start_run(engine, [])
    return engine


def run_of(engine: Engine) -> RunRecord:
    return read(engine, stored_run, RUN)


def a_run_session(engine: Engine) -> RunSession:
    return a_session(engine, run_config("dart-uniform", {"dataset": {"dataset": "demo"}}), run_id=RUN)


class Refused(AbstractAsyncContextManager[Pipeline]):
    async def __aenter__(self) -> Pipeline:
        raise ConfigError("there is no server")

    async def __aexit__(self, *_: object) -> None: ...


class NeverReady(AbstractAsyncContextManager[Pipeline]):
    def __init__(self) -> None:
        self.opened = asyncio.Event()

    async def __aenter__(self) -> Pipeline:
        self.opened.set()
        await asyncio.Event().wait()
        raise AssertionError

    async def __aexit__(self, *_: object) -> None: ...


async def test_the_loop_goes_on_while_a_mark_waits_for_its_row(
    begun: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a worker gives no sign of life while another one takes stock, and is taken for dead."""
    loop, heard = asyncio.get_running_loop(), list[RunState]()

    def held(session: Session, run_id: str, state: RunState, *, elapsed_seconds: float, message: str) -> None:
        went_on = threading.Event()
        loop.call_soon_threadsafe(went_on.set)
        if went_on.wait(STILL_SECONDS):
            heard.append(state)
        mark_run(session, run_id, state, elapsed_seconds=elapsed_seconds, message=message)

    monkeypatch.setattr(drawing, "mark_run", held)
    with pytest.raises(ConfigError):
        await run_pipeline(a_run_session(begun), run_of(begun), Refused())
    assert heard == [RunState.RUNNING, RunState.FAILED]
    assert run_of(begun).message == "there is no server"


async def test_a_session_that_is_cancelled_again_while_it_is_marked_is_marked_all_the_same(
    begun: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    opening, marking, may_mark = NeverReady(), threading.Event(), threading.Event()

    def slowly(
        session: Session, run_id: str, state: RunState, *, elapsed_seconds: float, message: str
    ) -> None:
        if state is not RunState.RUNNING:
            marking.set()
            assert may_mark.wait(STILL_SECONDS)
        mark_run(session, run_id, state, elapsed_seconds=elapsed_seconds, message=message)

    monkeypatch.setattr(drawing, "mark_run", slowly)
    session = asyncio.create_task(run_pipeline(a_run_session(begun), run_of(begun), opening))
    await opening.opened.wait()
    session.cancel()
    assert await asyncio.to_thread(marking.wait, STILL_SECONDS)
    for _ in range(3):
        session.cancel()
        await asyncio.sleep(0)
    assert not session.done()
    may_mark.set()
    with pytest.raises(asyncio.CancelledError):
        await session
    assert run_of(begun).state is RunState.INTERRUPTED
