"""Pairing of accepted and rejected responses for preference data (DPO, reward models).

A rule gives pairs, the best first, as many as there are; it is read as far as pairs are wanted. Within a
problem no attempt is in two pairs, undecided ones are in none, and two responses of the same text are never
paired, whatever their verdicts say.

`random` draws both at random. `length-matched` takes the two whose numbers of tokens are nearest, so that a
model cannot tell the better one by its length. `max-margin` takes the accepted response with the highest
metric and the rejected one with the lowest, then the second of each, and so on.

`hard` takes the rejected response that its model was surest of, which is what there is most to learn from.
How sure is its log probability *per token*: the sum falls with every token, so that by the sum the hardest
response would be little more than the shortest, and a model would learn to write longer. The accepted
one is the likeliest, too: then the two differ in being right and not in how natural they are to the model,
which random or unlikely accepted responses would teach it to shun. A rule that goes by log probability or
metric passes over attempts that have none; `unusable` counts them.

Source: how calibration sets are chosen (Adams et al., 2023, arXiv 2305.07615), there for summaries; pairs in
place of sets, and the choices above, are ours. Limits: log probabilities of two models do not compare well.
A margin can be negative: every rejected response may measure higher than the accepted ones.
"""

import heapq
import math
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

import pyarrow as pa

from gristmill.db.exports.records import AttemptKey, ExportAttempt, ExportProblem
from gristmill.exports.rows import Record
from gristmill.exports.settings import ExportSettings, Pairing, PairSettings
from gristmill.exports.transforms.chat import Form
from gristmill.sampling.records import Outcome, Problem
from gristmill.text.hash_random import hash_numbers

Scores = Mapping[AttemptKey, float]
_Two = tuple[ExportAttempt, ExportAttempt]


class Pair(NamedTuple):
    """`margin` is the metric of the chosen less that of the rejected: of `margin_metric` where it is set and
    both have it, of the log probability per token with `max-margin` otherwise, else None.
    """

    chosen: ExportAttempt
    rejected: ExportAttempt
    margin: float | None


class _Pool(NamedTuple):
    """The responses that a rule chooses from, by run and number; with scores where the rule goes by them."""

    accepted: Sequence[ExportAttempt]
    rejected: Sequence[ExportAttempt]
    scores: Scores
    seed: int
    problem_id: str


@dataclass(frozen=True, slots=True)
class _Rule:
    two: Callable[[_Pool], Iterator[_Two]]
    scored: bool = False
    by_metric: bool = False


def pairs(problem: ExportProblem, settings: ExportSettings) -> Iterator[Pair]:
    """At most `pairs_per_problem`, none where one of the two kinds is missing."""
    accepted, rejected = (problem.with_outcome(one) for one in (Outcome.ACCEPTED, Outcome.REJECTED))
    if not (accepted and rejected):
        return
    rule = RULES[settings.pairs.pairing]
    scores = _scores(problem, rule, settings.pairs)
    if rule.scored:
        accepted, rejected = ([one for one in many if one.key in scores] for many in (accepted, rejected))
    pool = _Pool(accepted, rejected, scores, settings.output.seed, problem.problem.id)
    margins = problem.metrics.get(settings.pairs.margin_metric or "", {})
    if rule.by_metric:
        margins = scores
    for chosen, other in islice(rule.two(pool), settings.pairs.pairs_per_problem):
        yield Pair(chosen, other, _margin(chosen, other, margins))


def unusable(problem: ExportProblem, settings: ExportSettings) -> int:
    """Accepted and rejected attempts that the rule passes over, since they lack what it goes by."""
    rule = RULES[settings.pairs.pairing]
    if not rule.scored:
        return 0
    scores = _scores(problem, rule, settings.pairs)
    return sum(one.outcome is not Outcome.UNDECIDED and one.key not in scores for one in problem.attempts)


def requirement(settings: PairSettings) -> str | None:
    """A sentence that says what attempts must have to be paired by this rule; None: nothing."""
    rule = RULES[settings.pairing]
    if rule.by_metric and settings.margin_metric is not None:
        return f"--pairing {settings.pairing} needs responses that have the metric {settings.margin_metric!r}"
    if rule.scored:
        other = ", or give --margin-metric" if rule.by_metric else ""
        return f"--pairing {settings.pairing} needs responses of runs drawn with --logprobs{other}"
    return None


def _scores(problem: ExportProblem, rule: _Rule, settings: PairSettings) -> Scores:
    """By attempt, what the rule goes by; only numbers that are finite."""
    if not rule.scored:
        return {}
    if rule.by_metric and settings.margin_metric is not None:
        values = problem.metrics.get(settings.margin_metric, {})
        return {key: value for key, value in values.items() if math.isfinite(value)}
    return {
        one.key: one.cumulative_logprob / max(1, one.completion_tokens)
        for one in problem.attempts
        if one.cumulative_logprob is not None and math.isfinite(one.cumulative_logprob)
    }


