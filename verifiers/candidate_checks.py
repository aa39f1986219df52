"""Checks of candidates that only one kind of maker needs: a refinement keeps what it refines, a question made
from a passage has its answer there.

Both are proxies by words and numbers, and read no meaning. Names are told by capitals, which works for
English and languages that write like it, not for German nouns. A name that only opens sentences is not seen;
a word that a title capitalises is taken for one.

Sources: EasyDistill's refinement (arXiv 2412.04871); ClimateChat's answers from documents (arXiv 2506.13796).
"""

import re

from verifiers.faults import Fault
from verifiers.grounding import FEWEST_WORDS, known_numbers, span_in
from verifiers.metrics.figures import all_numbers_in, numbers_in
from verifiers.metrics.stop_words import STOP_WORDS
from verifiers.metrics.words import words
from verifiers.reasons import Reason

LEAST_SHARE = 0.6
"""Of an answer's words that say something, those that the passage must hold."""

_LONGEST_SHOWN = 200
_LETTERS = re.compile(r"[^\W\d_]+")
_OPENING = re.compile(r"(?:\A|[.!?:;…\n])[\W_]*")


def content_lost(parent: str, text: str) -> Fault | None:
    """What of the parent's numbers and names the text has not; the case of a name does not count. A number
    must stay in digits (`1,000` may become `1000`), a number word is no number.
    """
    numbers, letters = all_numbers_in(text), {word.lower() for word in _LETTERS.findall(text)}
    missing = [number for number in numbers_in(parent) if number not in numbers]
    missing += [name for name in _names(parent) if name.lower() not in letters]
    return Fault(Reason.CONTENT_LOST, f"missing: {_shown(missing)}") if missing else None


def ungrounded(passage: str, quote: str, answer: str) -> Fault | None:
    """Whether the quote is not one of the passage, or the answer says what the passage does not: fewer than
    `LEAST_SHARE` of its words that say something stand there, or not all of its numbers.
    """
    if not quote.strip():
        return Fault(Reason.NO_CITATION, "the quote is empty")
    if len(words(quote)) < FEWEST_WORDS:
        return Fault(Reason.UNGROUNDED, f"fewer than {FEWEST_WORDS} words: {quote[:_LONGEST_SHOWN]}")
    if span_in(passage, quote) is None:
        return Fault(Reason.UNGROUNDED, f"not in the passage: {quote[:_LONGEST_SHOWN]}")
    return _unsupported(passage, answer)


def _unsupported(passage: str, answer: str) -> Fault | None:
    if not answer.strip():
        return Fault(Reason.UNGROUNDED, "the answer is empty")
    known = known_numbers(passage)
    if unknown := [number for number in numbers_in(answer) if number not in known]:
        return Fault(Reason.UNGROUNDED, f"numbers not in the passage: {_shown(unknown)}")
    there = set(words(passage))
    said = {word: word in there for word in words(answer) if word not in STOP_WORDS and not word[0].isdigit()}
    if sum(said.values()) >= LEAST_SHARE * len(said):
        return None
    foreign = [word for word, stands in said.items() if not stands]
    share = f"{len(foreign)} of {len(said)} words of the answer are not in the passage"
    return Fault(Reason.UNGROUNDED, f"{share}: {_shown(foreign)}")


def _names(text: str) -> list[str]:
    """Words with a capital that do not open a sentence, a line or a clause after a colon; each once."""
    openings = {match.end() for match in _OPENING.finditer(text)}
    capitalised = (
        match[0]
        for match in _LETTERS.finditer(text)
        if match.start() not in openings and match[0][0].isupper()
    )
    return list(dict.fromkeys(name for name in capitalised if name.lower() not in STOP_WORDS))


def _shown(found: list[str]) -> str:
    return ", ".join(found)[:_LONGEST_SHOWN]
