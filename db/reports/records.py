"""Records that `db/reports/report.py` returns: counts of a run, binned into few enough to draw."""

from dataclasses import dataclass
from datetime import datetime

from gristmill.sampling.records import Outcome, StopReason

TENTHS = 10


@dataclass(frozen=True, slots=True)
class PassRates:
    """Problems by the share of their decided attempts that is accepted. `tenths[i]` counts those from
    i / 10 to below (i + 1) / 10, without the ones where none or all pass.
    """

    none_pass: int
    tenths: tuple[int, ...]
    all_pass: int
    undecided: int


@dataclass(frozen=True, slots=True)
class DifficultyPoint:
    """Problems that follow each other in order of difficulty; the counts are of all of them together."""

    problems: int
    attempts: int
    accepted: int


@dataclass(frozen=True, slots=True)
class GrowthPoint:
    """What came between the point before and this moment."""

    moment: datetime
    attempts: int
    accepted: int


@dataclass(frozen=True, slots=True)
class Lengths:
    """Responses by completion tokens: `counts[outcome][i]` are of `i * width` tokens to below the next."""

    width: int
    counts: dict[Outcome, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class UnsolvedRow:
    """A problem without an accepted response; `prompt` and `reference` are the beginnings of theirs."""

    problem_id: str
    prompt: str
    reference: str
    level: str
    attempts: int
    stop_reason: StopReason | None


@dataclass(frozen=True, slots=True)
class ExportUse:
    """An export that was cut from the run, among others. `attempts` are those of the run in it, None where
    its manifest does not count them. `rows` are those of the export, of all its runs.
    """

    id: int
    format: str
    path: str
    rows: int
    attempts: int | None
    runs: int
    withdrawn: bool
