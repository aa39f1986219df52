"""`gristmill serve` as a child process: it comes up, does a run, and leaves nothing behind."""

import asyncio
import os
import signal
from asyncio.subprocess import Process
from contextlib import suppress
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from tests.flows.prefect.api import CsrfTokens
from tests.flows.prefect.prefect_servers import PrefectServer, free_port
from tests.support.children import command
from tests.support.commands import Workplace

pytestmark = pytest.mark.full

START_SECONDS = 240.0
"""15 s on an idle machine."""
END_SECONDS = 120.0
"""One without a server takes 16 s of an idle machine, others 2."""
FILE = """
deployments:
  - name: small
    entrypoint: flows.synthesize_math.synthesize_math
    tags: [gristmill]
    parameters:
      config:
        recipe: dart-uniform
        dataset: {dataset: demo}
        policy: {policy: uniform, quota: 2, ceiling: 4}
        generator: {backend: scripted, concurrency: 1, script_latency_seconds: LATENCY}
"""


@pytest.mark.prefect
async def test_a_server_that_dies_is_started_again_a_run_completes_and_sigterm_ends_all_within_seconds(
    tmp_path: Path,
) -> None:
    port, reports_port = free_port(), free_port()
    (tmp_path / "prefect.yaml").write_text(FILE.replace("LATENCY", "0"), "utf-8")
    ports = f"--port={port}", f"--reports-port={reports_port}"
    async with command(
        tmp_path, store(tmp_path), "serve", *ports, PREFECT_HOME=str(tmp_path / "home")
    ) as serving:
        await line_with(serving, "former entry points are read as today's")
        assert "1 deployments" in await line_with(serving, "deployments")
        await line_with(serving, "other terminals")
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port}/api", timeout=30, auth=CsrfTokens()
        ) as api:
            async with command(tmp_path, store(tmp_path), "serve", *ports) as second:
                assert second.stderr is not None
                told = (await second.stderr.read()).decode()
            assert "cannot " in told
            assert "--reports-port" in told
            reports = await api.get(f"http://127.0.0.1:{reports_port}/")
            os.kill(server_process(port), signal.SIGKILL)
            await line_with(serving, "has died and is started again")
            await until_answers(api)
            run = await started(api)
            await state_comes(f"{api.base_url}", run, "Completed")
        assert reports.headers["x-content-type-options"] == "nosniff"
        await ends(serving, tmp_path)


@pytest.mark.prefect
async def test_a_run_that_is_stopped_with_it_goes_on_as_the_same_flow_run_when_it_is_started_again(
    tmp_path: Path, server: PrefectServer
) -> None:
    file = tmp_path / "prefect.yaml"
    file.write_text(FILE.replace("LATENCY", "20"), "utf-8")
    arguments = "serve", f"--reports-port={free_port()}"
    async with (
        httpx.AsyncClient(base_url=server.api, timeout=30, auth=CsrfTokens()) as api,
        command(tmp_path, store(tmp_path), *arguments, PREFECT_API_URL=server.api) as serving,
    ):
        await line_with(serving, "other terminals")
        run = await started(api)
        await state_comes(server.api, run, "Running")
        await ends(serving, tmp_path)
        file.write_text(FILE.replace("LATENCY", "0"), "utf-8")
        reply = await api.get(f"/flow_runs/{run}")
        assert reply.json()["state_type"] == "SCHEDULED"
        async with command(tmp_path, store(tmp_path), *arguments, PREFECT_API_URL=server.api) as serving:
            await line_with(serving, "other terminals")
            await state_comes(server.api, run, "Running", "Retrying", times=2)
            server.kill()  # its runs end all the same, without whom to tell
            await ends(serving, tmp_path)


def test_what_is_wrong_in_the_file_is_told_before_anything_starts(workplace: Workplace) -> None:
    workplace.write("prefect.yaml", FILE.replace("LATENCY", "-1"))
    with pytest.raises(SystemExit) as exit_:
        workplace.does("serve", "--in-own-session")
    assert exit_.value.code == 1
    told = workplace.capsys.readouterr().err
    assert "'small': parameters.config.generator.script_latency_seconds: Input should be greater" in told
    assert sorted(path.name for path in workplace.folder.iterdir()) == ["prefect.yaml"]


def test_the_shipped_file_is_printed(workplace: Workplace) -> None:
    assert workplace.does("serve", "--print-file").count("  - name: ") == 7


def store(folder: Path) -> str:
    return f"sqlite:///{folder / 'store.db'}"


def server_process(port: int) -> int:
    """The Prefect server on that port, by its command line."""
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            words = (process / "cmdline").read_text("utf-8").split("\0")
            if "uvicorn" in words and str(port) in words:
                return int(process.name)
    raise AssertionError(f"no server on port {port}")


async def until_answers(api: httpx.AsyncClient) -> None:
    """For a server that is on its way up: nothing tells when it is there."""
    async with asyncio.timeout(START_SECONDS):
        while True:
            with suppress(httpx.TransportError):
                if (await api.get("/health")).is_success:
                    return
            await asyncio.sleep(0.2)


async def line_with(process: Process, text: str) -> str:
    """The first line of standard error from here on that has the text."""
    assert process.stderr is not None
    seen = []
    async with asyncio.timeout(START_SECONDS):
        async for line in process.stderr:
            seen.append(line.decode())
            if text in seen[-1]:
                return seen[-1]
    raise AssertionError("".join(seen))


async def started(api: httpx.AsyncClient) -> UUID:
    """As soon as the server's database is not locked."""
    reply = await api.get("/deployments/name/synthesize-math/small")
    deployment = reply.raise_for_status().json()["id"]
    body = {"state": {"type": "SCHEDULED"}}
    path = f"/deployments/{deployment}/create_flow_run"
    while True:
        made = await api.post(path, json=body)
        if made.status_code != httpx.codes.SERVICE_UNAVAILABLE:
            return UUID(made.raise_for_status().json()["id"])
        await asyncio.sleep(0.1)


async def state_comes(api: str, run: UUID, *names: str, times: int = 1) -> None:
    """Waits for as many events of the flow run; those that have been count."""
    from prefect.events.clients import get_events_subscriber
    from prefect.events.filters import EventFilter, EventNameFilter, EventResourceFilter
    from prefect.settings import PREFECT_API_URL, temporary_settings

    about = EventResourceFilter(id=[f"prefect.flow-run.{run}"])
    wanted = EventFilter(
        event=EventNameFilter(name=[f"prefect.flow-run.{name}" for name in names]), resource=about
    )
    async with asyncio.timeout(START_SECONDS):
        with temporary_settings({PREFECT_API_URL: api.rstrip("/")}):
            async with get_events_subscriber(filter=wanted) as events:
                async for _ in events:
                    times -= 1
                    if not times:
                        return


async def ends(process: Process, folder: Path) -> None:
    """SIGTERM, and what it is to end: the process and all that it started."""
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(END_SECONDS):
        assert await process.wait() == 128 + signal.SIGTERM
    assert not working_in(folder)


def working_in(folder: Path) -> list[str]:
    """The processes with that working directory, by /proc; none where there is no such thing."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (process / "cwd").readlink() == folder:
                found.append((process / "cmdline").read_text("utf-8").replace("\0", " "))
    return found
