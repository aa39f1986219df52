"""The base class of constraints. A subclass is a kind; an instance is a constraint, its fields the arguments.

The idea is IFEval's (Zhou et al. 2023, arXiv 2311.07911): what code can check needs no judge. A kind is
checked by a pure function of the text, in time linear in it, which never raises, whatever the text is.
"""

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence, Set
from random import Random
from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

from gristmill.text.blocks import bullets, lines, paragraphs
from gristmill.text.sentences import sentences
from gristmill.text.words import word_count
from gristmill.verifiers.constraints.demands import Demand, Measure, Part, Range
from gristmill.verifiers.constraints.phrases import capital_words, is_plain, question_marks

LONGEST_PHRASE = 200

Draw = Callable[[Random], object]
"""An argument at random."""


def between(low: int, high: int, step: int = 1) -> Draw:
    """One of `low * step` to `high * step`."""
    return lambda rng: step * rng.randint(low, high)


def one_of(values: Sequence[object]) -> Draw:
    return lambda rng: rng.choice(values)


class Constraint(BaseModel):
    """Frozen. `kind` is the slug under which it is stored: once used it keeps its meaning.

    In the strict form `check` gets the response as it is.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    kind: ClassVar[str]
    told: ClassVar[str] = ""
    """What a model is told, with the arguments in braces."""

    asks: ClassVar[Demand] = Demand()
    """Its demand, where that does not depend on the arguments."""

    draws: ClassVar[Mapping[str, Draw]] = {}
    """The arguments, in the order in which they are drawn."""

    @abstractmethod
    def check(self, text: str) -> str | None:
        """None where the text satisfies the constraint, else the evidence, for people."""

    def demand(self) -> Demand:
        return self.asks

    def sentence(self) -> str:
        """What a model is told: one or two sentences of plain English."""
        return self.told.format(**dict(self))

    @classmethod
    def sample(cls, rng: Random, prompt: str) -> Self:
        """One with arguments drawn at random. The prompt is the instruction it will be attached to, "" where
        that is not known; only `repeat-prompt` reads it, and needs it.
        """
        return cls.model_validate({name: draw(rng) for name, draw in cls.draws.items()})


COUNTED: dict[Measure, tuple[Callable[[str], int], str]] = {
    Measure.WORDS: (word_count, "word"),
    Measure.SENTENCES: (lambda text: len(sentences(text)), "sentence"),
    Measure.PARAGRAPHS: (lambda text: len(paragraphs(text)), "paragraph"),
    Measure.LINES: (lambda text: len(lines(text)), "line"),
    Measure.BULLETS: (lambda text: len(bullets(text)), "bullet"),
    Measure.QUESTIONS: (question_marks, "question mark"),
    Measure.CAPITALS: (capital_words, "word in capitals"),
}
"""The number of each in a text, and the name of one."""


class Counted(Constraint):
    """A constraint on a number. `told` may have `{s}`, for a plural, and `{times}`, "once" or "5 times"."""

    measure: ClassVar[Measure]
    parts: ClassVar[Set[Part]] = frozenset()
    count: int

    @abstractmethod
    def wanted(self) -> Range: ...

    def check(self, text: str) -> str | None:
        number_in, name = COUNTED[self.measure]
        return self.wanted().missed(number_in(text), name, self.measure)

    def sentence(self) -> str:
        one = self.count == 1
        return self.told.format(
            **dict(self), s="" if one else "s", times="once" if one else f"{self.count} times"
        )

    def demand(self) -> Demand:
        return Demand(parts=self.parts, ranges={self.measure: self.wanted()})


class AtLeast(Counted):
    def wanted(self) -> Range:
        return Range(self.count)


class AtMost(Counted):
    def wanted(self) -> Range:
        return Range(high=self.count)


class Exactly(Counted):
    def wanted(self) -> Range:
        return Range(self.count, self.count)


def _plain(phrase: str) -> str:
    if phrase != phrase.strip() or not phrase.isprintable():
        raise ValueError("no white space at the ends, no line breaks and no control characters")
    return phrase


def _of_words(phrase: str) -> str:
    if not is_plain(phrase):
        raise ValueError("words with single spaces between them, and no other signs")
    return phrase


def _one_word(phrase: str) -> str:
    if " " in phrase or not is_plain(phrase):
        raise ValueError("one word, and no other signs")
    return phrase


Phrase = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_PHRASE), AfterValidator(_plain)]
"""One line of text."""

Keyword = Annotated[Phrase, AfterValidator(_of_words)]
"""A word, or several."""

Word = Annotated[Phrase, AfterValidator(_one_word)]
