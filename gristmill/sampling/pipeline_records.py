"""Settings of a pipeline, and the report of one session of it."""

from dataclasses import dataclass

from gristmill.sampling.records import RunState


@dataclass(frozen=True, slots=True)
class PipelineSettings:
    """`concurrency`: draws in flight. A group goes to the ledger at `group_size` attempts or after
    `group_seconds`.

    `grace_seconds`: how long draws in flight may still land once the run is told to stop.
    """

    concurrency: int = 64
    group_size: int = 200
    group_seconds: float = 0.25
    grace_seconds: float = 10.0


@dataclass(frozen=True, slots=True)
class PipelineReport:
    """What one session of a run did. `seconds` is wall time."""

    state: RunState
    attempts: int
    failures: int
    seconds: float
