"""Markers (control tags): a line after the prompt and before the completion, such as `<level>5</level>`.

A model trained on them can be steered by writing them into a prompt, and works them out by itself where they
are missing: the completion always begins with all of them, while prompts lose some at random. The share of
rows whose prompt has none is `marker_dropout_all`; in the other rows each goes by itself with the chance
`marker_dropout_each` (so that of m markers all go in a further share of (1 - all) * each ** m). Lots are
drawn by seed, problem, run, number and style: never by place or by what else is exported.

`parse_markers` gives back what `with_markers` was given, for any text: values are escaped, and a text that
is left without markers though its own last (or first) line looks like some gets one more line break there.

Source: Treasure Hunt (arXiv 2506.14702), which has 90 markers in 13 categories; those that need a person or a
model to tell are not among ours.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from gristmill.db.exports.records import ExportProblem
from gristmill.exports.rows import Example, Transform
from gristmill.exports.settings import ExportSettings, TransformSettings
from gristmill.exports.transforms.marker_values import MARKERS, Quartiles, Subject, metric_of
from gristmill.sampling.errors import ConfigError
from gristmill.text.hash_random import NUMBERS, hash_numbers

_UNSAFE = re.compile("[&<>\x00-\x1f\x7f\x85\u2028\u2029]")
_ESCAPED = re.compile(r"&#([0-9]{1,4});")
_NAME = "|".join(MARKERS)
_MARKER = re.compile(rf"<({_NAME})>([^<>\n]*+)</\1>")
_LINE = re.compile(rf"(?:<({_NAME})>[^<>\n]*+</\1>)+")
_PLACES: dict[str, int] = {name: place for place, name in enumerate(MARKERS, start=1)}


class Side(StrEnum):
    """Place of the markers: the last line of a prompt, the first of a completion."""

    PROMPT = "prompt"
    COMPLETION = "completion"


def open_markers(
    settings: ExportSettings, problems: Callable[[], Iterator[ExportProblem]]
) -> Transform | None:
    """`problems` is read through once for `quality_bucket`, and up to the first metric for `quality`. Raises
    ConfigError where no response has the metric.
    """
    asked, seed = settings.transform, settings.output.seed
    if not asked.markers:
        return None
    quartiles = None
    if asked.marker_metric is not None:
        if "quality_bucket" in asked.markers:
            quartiles = Quartiles(problems(), asked.marker_metric, seed)
            lacking = not len(quartiles) and quartiles.without > 0
        else:
            lacking = _lacks(problems(), asked.marker_metric)
        if lacking:
            raise ConfigError(
                f"transform.marker_metric: no response of this export has the metric "
                f"{asked.marker_metric!r}; runs keep the metrics that their selection names"
            )
    return _Marking(asked, seed, quartiles)


def with_markers(text: str, markers: Mapping[str, str], side: Side) -> str:
    """`markers` by known names, in order. Without any a text stays as it is, unless it looks marked."""
    line = "".join(f"<{name}>{_UNSAFE.sub(_escape, value)}</{name}>" for name, value in markers.items())
    if side is Side.PROMPT:
        return f"{text}\n{line}" if line or _last(text.rstrip("\n")) else text
    return f"{line}\n{text}" if line or _first(text.lstrip("\n")) else text


def parse_markers(text: str, side: Side) -> tuple[dict[str, str], str]:
    """The markers by name, in order, and the text without them."""
    found = _last(text) if side is Side.PROMPT else _first(text)
    if found is not None:
        rest, line = found
        return {name: _ESCAPED.sub(_unescape, value) for name, value in _MARKER.findall(line)}, rest
    if side is Side.PROMPT:
        return {}, text[:-1] if _last(text.rstrip("\n")) else text
    return {}, text[1:] if _first(text.lstrip("\n")) else text


@dataclass(frozen=True, slots=True)
class _Marking:
    """The transform itself."""

    asked: TransformSettings
    seed: int
    quartiles: Quartiles | None

    def __call__(self, problem: ExportProblem, examples: Iterable[Example]) -> Iterator[Example]:
        for example in examples:
            subject = self._subject(problem, example)
            markers: dict[str, str] = {}
            for name in self.asked.markers:
                if (value := MARKERS[name](subject)) is not None:
                    markers[name] = value
            yield example._replace(
                prompt=with_markers(example.prompt, self._kept(markers, example), Side.PROMPT),
                completion=with_markers(example.completion, markers, Side.COMPLETION),
            )

    def _subject(self, problem: ExportProblem, example: Example) -> Subject:
        metric, quartiles = self.asked.marker_metric, self.quartiles
        if metric is None:
            return Subject(example)
        attempt = example.attempt
        quartile = None if quartiles is None else quartiles.quartile(problem, attempt)
        return Subject(example, metric_of(problem, attempt, metric), quartile)

    def _kept(self, markers: Mapping[str, str], example: Example) -> Mapping[str, str]:
        """The markers that are not dropped from the prompt."""
        whole = self.asked.marker_dropout_all * NUMBERS
        each = self.asked.marker_dropout_each * NUMBERS
        if not whole and not each:
            return markers
        purpose = f"markers {example.style}"
        key = (self.seed, purpose, example.problem.id, example.attempt.run_id, example.attempt.number)
        drawn = hash_numbers(*key, count=len(MARKERS) + 1)
        if drawn[0] < whole:
            return {}
        return {name: value for name, value in markers.items() if drawn[_PLACES[name]] >= each}


def _lacks(problems: Iterator[ExportProblem], metric: str) -> bool:
    """True where there are responses and none of them has the metric."""
    some = False
    for problem in problems:
        for attempt in problem.attempts:
            some = True
            if metric_of(problem, attempt, metric) is not None:
                return False
    return some


def _last(text: str) -> tuple[str, str] | None:
    """The text before the last line, and that line, where it is one of markers."""
    rest, found, line = text.rpartition("\n")
    return (rest, line) if found and _LINE.fullmatch(line) else None


def _first(text: str) -> tuple[str, str] | None:
    """The text after the first line, and that line, where it is one of markers."""
    line, found, rest = text.partition("\n")
    return (rest, line) if found and _LINE.fullmatch(line) else None


def _escape(found: re.Match[str]) -> str:
    return f"&#{ord(found[0])};"


def _unescape(found: re.Match[str]) -> str:
    return chr(int(found[1]))
