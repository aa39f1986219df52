"""What the phases of one flow run know of each other, and their patience with a Prefect server that is away.

Phases are tasks, and what a task sets in its context its flow does not see: hence a record by flow run, in
this process. It is gone with it, and nothing rests on it but what is shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from prefect.runtime import flow_run

from gristmill.runs.metrics_server import ServerState

_MOST_SESSIONS = 50
_PATIENCE_SECONDS = 5.0
_LEAST_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class ServerHealth:
    """A server when drawing ended: `state` is `up`, `trial` or `out`, `window` how many requests it gets."""

    name: str
    state: str
    in_flight: int
    window: int


@dataclass(slots=True)
class Session:
    """`patience_seconds` is what waiting in vain for Prefect may still cost all publications together.

    `tabled` are the runs whose tables are published, `said` the events that are emitted once a session.
    """

    servers: list[ServerHealth] = field(default_factory=list)
    tabled: set[str] = field(default_factory=set)
    said: set[str] = field(default_factory=set)
    patience_seconds: float = _PATIENCE_SECONDS
    warned: bool = False

    def waited(self, seconds: float) -> None:
        """In vain. A little patience is left always: the server may be back."""
        self.patience_seconds = max(_LEAST_SECONDS, self.patience_seconds - seconds)


_sessions: dict[str, Session] = {}


def this_session() -> Session:
    """That of the flow run that calls; outside of one a fresh one each time."""
    flow_run_id = flow_run.get_id()
    if flow_run_id is None:
        return Session()
    if flow_run_id not in _sessions and len(_sessions) >= _MOST_SESSIONS:
        del _sessions[next(iter(_sessions))]
    return _sessions.setdefault(str(flow_run_id), Session())


def health(servers: Sequence[ServerState]) -> list[ServerHealth]:
    """As they stand."""
    return [
        ServerHealth(server.name, _state(server), server.in_flight, server.limit.size) for server in servers
    ]


def _state(server: ServerState) -> str:
    if not server.up:
        return "out"
    return "trial" if server.limit.trial else "up"
