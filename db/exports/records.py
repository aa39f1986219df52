"""Records that an export is made from: a problem with the attempts on it, and the query for them.

Problems come in order of their id, which is the hash of their content: an order that no store, run or
database changes. Named tuples, since a million of them are made.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from gristmill.sampling.records import Outcome, Problem, Tally, Verdict


class ExportAttempt(NamedTuple):
    """An attempt with its verdict as of the moment of the export, which is the one of that `ordinal`."""

    run_id: str
    number: int
    ordinal: int
    model: str
    outcome: Outcome
    reason: str
    verifier: str
    completion_tokens: int
    cumulative_logprob: float | None
    text: str

    @property
    def key(self) -> "AttemptKey":
        return self.run_id, self.number


AttemptKey = tuple[str, int]
"""Run and number: an attempt among those on one problem."""


@dataclass(frozen=True, slots=True)
class ExportQuery:
    """Conditions on attempts; an empty one lets everything through. `without_models` are those
    that were withdrawn. `metrics` names those that come with the attempts; `tally`, `details` and `steps` say
    what comes besides.
    """

    run_ids: Sequence[str]
    as_of: datetime
    outcomes: Sequence[Outcome] = (Outcome.ACCEPTED,)
    models: Sequence[str] = ()
    without_models: Sequence[str] = ()
    sources: Sequence[str] = ()
    levels: Sequence[str] = ()
    reasons: Sequence[str] = ()
    without_reasons: Sequence[str] = ()
    min_tokens: int | None = None
    max_tokens: int | None = None
    metrics: Sequence[str] = ()
    tally: bool = False
    details: bool = False
    steps: bool = False


@dataclass(frozen=True, slots=True)
class StepValue:
    """A step of a response, by its place in the text (offsets in characters), and its value in [0, 1]."""

    start: int
    end: int
    value: float


@dataclass(frozen=True, slots=True)
class StoredVerdict:
    """A verdict with its ordinal and when it was given (UTC, ISO 8601)."""

    ordinal: int
    created_at: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class AttemptDetail:
    """Everything recorded of an attempt that `ExportAttempt` leaves out; verdicts oldest first."""

    seed: int
    finish_reason: str
    prompt_tokens: int
    seconds: float
    created_at: str
    verdicts: tuple[StoredVerdict, ...]
    metrics: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class ExportProblem:
    """`attempts` by run and number. `quotas` are by run, None where a problem had none. `tally` counts the
    attempts of the runs and models chosen, whatever else is asked of them. The other mappings hold what the
    format asks for, and nothing else: `metrics` the metric by name and attempt, `details`, `steps`.
    `verifier` is the name of the one that decides on this problem, "" where the runs differ.
    """

    problem: Problem
    quotas: Mapping[str, int | None]
    attempts: Sequence[ExportAttempt]
    tally: Tally = field(default_factory=Tally)
    metrics: Mapping[str, Mapping[AttemptKey, float]] = field(default_factory=dict)
    details: Mapping[AttemptKey, AttemptDetail] = field(default_factory=dict)
    steps: Mapping[AttemptKey, Sequence[StepValue]] = field(default_factory=dict)
    verifier: str = ""

    def with_outcome(self, outcome: Outcome) -> list[ExportAttempt]:
        """The attempts of one outcome, in order."""
        return [attempt for attempt in self.attempts if attempt.outcome is outcome]
