"""What a text must be like to satisfy given constraints: read off their kinds and fields alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from gristmill.verifiers.constraints import Constraint
from gristmill.verifiers.constraints.characters import LetterAtMost
from gristmill.verifiers.constraints.language import Language
from gristmill.verifiers.constraints.lengths import (
    LinesExactly,
    ParagraphsExactly,
    ParagraphsStarred,
    WordsAtLeast,
    WordsAtMost,
    WordsBetween,
    WordsExactly,
)
from gristmill.verifiers.constraints.sentence_lengths import (
    SentencesAtLeast,
    SentenceWordsAtLeast,
    SentenceWordsAtMost,
)
from gristmill.verifiers.constraints.start_end import (
    EndsWith,
    EndsWithQuestion,
    ParagraphStartsWith,
    QuestionsExactly,
    StartsWith,
)
from gristmill.verifiers.constraints.whole_response import RepeatPrompt, TwoResponses

FOREVER = 10**6
TWO = "\n******\n"


@dataclass
class Plan:
    """`breaks`: what stands before the second, third, ... sentence of filler; `firsts`: the words that
    sentences of filler begin with, by number; `tail`: what follows the filler.
    """

    language: str = ""
    without: str = ""
    words: tuple[int, int] = (0, FOREVER)
    sentence: tuple[int, int] = (1, FOREVER)
    sentences: int = 1
    lines: int = 0
    beginning: str = ""
    breaks: tuple[str, ...] = ()
    first: tuple[int, str] | None = None
    questions: int = 0
    ending: str = ""
    asks_last: bool = False


def plan_of(constraints: Sequence[Constraint]) -> Plan:
    plan = Plan()
    for constraint in constraints:
        _plan_words(plan, constraint)
        _plan_sentences(plan, constraint)
        _plan_breaks(plan, constraint)
        _plan_edges(plan, constraint)
    marks = plan.beginning.count("?") + plan.ending.count("?") + plan.asks_last
    plan.questions = max(0, plan.questions - marks)
    inside = plan.beginning.count("\n\n")
    plan.breaks = plan.breaks[inside:]
    return plan


def _plan_words(plan: Plan, constraint: Constraint) -> None:
    low, high = plan.words
    match constraint:
        case WordsAtLeast(count=count):
            plan.words = max(low, count), high
        case WordsAtMost(count=count):
            plan.words = low, min(high, count)
        case WordsExactly(count=count):
            plan.words = max(low, count), min(high, count)
        case WordsBetween(least=least, most=most):
            plan.words = max(low, least), min(high, most)
        case Language(language=language):
            plan.language = language
        case LetterAtMost(letter=letter):
            plan.without = letter


def _plan_sentences(plan: Plan, constraint: Constraint) -> None:
    match constraint:
        case SentencesAtLeast(count=count):
            plan.sentences = count
        case SentenceWordsAtLeast(count=count):
            plan.sentence = count, plan.sentence[1]
        case SentenceWordsAtMost(count=count):
            plan.sentence = plan.sentence[0], count
        case LinesExactly(count=count):
            plan.lines = count


def _plan_breaks(plan: Plan, constraint: Constraint) -> None:
    match constraint:
        case ParagraphStartsWith(count=count, paragraph=paragraph, word=word):
            plan.breaks = ("\n\n",) * (count - 1)
            if paragraph == 1:
                plan.beginning = word
            else:
                plan.first = paragraph - 1, word
        case ParagraphsExactly(count=count):
            plan.breaks = ("\n\n",) * (count - 1)
        case ParagraphsStarred(count=count):
            plan.breaks = ("\n***\n",) * (count - 1)
        case TwoResponses():
            plan.breaks = (TWO,)


def _plan_edges(plan: Plan, constraint: Constraint) -> None:
    match constraint:
        case StartsWith(phrase=phrase):
            plan.beginning = phrase
        case RepeatPrompt(prompt=prompt):
            plan.beginning = prompt
        case EndsWith(phrase=phrase):
            plan.ending = phrase
        case EndsWithQuestion():
            plan.asks_last = True
        case QuestionsExactly(count=count):
            plan.questions = count
