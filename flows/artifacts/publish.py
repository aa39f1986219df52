"""Publishing artifacts, which a Prefect server that is slow, away or of another mind can neither hold up nor
fail.

The client tries again for more than a minute by itself: here it gets what is left of the session's patience,
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
from gristmill.flows.artifacts.session import this_session

GONE = (httpx.HTTPError, PrefectException)
"""What the client raises of a server that is away."""

FAULTS = (TimeoutError, OSError, RuntimeError, ValueError, *GONE)
"""Whatever else a publication can end in; none of it is the run's."""


Publication = Coroutine[Any, Any, object]


async def publish(*publications: Publication) -> bool:
    """One after the other, until one fails; says whether all are there."""
    session, began = this_session(), perf_counter()
    waiting = list(publications)
    try:
        async with asyncio.timeout(session.patience_seconds):
            while waiting:
                await waiting.pop(0)
        return True
    except FAULTS as error:
        session.waited(perf_counter() - began)
        if not session.warned:
            session.warned = True
            get_run_logger().warning("artifacts are missing, the run goes on: %s", type(error).__name__)
        return False
    finally:
        for publication in waiting:
            publication.close()  # Python warns of one that nobody awaited


def table_artifact(name: str, run_id: str, rows: Sequence[Mapping[str, str]], about: str) -> Publication:
    """Cells are shown by one of Prefect's pages as Markdown, and by the other as text."""
    safe = [{column: escaped(cell) for column, cell in row.items()} for row in rows]
    return acreate_table_artifact(safe, key=f"{name}-{artifact_key(run_id)}", description=about)
