"""Values of the markers of an example, and the quartiles of a metric for `quality_bucket`.

A marker is a function of a subject to its value, None where there is none. The names are those of Treasure
Hunt (arXiv 2506.14702) where it has them; a new one is a function, a line at the end of `MARKERS` and its
name in the settings.

`length_tokens` is exact: the tokens of the response as its server counted them. The bounds of `length_bucket`
are ours, since the paper's were not to be had: `concise` up to 128 tokens (a paragraph), `medium` up to 512
(a page), `long` above. `language` is told of the response by its letters, with the limits of
`verifiers/language.py`, at some 70 microseconds each; a formula alone has none.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import NamedTuple

from gristmill.db.exports.records import ExportAttempt, ExportProblem
from gristmill.exports.rows import Example
from gristmill.exports.settings import MarkerName
from gristmill.text.hash_random import hash_numbers
from gristmill.text.sentences import simple_sentences
from gristmill.verifiers.language import language_of

CONCISE_TOKENS = 128
MEDIUM_TOKENS = 512


class Subject(NamedTuple):
    """An example, its metric and that metric's quartile (1 is the lowest), where they are known."""

    example: Example
    quality: float | None = None
    quartile: int | None = None


@lru_cache(maxsize=1)
def response_language(text: str) -> str:
    """ISO 639-1 code, "" where none can be told. The last one is remembered: rows of a response follow each
    other.
    """
    return language_of(text)[0]


def _length_bucket(subject: Subject) -> str:
    tokens = subject.example.attempt.completion_tokens
    if tokens <= CONCISE_TOKENS:
        return "concise"
    return "medium" if tokens <= MEDIUM_TOKENS else "long"


def _quality(subject: Subject) -> str | None:
    """Six significant digits."""
    return None if subject.quality is None else f"{subject.quality:.6g}"


def _quality_bucket(subject: Subject) -> str | None:
    return None if subject.quartile is None else str(subject.quartile)


MARKERS: dict[MarkerName, Callable[[Subject], str | None]] = {
    "level": lambda subject: subject.example.problem.level or None,
    "source": lambda subject: subject.example.problem.source or None,
    "model": lambda subject: subject.example.attempt.model or None,
    "verifier": lambda subject: subject.example.attempt.verifier or None,
    "task": lambda subject: subject.example.problem.origin.get("maker") or None,
    "language": lambda subject: response_language(subject.example.attempt.text) or None,
    "sentences": lambda subject: str(len(simple_sentences(subject.example.completion))),
    "length_tokens": lambda subject: str(subject.example.attempt.completion_tokens),
    "length_bucket": _length_bucket,
    "quality": _quality,
    "quality_bucket": _quality_bucket,
}
"""By name. The place of a marker decides which random number drops it: add at the end."""


class Quartiles:
    """The quartiles of a metric, apart for each language, over all responses of an export.

    Every quartile holds a quarter of its language's responses, to within one response: those with the same
    value are put in a random order, so that a threshold may fall among them. It takes 12 bytes a response
    while it is made, and 50 for a moment at the end.
    """

    def __init__(self, problems: Iterable[ExportProblem], metric: str, seed: int) -> None:
        """Reads all of `problems` once; responses without the metric are passed over and counted."""
        self._metric = metric
        self._seed = seed
        self.without = 0
        values: defaultdict[str, array[float]] = defaultdict(lambda: array("d"))
        ties: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
        for problem in problems:
            for attempt in problem.attempts:
                value = metric_of(problem, attempt, metric)
                if value is None:
                    self.without += 1
                    continue
                language = response_language(attempt.text)
                values[language].append(value)
                ties[language].append(self._tie(problem, attempt))
        self._thresholds = {name: _thresholds(values[name], ties[name]) for name in values}

    def __len__(self) -> int:
        """How many languages there are."""
        return len(self._thresholds)

    def quartile(self, problem: ExportProblem, attempt: ExportAttempt) -> int | None:
        """From 1, the lowest, to 4; None for a response without the metric."""
        value = metric_of(problem, attempt, self._metric)
        if value is None:
            return None
        thresholds = self._thresholds.get(response_language(attempt.text), ())
        return 1 + bisect_right(thresholds, (value, self._tie(problem, attempt)))

    def _tie(self, problem: ExportProblem, attempt: ExportAttempt) -> int:
        return hash_numbers(self._seed, "quartile", problem.problem.id, attempt.run_id, attempt.number)[0]


def metric_of(problem: ExportProblem, attempt: ExportAttempt, metric: str) -> float | None:
    """None for a response without the metric."""
    return problem.metrics.get(metric, {}).get(attempt.key)


def _thresholds(values: "array[float]", ties: "array[int]") -> tuple[tuple[float, int], ...]:
    """The first of the second, third and fourth quarter in the order of (value, tie)."""
    ordered = sorted(values)
    found = []
    for quarter in (1, 2, 3):
        start = quarter * len(ordered) // 4
        value = ordered[start]
        alike = sorted(tie for other, tie in zip(values, ties, strict=True) if other == value)
        found.append((value, alike[start - bisect_left(ordered, value)]))
    return tuple(found)
