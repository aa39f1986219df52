"""Selects the attempts of a problem that are exported: those within the quota, and the best few by a rule.

A rule puts the attempts of one outcome in an order, the wanted ones first, and is read only as far as it is
needed. What is kept comes out by run and number again, whatever the rule. Each problem is looked at by
itself, and the random number of an attempt depends on it alone, so that a store that has grown changes no
more than it must.

The first attempts are what a run's quota asked for: attempts beyond it are there only because several were
in flight, and to keep them would give the easy problems more weight than the policy gave them. The quota
counts what the export's other conditions have left.

`diverse` compares texts by the words in them (the share of their words that two texts have in common,
Jaccard), without order or count: of solutions that differ in a sign alone it sees no difference. It looks at
the first 200 attempts of a problem and the first 20,000 characters of each; where more than 200 are wanted,
these are the first.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from operator import attrgetter

from gristmill.db.exports.records import AttemptKey, ExportAttempt, ExportProblem
from gristmill.exports.settings import ExportSettings, Keep
from gristmill.sampling.records import Outcome
from gristmill.text.hash_random import hash_numbers
from gristmill.text.words import folded_words

_MOST_CANDIDATES = 200
_COMPARED_CHARACTERS = 20_000
_TOKENS = attrgetter("completion_tokens")

Rule = Callable[[Sequence[ExportAttempt], ExportProblem, ExportSettings], Iterable[ExportAttempt]]


def select_attempts(problem: ExportProblem, settings: ExportSettings) -> ExportProblem:
    """The problem with its selected attempts; the same object where nothing is left out. Undecided attempts
    are selected as the others are.
    """
    attempts = problem.attempts
    if not settings.filter.with_surplus:
        attempts = _within_quota(attempts, problem.quotas)
    if settings.keep.per_problem is not None or settings.keep.keep is not None:
        attempts = _chosen(attempts, problem, settings)
    if len(attempts) == len(problem.attempts):
        return problem
    return replace(problem, attempts=attempts)


def _within_quota(
    attempts: Sequence[ExportAttempt], quotas: Mapping[str, int | None]
) -> Sequence[ExportAttempt]:
    """All attempts but the accepted ones beyond their run's quota, the lowest numbers first."""
    left = {run_id: quota for run_id, quota in quotas.items() if quota is not None}
    if not left or len(attempts) <= min(left.values()):
        return attempts
    found = []
    for attempt in attempts:
        if attempt.outcome is Outcome.ACCEPTED and attempt.run_id in left:
            if left[attempt.run_id] <= 0:
                continue
            left[attempt.run_id] -= 1
        found.append(attempt)
    return found


def _chosen(
    attempts: Sequence[ExportAttempt], problem: ExportProblem, settings: ExportSettings
) -> Sequence[ExportAttempt]:
    most = settings.keep.per_problem or 1
    if len(attempts) <= most:
        return attempts
    rule = RULES[settings.keep.keep or "first"]
    chosen: set[AttemptKey] = set()
    for outcome in Outcome:
        of_outcome = [attempt for attempt in attempts if attempt.outcome is outcome]
        if len(of_outcome) > most:
            of_outcome = list(islice(rule(of_outcome, problem, settings), most))
        chosen.update(attempt.key for attempt in of_outcome)
    return [attempt for attempt in attempts if attempt.key in chosen]


def _first(
    attempts: Sequence[ExportAttempt], _: ExportProblem, __: ExportSettings
) -> Iterable[ExportAttempt]:
    return attempts


def _shortest(
    attempts: Sequence[ExportAttempt], _: ExportProblem, __: ExportSettings
) -> Iterable[ExportAttempt]:
    return sorted(attempts, key=_TOKENS)


def _longest(
    attempts: Sequence[ExportAttempt], _: ExportProblem, __: ExportSettings
) -> Iterable[ExportAttempt]:
    return sorted(attempts, key=_TOKENS, reverse=True)  # equal ones stay in order in reverse, too


def _random(
    attempts: Sequence[ExportAttempt], problem: ExportProblem, settings: ExportSettings
) -> Iterable[ExportAttempt]:
    seed, problem_id = settings.output.seed, problem.problem.id

    def place(attempt: ExportAttempt) -> tuple[int, ...]:
        return hash_numbers(seed, "keep", problem_id, attempt.run_id, attempt.number, count=2)

    return sorted(attempts, key=place)


def _by_metric(
    attempts: Sequence[ExportAttempt], problem: ExportProblem, settings: ExportSettings
) -> Iterable[ExportAttempt]:
    """By value; attempts without a value, or with NaN, come last in their order."""
    values = problem.metrics.get(settings.keep.keep_metric or "", {})
    sign = -1.0 if settings.keep.keep == "highest" else 1.0

    def place(attempt: ExportAttempt) -> tuple[bool, float]:
        value = values.get(attempt.key, math.nan)
        return (True, 0.0) if math.isnan(value) else (False, sign * value)

    return sorted(attempts, key=place)


def _diverse(
    attempts: Sequence[ExportAttempt], _: ExportProblem, settings: ExportSettings
) -> Iterator[ExportAttempt]:
    """The first one, then always the one whose nearest among those taken is the least near; ties in order."""
    if (settings.keep.per_problem or 1) >= _MOST_CANDIDATES:
        yield from attempts
        return
    left = list(attempts[:_MOST_CANDIDATES])
    words = _words(left)
    nearest = [0.0] * len(left)
    while left:
        at = min(range(len(left)), key=nearest.__getitem__)
        taken = words.pop(at)
        yield left.pop(at)
        nearest.pop(at)
        nearest = [max(near, _in_common(taken, others)) for near, others in zip(nearest, words, strict=True)]


def _words(attempts: Sequence[ExportAttempt]) -> list[int]:
    """The different words of each text as a set of bits, a bit for each word that any of them has: comparing
    two texts of thousands of words then takes microseconds.
    """
    places: dict[str, int] = {}
    sets = []
    for attempt in attempts:
        words = folded_words(attempt.text[:_COMPARED_CHARACTERS])
        found = {places.setdefault(word, len(places)) for word in words}
        bits = bytearray(len(places) // 8 + 1)
        for place in found:
            bits[place >> 3] |= 1 << (place & 7)
        sets.append(int.from_bytes(bits, "little"))
    return sets


def _in_common(one: int, other: int) -> float:
    """Jaccard; two texts without words are the same to it."""
    either = (one | other).bit_count()
    return (one & other).bit_count() / either if either else 1.0


RULES: dict[Keep, Rule] = {
    "first": _first,
    "shortest": _shortest,
    "longest": _longest,
    "diverse": _diverse,
    "random": _random,
    "highest": _by_metric,
    "lowest": _by_metric,
}
