"""Prompt styles: with or without few-shot examples, with or without reasoning in the answer.

A small model trained on a mix of them keeps both in-context and zero-shot answering. Prompts and completions:

    ic-cot   solved questions with their reasoning, the question    its reasoning, "The answer is N"
    ic-ao    solved questions with their answers, the question      "The answer is N"
    zs-cot   the question                                           its reasoning, "The answer is N"
    zs-ao    the question                                           "The answer is N"

`all` gives an example four times, in this order; weights choose one at random. N is the problem's reference,
so an example without a reference that is an answer (constraints are none) has the styles with reasoning
alone: of `all` two, and by weights one of them, or none where neither has a weight. Reasoning is the response
without calculator marks, and with the last sentence where it does not have it already.

Worked examples are drawn at random from the first `POOL` problems of the split `train`, one accepted response
each. Never the question itself: no problem with the same prompt, up to white space and case. Longer ones than
`LONGEST_SHOT` are passed over, since they would be repeated in row after row.

Source: specialising smaller models (arXiv 2301.12726), whose batches mix the four 2:10:8:20.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from gristmill.db.exports.records import ExportProblem
from gristmill.exports.rows import Example, Transform
from gristmill.exports.settings import ExportSettings, style_weights
from gristmill.runs.judges.rubric import shown_reference
from gristmill.sampling.errors import ConfigError
from gristmill.sampling.records import Problem
from gristmill.text.hash_random import NUMBERS, hash_numbers

POOL = 256
LONGEST_SHOT = 4_000
"""Characters of a worked example's question, reasoning and answer together."""

_CALCULATION = re.compile(r"(?<!<)<<(?!\s)(?=[^<>\n=]{0,200}=)[-\w.,+*/()%$^×÷ =]{1,400}>>(?!>)")
_CLOSING = "the answer is"
_CLOSING_WITHIN = 200


class Style(NamedTuple):
    """`in_context` puts worked examples before the question, `reasoned` asks for reasoning."""

    name: str
    in_context: bool
    reasoned: bool


STYLES = (
    Style("ic-cot", in_context=True, reasoned=True),
    Style("ic-ao", in_context=True, reasoned=False),
    Style("zs-cot", in_context=False, reasoned=True),
    Style("zs-ao", in_context=False, reasoned=False),
)
"""In the order of the weights."""


class Shot(NamedTuple):
    """A worked example, as it stands in a prompt with reasoning and in one without."""

    reasoned: str
    answered: str


def open_styles(settings: ExportSettings, pool: Callable[[], Iterator[ExportProblem]]) -> Transform | None:
    """Reads `pool` until it has enough of it. Raises ConfigError where too few can be worked examples."""
    styles = settings.transform.styles
    if styles is None:
        return None
    weights = style_weights(styles)
    shots, places = _shots(pool()) if weights is None or any(weights[:2]) else ([], {})
    wanted = settings.transform.shots
    if (weights is None or any(weights[:2])) and len(shots) <= wanted:
        raise ConfigError(
            f"transform.styles: {wanted} worked examples beside a question need {wanted + 1} problems of the "
            f"split train with different prompts, a reference and an accepted response of at most "
            f"{LONGEST_SHOT:,} characters, and this export has {len(shots)}; lower shots, or give the "
            "in-context styles no weight"
        )
    return _Styling(weights, settings.output.seed, wanted, shots, places)


@dataclass(frozen=True, slots=True)
class _Styling:
    """The transform itself; `places` are those of the shots, by their question."""

    weights: tuple[int, ...] | None
    seed: int
    wanted: int
    shots: Sequence[Shot]
    places: dict[str, int]

    def __call__(self, problem: ExportProblem, examples: Iterable[Example]) -> Iterator[Example]:
        answer = answer_of(problem.problem)
        own = self.places.get(_question(problem.problem))
        for example in examples:
            attempt = example.attempt
            key = (self.seed, "styles", example.problem.id, attempt.run_id, attempt.number)
            drawn = hash_numbers(*key, count=self.wanted + 1)
            for style in self._styles(drawn[0], bool(answer)):
                prompt = _asked(example.prompt, reasoned=style.reasoned)
                if style.in_context:
                    chosen = _chosen(drawn[1:], len(self.shots), own)
                    shots = (self.shots[place] for place in chosen)
                    shown = (shot.reasoned if style.reasoned else shot.answered for shot in shots)
                    prompt = "\n\n".join((*shown, prompt))
                completion = _closing(answer)
                if style.reasoned:
                    completion = _reasoning(example.completion, answer)
                yield example._replace(prompt=prompt, completion=completion, style=style.name)

    def _styles(self, number: int, answered: bool) -> Sequence[Style]:
        """The styles of one example: all that it can have, or the one that the number chooses."""
        known = [style for style in STYLES if answered or style.reasoned]
        if self.weights is None:
            return known
        ends = list(accumulate(self.weights[STYLES.index(style)] for style in known))
        return (known[bisect_right(ends, number * ends[-1] // NUMBERS)],) if ends[-1] else ()


def without_calculations(text: str) -> str:
    """Without calculator marks such as `<<48/2=24>>`: an equation in double brackets, not a long
    one. Titles in such brackets and shift operators stay.
    """
    return _CALCULATION.sub("", text) if "<<" in text else text


def answer_of(problem: Problem) -> str:
    """The reference where it is an answer, "" otherwise."""
    try:
        return shown_reference(problem).strip()
    except ValueError:  # a grounded question whose source cannot be read
        return ""


def _shots(pool: Iterator[ExportProblem]) -> tuple[list[Shot], dict[str, int]]:
    shots: list[Shot] = []
    places: dict[str, int] = {}
    for problem in pool:
        question, shot = _question(problem.problem), _shot(problem)
        if shot is not None and question not in places:
            places[question] = len(shots)
            shots.append(shot)
        if len(shots) == POOL:
            break
    return shots, places


def _shot(problem: ExportProblem) -> Shot | None:
    """Worked example with the first response that is short enough; None where there is none."""
    prompt, answer = problem.problem.prompt, answer_of(problem.problem)
    if not answer:
        return None
    for attempt in problem.attempts:
        if len(prompt) + len(answer) + len(attempt.text) <= LONGEST_SHOT:
            reasoning = _reasoning(attempt.text, answer)
            return Shot(
                f"{_asked(prompt, reasoned=True)}\n{reasoning}",
                f"{_asked(prompt, reasoned=False)} {_closing(answer)}",
            )
    return None


def _chosen(drawn: Sequence[int], size: int, own: int | None) -> list[int]:
    """Places of as many different shots as there are random numbers, `own` not among them: a Fisher-Yates
    shuffle that stops early.
    """
    left = size if own is None else size - 1
    moved: dict[int, int] = {}
    places = []
    for first, number in enumerate(drawn):
        place = first + number % (left - first)
        taken = moved.get(place, place)
        moved[place] = moved.get(first, first)
        places.append(taken if own is None or taken < own else taken + 1)
    return places


def _asked(prompt: str, *, reasoned: bool) -> str:
    cue = "Let's think step by step" if reasoned else "A:"
    return f"Q: {prompt}\n{cue}"


def _closing(answer: str) -> str:
    return f"The answer is {answer}"


def _reasoning(response: str, answer: str) -> str:
    """Closed by the answer, so that all styles end alike, unless it closes so by itself."""
    text = without_calculations(response).strip()
    if not answer or _CLOSING in text[-_CLOSING_WITHIN:].lower():
        return text
    return f"{text}\n{_closing(answer)}"


def _question(problem: Problem) -> str:
    return " ".join(problem.prompt.split()).casefold()
