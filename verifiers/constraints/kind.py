"""The base class of constraints. A subclass is a kind; an instance is a constraint, its fields the arguments.

The idea is IFEval's (Zhou et al. 2023, arXiv 2311.07911): what code can check needs no judge. A kind is
checked by a pure function of the text, in time linear in it, which never raises, whatever the text is.
"""

from abc import abstractmethod
from random import Random
from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

from gristmill.verifiers.constraints.demands import Demand
from gristmill.verifiers.constraints.phrases import is_plain

LONGEST_PHRASE = 200


class Constraint(BaseModel):
    """Frozen. `kind` is the slug under which it is stored: once used it keeps its meaning.

    In the strict form `check` gets the response as it is.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    kind: ClassVar[str]

    @abstractmethod
    def check(self, text: str) -> str | None:
        """None where the text satisfies the constraint, else the evidence, for people."""

    @abstractmethod
    def sentence(self) -> str:
        """What a model is told: one or two sentences of plain English."""

    @abstractmethod
    def opposite(self) -> "Constraint":
        """A constraint that no text satisfies together with this one."""

    @abstractmethod
    def demand(self) -> Demand: ...

    @classmethod
    @abstractmethod
    def sample(cls, rng: Random, prompt: str) -> Self:
        """One with arguments drawn at random. The prompt is the instruction it will be attached to, "" where
        that is not known; only `repeat-prompt` reads it, and needs it.
        """


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
