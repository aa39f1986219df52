"""Publishing artifacts with a time-out: a Prefect server that is slow or away neither stalls nor fails a run.

The client tries again for more than a minute by itself: here it gets what is left of the flow run's patience,
a few seconds for all publications of a flow run together, and says once that there is nobody.
"""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from time import perf_counter
from typing import Any

import httpx
from prefect import get_run_logger
from prefect.artifacts import acreate_table_artifact
from prefect.exceptions import PrefectException

from gristmill.flows.artifacts.keys import artifact_key
from gristmill.flows.artifacts.markdown import escaped
from gristmill.flows.artifacts.publication_state import publication_state

GONE = (httpx.HTTPError, PrefectException)
"""Raised by the client where the server is away."""

FAULTS = (TimeoutError, OSError, RuntimeError, ValueError, *GONE)
"""All that a publication may raise; none of it concerns the run."""


Publication = Coroutine[Any, Any, object]


async def publish(*publications: Publication) -> bool:
    """One after the other until one fails; True if all were published. Raises nothing of `FAULTS`."""
    state, began = publication_state(), perf_counter()
    waiting = list(publications)
    try:
        async with asyncio.timeout(state.patience_seconds):
            while waiting:
                await waiting.pop(0)
        return True
    except FAULTS as error:
        state.waited(perf_counter() - began)
        if not state.warned:
            state.warned = True
            get_run_logger().warning("artifacts are missing, the run goes on: %s", type(error).__name__)
        return False
    finally:
        for publication in waiting:
            publication.close()  # Python warns of one that nobody awaited


def table_artifact(name: str, run_id: str, rows: Sequence[Mapping[str, str]], about: str) -> Publication:
    """A table artifact with its cells escaped: Prefect's older page renders Markdown in them."""
    safe = [{column: escaped(cell) for column, cell in row.items()} for row in rows]
    return acreate_table_artifact(safe, key=f"{name}-{artifact_key(run_id)}", description=about)
