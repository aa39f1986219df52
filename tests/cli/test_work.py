"""`gristmill work` beside `gristmill run`, as processes: who is refused, takes over, and joins."""

import signal
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from gristmill.cli.work import with_own_servers, work_command
from gristmill.db.engine import open_engine
from gristmill.db.sessions import reading
from gristmill.db.workers.registry import workers_of
from gristmill.runs.settings.run import EXECUTION_FIELDS
from gristmill.runs.store import stored_run
from gristmill.runs.workers.work import SERVERS_VARIABLE
from gristmill.sampling.records import RunState, StopReason
from tests.stub.server import StubServer, serve
from tests.support.accounts import account
from tests.support.children import RUN, Job, a_job, asked, child, command, ended, said
from tests.support.commands import Workplace

QUOTA, CEILING = 6, 12
PACE = {"concurrency": 4, "verify_workers": 1, "group_size": 5}


@asynccontextmanager
async def at_work(store_url: str, folder: Path, **flags: float | str) -> AsyncIterator[tuple[Job, Process]]:
    """A run that has begun to draw, and gets no answer before the stub `may_answer`."""
    async with serve(StubServer()) as stub:
        stub.may_answer.clear()
        given = {"quota": QUOTA, "ceiling": CEILING, **PACE, **flags}
        job = a_job(folder, store_url, stub, problems=12, **given)
        async with child(job, "--direct") as process:
            await asked(process, stub.gauge, lambda gauge: gauge.requests >= 1)
            yield job, process


def at_one_draw(store_url: str, folder: Path) -> AbstractAsyncContextManager[tuple[Job, Process]]:
    """A run with one draw out at a time, so that another process finds problems to draw for."""
    flags = {"quota": 3, "ceiling": 6, "concurrency": 1, "grace_seconds": 0}
    return at_work(store_url, folder, **flags)


async def refused(job: Job, *arguments: str) -> str:
    async with command(job.folder, job.store_url, *arguments) as process:
        text = await said(process)
    assert process.returncode == 1, text
    return text


def assert_done(job: Job) -> None:
    result = account(job.store_url, RUN)
    assert result.state == "finished"
    assert set(result.stops.values()) <= {StopReason.QUOTA_MET, StopReason.CEILING_REACHED}
    assert result.attempts == result.verdicts == len(result.rows)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'store.db'}"


@pytest.mark.full
async def test_on_sqlite_a_second_process_is_refused_and_takes_over_when_the_first_was_killed(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with at_work(sqlite_url, tmp_path) as (job, first):
        for arguments in (("run", "--run-id", RUN, "--direct"), ("work", RUN)):
            text = await refused(job, *arguments)
            assert len(text.splitlines()) <= 2, text
            assert f"run {RUN} is being worked on by another process" in text
            assert f"process {first.pid}, heard of" in text
            assert "let it finish, or end it" in text
        assert first.returncode is None
        first.kill()
        await first.wait()
        job.stub.may_answer.set()
        async with command(job.folder, sqlite_url, "work", RUN, *faster()) as second:
            await ended(second)
        assert_done(job)


def faster() -> list[str]:
    return ["--concurrency", "32", "--verify-workers", "1"]


async def test_a_budget_is_for_one_process_on_postgresql_too(postgres_url: str, tmp_path: Path) -> None:
    async with at_work(postgres_url, tmp_path, policy="budgeted", budget_draws=60) as (job, first):
        text = await refused(job, "work", RUN)
        assert f"process {first.pid}" in text
        assert "budget" in text


async def test_on_postgresql_a_second_process_joins_and_asks_its_own_server(
    postgres_url: str, tmp_path: Path
) -> None:
    async with (
        at_one_draw(postgres_url, tmp_path) as (job, first),
        serve(StubServer()) as own,
    ):
        servers = {SERVERS_VARIABLE: f" {own.url} ,"}
        async with command(job.folder, postgres_url, "work", RUN, *faster(), **servers) as second:
            await asked(second, own.gauge, lambda gauge: gauge.requests > 0)
            job.stub.may_answer.set()
            await ended(second)
        await ended(first)
        pairs = [(one.problem, one.seed) for stub in (job.stub, own) for one in stub.gauge.asked]
        assert len(pairs) == len(set(pairs)) == len(account(postgres_url, RUN).rows)
        assert_done(job)


async def test_one_that_is_told_to_stop_leaves_the_run_to_the_other(
    postgres_url: str, tmp_path: Path
) -> None:
    async with (
        at_one_draw(postgres_url, tmp_path) as (job, first),
        serve(StubServer()) as own,
    ):
        server = ("--server", own.url)
        async with command(job.folder, postgres_url, "work", RUN, *server, *faster()) as second:
            await asked(second, own.gauge, lambda gauge: gauge.requests > 0)
            second.terminate()
            text = await said(second)
            assert second.returncode == 128 + signal.SIGTERM, text
        assert left_at_work(postgres_url) == ([first.pid], RunState.RUNNING)
        first.terminate()
        await said(first)
        assert left_at_work(postgres_url) == ([], RunState.INTERRUPTED)


def left_at_work(store_url: str) -> tuple[list[int], RunState]:
    """The processes, and how the run is marked."""
    engine = open_engine(store_url)
    try:
        with reading(engine) as session:
            pids = [int(seen.worker.identity.process.split()[0]) for seen in workers_of(session, RUN)]
            return pids, stored_run(session, RUN).state
    finally:
        engine.dispose()


def test_a_run_that_is_done_is_shown_and_no_server_is_asked(finished: Workplace) -> None:
    assert "done" in finished.does("work", "done")


def test_there_is_no_work_on_a_run_that_is_not_there(finished: Workplace) -> None:
    assert "no run 'nope'" in finished.refuses("work", "nope")


def test_there_is_no_work_without_a_store(workplace: Workplace) -> None:
    assert "there is none" in workplace.refuses("work", "r")


@pytest.mark.parametrize("name", ["", "a b", "../r", "a" * 101])
def test_a_name_that_no_run_can_have_is_refused(finished: Workplace, name: str) -> None:
    assert "100 at most" in finished.refuses("work", name, code=2)


def test_nothing_that_decides_what_is_drawn_can_be_given() -> None:
    names = {parameter.name for parameter in work_command.params} - {"run_id"}
    assert names < EXECUTION_FIELDS
    assert {"server", "concurrency", "metrics_port"} < names


@pytest.mark.parametrize(
    ("variable", "given", "expected"),
    [
        ("", {}, None),
        (" , ", {}, None),
        ("http://a/v1", {}, ("http://a/v1",)),
        ("http://a/v1, http://b/v1,", {}, ("http://a/v1", "http://b/v1")),
        ("http://a/v1", {"server": ("http://c/v1",)}, ("http://c/v1",)),
        ("http://a/v1", {"launch": ("vllm",)}, None),
    ],
)
def test_a_machines_own_servers_stand_in_place_of_the_runs_unless_others_are_given(
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
    given: dict[str, Any],
    expected: tuple[str, ...] | None,
) -> None:
    monkeypatch.setenv(SERVERS_VARIABLE, variable)
    pace = {"generator": {"concurrency": 3, **given}, "run": {}}
    assert with_own_servers(pace)["generator"].get("server") == expected
    assert with_own_servers(pace)["generator"]["concurrency"] == 3
    assert "server" not in given or pace["generator"]["server"] == given["server"]
