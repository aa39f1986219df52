"""State that the tasks of one flow run share in this process: what is published, and patience with Prefect.

What a task sets in its context its flow does not see: hence a record by flow run. It is gone with the
process, and nothing rests on it but what is shown.
"""

from dataclasses import dataclass, field

from prefect.runtime import flow_run

_MOST_STATES = 50
_PATIENCE_SECONDS = 5.0
_LEAST_SECONDS = 0.5


@dataclass(slots=True)
class PublicationState:
    """`tabled` are the runs whose tables are published, `said` the events that are emitted once a session.

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
