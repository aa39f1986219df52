"""Runs on sums that a stub server answers, and flow runs as a deployment's process starts them."""

import asyncio
import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from prefect import Flow
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRun, State
from prefect.flow_engine import run_flow_async
from prefect.states import Pending, Running

from gristmill.generators.scripted.script import sum_problems
from gristmill.runs.settings.recipe import run_config
from gristmill.runs.settings.run import RunConfig
from tests.stub.server import StubServer

Parameters = Mapping[str, Any]
PREFECT_WARNS = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
"""Prefect's engine leaves streams of its event client to the garbage collector."""


def sums_config(folder: Path, stub: StubServer, *, problems: int = 6, **policy: object) -> RunConfig:
    lines = [json.dumps({"prompt": p.prompt, "reference": p.reference}) for p in sum_problems(problems)]
    (folder / "sums.jsonl").write_text("\n".join(lines), "utf-8")
    dataset = {
        "dataset": str(folder / "sums.jsonl"),
        "prompt_field": "prompt",
        "reference_field": "reference",
    }
    flags: dict[str, dict[str, object]] = {
        "dataset": dict(dataset),
        "policy": {"quota": 2, "ceiling": 20, **policy},
        "generator": {"server": [stub.url], "concurrency": 4, "tries": 1, "outage_seconds": 0},
        "verifier": {"verify_workers": 2},
        "run": {"seed": 7},
    }
    return run_config("dart-uniform", flags)


async def new_run(flow: Flow[..., Any], parameters: Parameters) -> FlowRun:
    async with get_client() as client:
        return await client.create_flow_run(flow, parameters=dict(parameters), state=Pending())


async def started(flow: Flow[..., Any], flow_run: FlowRun, parameters: Parameters) -> State[Any]:
    """Runs the flow as that flow run, in this process, to its end; gives the state that Prefect has of it."""
    async with get_client() as client:
        flow_run = await client.read_flow_run(flow_run.id)
        await run_flow_async(flow, flow_run=flow_run, parameters=dict(parameters), return_type="state")
        state = (await client.read_flow_run(flow_run.id)).state
    assert state is not None
    return state


async def ran(flow: Flow[..., Any], parameters: Parameters) -> State[Any]:
    """As `started`, for a new flow run."""
    return await started(flow, await new_run(flow, parameters), parameters)


async def ended_before(flow_run: FlowRun, end: State[Any], times: int = 1) -> None:
    """Leaves the flow run as so many starts that ended like this leave it."""
    async with get_client() as client:
        for _ in range(times):
            await client.set_flow_run_state(flow_run.id, Running(), force=True)
            await client.set_flow_run_state(flow_run.id, end, force=True)
        await client.set_flow_run_state(flow_run.id, Pending(), force=True)


@contextmanager
def said(text: str, level: int = logging.NOTSET) -> Iterator[asyncio.Event]:
    """Set as soon as anything logs a line with that text, at that level or above it."""
    event, loop = asyncio.Event(), asyncio.get_running_loop()

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if text in record.getMessage():
                loop.call_soon_threadsafe(event.set)

    ear, logger = Ear(level), logging.getLogger()
    logger.addHandler(ear)
    try:
        yield event
    finally:
        logger.removeHandler(ear)