def _margin(chosen: ExportAttempt, other: ExportAttempt, margins: Scores) -> float | None:
    """None, too, where the difference is no finite number."""
    margin = margins.get(chosen.key, math.nan) - margins.get(other.key, math.nan)
    return margin if math.isfinite(margin) else None


def _random(pool: _Pool) -> Iterator[_Two]:
    def place(attempt: ExportAttempt) -> tuple[int, ...]:
        return hash_numbers(pool.seed, "pair", pool.problem_id, attempt.run_id, attempt.number, count=2)

    return _in_step(sorted(pool.accepted, key=place), sorted(pool.rejected, key=place))


def _hard(pool: _Pool) -> Iterator[_Two]:
    return _in_step(_falling(pool.accepted, pool.scores), _falling(pool.rejected, pool.scores))


def _max_margin(pool: _Pool) -> Iterator[_Two]:
    rising = sorted(pool.rejected, key=lambda one: pool.scores[one.key])
    return _in_step(_falling(pool.accepted, pool.scores), rising)


def _falling(attempts: Sequence[ExportAttempt], scores: Scores) -> list[ExportAttempt]:
    return sorted(attempts, key=lambda one: -scores[one.key])


def _in_step(accepted: Iterable[ExportAttempt], rejected: Iterable[ExportAttempt]) -> Iterator[_Two]:
    """Each accepted one, in order, with the first rejected one that is left and says something else."""
    left = list(rejected)
    for one in accepted:
        for at, other in enumerate(left):
            if other.text != one.text:
                yield one, left.pop(at)
                break


def _length_matched(pool: _Pool) -> Iterator[_Two]:
    """Always the nearest two that are left; ties by the accepted one's order, then by the rejected one's.

    Nothing is compared but neighbours in length: each accepted one looks outwards from its own length, and
    the nearest of all these views comes first.
    """
    rejected = sorted((other.completion_tokens, at) for at, other in enumerate(pool.rejected))
    falling = sorted((-tokens, at) for tokens, at in rejected)
    used: set[int] = set()
    done: set[int] = set()

    def view(place: int, one: ExportAttempt) -> Iterator[tuple[int, int, int]]:
        tokens = one.completion_tokens
        above = map(rejected.__getitem__, range(bisect_left(rejected, (tokens, -1)), len(rejected)))
        below = map(falling.__getitem__, range(bisect_left(falling, (1 - tokens, -1)), len(falling)))
        near = heapq.merge(
            ((length - tokens, at) for length, at in above), ((length + tokens, at) for length, at in below)
        )
        for difference, at in near:
            if place in done:
                return
            if at not in used and pool.rejected[at].text != one.text:
                yield difference, place, at

    for _, place, at in heapq.merge(*(view(place, one) for place, one in enumerate(pool.accepted))):
        if place not in done and at not in used:
            done.add(place)
            used.add(at)
            yield pool.accepted[place], pool.rejected[at]


RULES: dict[Pairing, _Rule] = {
    "random": _Rule(_random),
    "length-matched": _Rule(_length_matched),
    "hard": _Rule(_hard, scored=True),
    "max-margin": _Rule(_max_margin, scored=True, by_metric=True),
}

PAIR_METADATA = pa.struct(
    [
        ("problem_id", pa.string()),
        ("level", pa.string()),
        ("source", pa.string()),
        ("chosen_run_id", pa.string()),
        ("chosen_number", pa.int32()),
        ("chosen_model", pa.string()),
        ("rejected_run_id", pa.string()),
        ("rejected_number", pa.int32()),
        ("rejected_model", pa.string()),
    ]
)
PAIR_METADATA_MEANING = (
    "Of what the row was made: the problem's id, level and source; run, number and model of both responses."
)


def _metadata(problem: Problem, pair: Pair) -> Record:
    chosen, rejected = pair.chosen, pair.rejected
    return {
        "problem_id": problem.id,
        "level": problem.level,
        "source": problem.source,
        "chosen_run_id": chosen.run_id,
        "chosen_number": chosen.number,
        "chosen_model": chosen.model,
        "rejected_run_id": rejected.run_id,
        "rejected_number": rejected.number,
        "rejected_model": rejected.model,
    }


def pair_record(problem: Problem, pair: Pair, form: Form, **columns: object) -> Record:
    """Columns that the formats of pairs have in common, and between them those of one format."""
    return {
        "prompt": form.prompt(problem.prompt),
        "chosen": form.response(pair.chosen.text),
        "rejected": form.response(pair.rejected.text),
        **columns,
        "metadata": _metadata(problem, pair),
    }
