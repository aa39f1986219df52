"""`gristmill serve`, its server and its run are killed all at once: the next one goes on with the run."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.cli.test_serve import FILE, ends, line_with, store
from tests.flows.prefect.api import Found, PrefectApi, prefect_api
from tests.flows.prefect.prefect_servers import free_port
from tests.support.children import command

pytestmark = pytest.mark.full


@pytest.mark.prefect
@pytest.mark.skipif(sys.platform != "linux", reason="no /proc to look at")
async def test_a_run_that_was_killed_with_its_serve_and_server_goes_on_as_the_same_flow_run(
    tmp_path: Path,
) -> None:
    (tmp_path / "prefect.yaml").write_text(FILE.replace("LATENCY", "20"), "utf-8")
    port = free_port()
    arguments = "serve", f"--port={port}", f"--reports-port={free_port()}"
    async with prefect_api(f"http://127.0.0.1:{port}/api") as api:
        async with command(tmp_path, store(tmp_path), *arguments) as serving:
            await line_with(serving, "other terminals")
            run = await api.start("synthesize-math/small", {})
            await api.until(run, "RUNNING")
            before = await seen(api, run, lambda found: found["name"].startswith("small-"))
            kill_all_in(tmp_path)
        async with command(tmp_path, store(tmp_path), *arguments) as serving:
            await line_with(serving, "going on with 1 run")
            again = await seen(api, run, went_on)
            await ends(serving, tmp_path)
    assert (again["id"], again["run_count"]) == (run, 2)
    assert again["name"] == before["name"], "it is for the same run of the store"


def went_on(found: Found) -> bool:
    return bool(found["run_count"] > 1 and found["state_type"] == "RUNNING")


async def seen(api: PrefectApi, run: str, wanted: Callable[[Found], bool]) -> Found:
    """The flow run, once it is as wanted."""
    while True:
        found = await api.run(run)
        if wanted(found):
            return found
        await asyncio.sleep(0.2)


def kill_all_in(folder: Path) -> None:
    """The processes with that working directory, each before any can take notice of the others' end."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (process / "cwd").readlink() == folder:
                found.append(int(process.name))
    for number in (signal.SIGSTOP, signal.SIGKILL):
        for process_id in found:
            with suppress(ProcessLookupError):
                os.kill(process_id, number)
