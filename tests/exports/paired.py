"""Responses to pair, the settings to pair them by, and which are paired."""

from typing import get_args

from gristmill.db.exports.records import ExportAttempt, ExportProblem
from gristmill.exports.pairs import pairs
from gristmill.exports.settings import ExportSettings, OutputSettings, Pairing, PairSettings
from gristmill.sampling.records import Outcome
from tests.exports.samples import an_attempt

PAIRINGS: tuple[Pairing, ...] = get_args(Pairing)


def paired(pairing: Pairing, most: int = 1, metric: str | None = None, seed: int = 0) -> ExportSettings:
    pair_settings = PairSettings(pairing=pairing, pairs_per_problem=most, margin_metric=metric)
    return ExportSettings(pairs=pair_settings, output=OutputSettings(seed=seed))


def accepted(
    number: int, tokens: int = 10, logprob: float | None = None, text: str | None = None
) -> ExportAttempt:
    said = f"accepted {number}" if text is None else text
    return an_attempt(number, said, Outcome.ACCEPTED, tokens=tokens, logprob=logprob)


def rejected(
    number: int, tokens: int = 10, logprob: float | None = None, text: str | None = None
) -> ExportAttempt:
    said = f"rejected {number}" if text is None else text
    return an_attempt(number, said, Outcome.REJECTED, tokens=tokens, logprob=logprob)


def undecided(number: int) -> ExportAttempt:
    return an_attempt(number, f"undecided {number}", Outcome.UNDECIDED, logprob=-0.001)


def chosen_by(problem: ExportProblem, settings: ExportSettings) -> list[tuple[int, int]]:
    return [(pair.chosen.number, pair.rejected.number) for pair in pairs(problem, settings)]
