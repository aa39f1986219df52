"""Publishing artifacts with a time-out: a Prefect server that is slow or away neither stalls nor fails a run.

The client tries again for more than a minute by itself: here it gets what is left of the flow run's patience,
a few seconds for all publications of a flow run together, and says once that there is nobody.
"""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

import httpx
from prefect import get_run_logger
from prefect.artifacts import acreate_table_artifact
from prefect.exceptions import PrefectException
from prefect.runtime import flow_run

from gristmill.flows.artifacts.keys import artifact_key
from gristmill.flows.artifacts.markdown import escaped

GONE = (httpx.HTTPError, PrefectException)
"""Raised by the client where the server is away."""

FAULTS = (TimeoutError, OSError, RuntimeError, ValueError, *GONE)
"""All that a publication may raise; none of it concerns the run."""

Publication = Coroutine[Any, Any, object]
_MOST_STATES = 50
_PATIENCE_SECONDS = 5.0
_LEAST_SECONDS = 0.5


@dataclass(slots=True)
class PublicationState:
    """What the tasks of one flow run share in this process; what a task sets in its context its flow does not
    see. Nothing rests on it but what is shown.

    `tabled` are the runs whose tables are published, `said` the events that are emitted once a session.

    `patience_seconds` is what waiting in vain for Prefect may still cost all publications together.
    """

    tabled: set[str] = field(default_factory=set)
    said: set[str] = field(default_factory=set)
    patience_seconds: float = _PATIENCE_SECONDS
    warned: bool = False

    def waited(self, seconds: float) -> None:
        """Takes that off the patience. A little is always left: the server may be back."""
        self.patience_seconds = max(_LEAST_SECONDS, self.patience_seconds - seconds)


_states: dict[str, PublicationState] = {}


def publication_state() -> PublicationState:
    """The calling flow run's; outside of a flow run a new one each time."""
    flow_run_id = flow_run.get_id()
    if flow_run_id is None:
        return PublicationState()
    if flow_run_id not in _states and len(_states) >= _MOST_STATES:
        del _states[next(iter(_states))]
    return _states.setdefault(str(flow_run_id), PublicationState())


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
