"""Checks of candidates for single makers: content kept by a refinement, an answer that is in the passage.

Both are proxies by words and numbers, and read no meaning. Names are told by capitals, which works for
English and languages that write like it, not for German nouns. A name that only opens sentences is not seen;
a word that a title capitalises is taken for one.

Sources: EasyDistill's refinement (arXiv 2412.04871); ClimateChat's answers from documents (arXiv 2506.13796).
"""

import re

from gristmill.text.stop_words import STOP_WORDS
from gristmill.verifiers.finding import Finding
from gristmill.verifiers.grounding.content_words import content_words, word_count
from gristmill.verifiers.grounding.numbers import all_numbers_in, negatives_in, numbers_in, values_in
from gristmill.verifiers.grounding.quotations import FEWEST_WORDS, span_in
from gristmill.verifiers.grounding.verify import LEAST_SHARE, known_numbers
from gristmill.verifiers.reasons import Reason

_LONGEST_SHOWN = 200
_LETTERS = re.compile(r"[^\W\d_]+")
_YES_OR_NO = frozenset(("yes", "no"))
_ANSWERED = re.compile(r"[\W_]{0,5}(?:yes|no)\b", re.IGNORECASE)
_OPENING = re.compile(r"(?:\A|[.!?:;…\n])[\W_]*")


def content_lost(parent: str, text: str) -> Finding | None:
    """What of the parent's numbers and names the text has not; the case of a name does not count. A number
    must stay in digits (`1,000` may become `1000`), a number word is no number; one below zero must stay so.
    """
    numbers, letters = all_numbers_in(text), {word.lower() for word in _LETTERS.findall(text)}
    missing = [number for number in numbers_in(parent) if number not in numbers]
    negatives = negatives_in(text)
    missing += [each for each in negatives_in(parent) if each not in negatives and each[1:] not in missing]
    missing += [name for name in _names(parent) if name.lower() not in letters]
    return Finding(Reason.CONTENT_LOST, f"missing: {_shown(missing)}") if missing else None


def ungrounded(passage: str, quote: str, answer: str) -> Finding | None:
    """Whether the quote is not one of the passage, or the answer says what the passage does not: fewer than
    `LEAST_SHARE` of its words that say something stand there, or not all of its numbers. An answer without
    such words and numbers says nothing, unless it begins with yes or no; those two are taken at their word.
    """
    if not quote.strip():
        return Finding(Reason.NO_CITATION, "the quote is empty")
    if word_count(quote) < FEWEST_WORDS:
        return Finding(Reason.UNGROUNDED, f"fewer than {FEWEST_WORDS} words: {quote[:_LONGEST_SHOWN]}")
    if span_in(passage, quote) is None:
        return Finding(Reason.UNGROUNDED, f"not in the passage: {quote[:_LONGEST_SHOWN]}")
    return _unsupported(passage, answer)


def _unsupported(passage: str, answer: str) -> Finding | None:
    if not answer.strip():
        return Finding(Reason.UNGROUNDED, "the answer is empty")
    known, there = known_numbers(passage), content_words(passage)
    if unknown := [number for number in values_in(answer) if number not in known]:
        return Finding(Reason.UNGROUNDED, f"numbers not in the passage: {_shown(unknown)}")
    said = {stem: word for stem, word in content_words(answer).items() if word not in _YES_OR_NO}
    if not said and not known_numbers(answer) and not _ANSWERED.match(answer):
        return Finding(Reason.UNGROUNDED, "the answer says nothing")
    foreign = [word for stem, word in said.items() if stem not in there and not known_numbers(word) & known]
    if len(said) - len(foreign) >= LEAST_SHARE * len(said):
        return None
    share = f"{len(foreign)} of {len(said)} words of the answer are not in the passage"
    return Finding(Reason.UNGROUNDED, f"{share}: {_shown(foreign)}")


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
