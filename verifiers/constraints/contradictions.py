"""Conflicts between constraints: combines their demands, and checks the result by a few rules.

The promise is one-sided. None means that a text which satisfies all of them can be written (the tests write
one); evidence means that it cannot, or that this is not certain. So room is reckoned as if each piece stood
in words, sentences and lines of its own, and parts of a response that get in each other's way never meet.
"""

import re
from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import chain, combinations

from gristmill.text.words import word_count
from gristmill.verifiers.constraints.demands import UNBOUNDED, Case, Demand, Measure, Part, Range
from gristmill.verifiers.constraints.kind import COUNTED, Constraint
from gristmill.verifiers.constraints.language import CASELESS, LANGUAGES, UNSPACED
from gristmill.verifiers.constraints.phrases import occurrences

Demands = Sequence[Demand]

_CASES = {Case.LOWER: (str.lower, str.isupper), Case.UPPER: (str.upper, str.islower)}
"""How to write in it, and what tells a letter that cannot be: some have no counterpart in the other case."""

INCOMPATIBLE: dict[Part, set[Part]] = {
    Part.BEGINNING: {Part.BEGINNING},
    Part.ENDING: {Part.ENDING},
    Part.JSON: {
        Part.TITLE, Part.BULLETS, Part.SECTIONS, Part.HIGHLIGHTS, Part.PLACEHOLDERS, Part.PARAGRAPHS,
        Part.STARS, Part.LINES, Part.SENTENCES, Part.QUESTIONS, Part.NO_COMMAS,
    },
    Part.TWO: {
        Part.PARAGRAPHS, Part.STARS, Part.BEGINNING, Part.ENDING, Part.BULLETS, Part.SECTIONS,
    },
    Part.STARS: {Part.PARAGRAPHS, Part.STARS, Part.PROMPT},
    Part.PROMPT: {Part.SECTIONS, Part.WORD_OF_PARAGRAPH, Part.LANGUAGE},
    Part.SECTIONS: {Part.SECTIONS},
    Part.WORD_OF_PARAGRAPH: {Part.WORD_OF_PARAGRAPH},
    Part.LONG_SENTENCES: {
        Part.BEGINNING, Part.ENDING, Part.TITLE, Part.BULLETS, Part.SECTIONS, Part.QUESTIONS,
    },
    Part.LANGUAGE: {Part.LETTERS},
    Part.ALL_CAPITALS: {Part.FEW_CAPITALS},
}  # fmt: skip
"""Parts that one response should not have together, each pair once; the same part twice where only one
constraint may claim it. Pairs that could both be written stand here, too, where what is meant by them
together is not certain (two responses, and the bullets of which?).
"""

_OF_WORDS = (Measure.WORDS, Measure.WORDS_A_SENTENCE, Measure.CAPITALS)
_SHOWN = 60


def conflict(first: Constraint, second: Constraint) -> str | None:
    """Evidence that the two contradict each other; None where one text can satisfy both."""
    return conflicts((first, second))


def conflicts(constraints: Sequence[Constraint]) -> str | None:
    """Evidence that they cannot, or may not, all be satisfied by one text; None where they can.

    One by itself may contradict itself, too (a phrase of ten questions that is to end one sentence).
    """
    demands = [constraint.demand() for constraint in constraints]
    return next(chain.from_iterable(rule(demands) for rule in _RULES), None)


def _parts_that_never_meet(demands: Demands) -> Iterator[str]:
    for one, other in combinations([demand.parts for demand in demands], 2):
        if Part.CHOICE in one | other:
            yield f"{Part.CHOICE} leaves no room for anything else"
        for first in sorted(one):
            for second in sorted(other):
                if second in INCOMPATIBLE.get(first, ()) or first in INCOMPATIBLE.get(second, ()):
                    yield f"one response and both {first} and {second}"


def _ranges_that_do_not_meet(demands: Demands) -> Iterator[str]:
    for measure in Measure:
        both = _range(demands, measure)
        if both.low > both.high:
            yield f"{measure}: at least {both.low} and at most {both.high}"


def _sentences_that_no_number_of_words_fills(demands: Demands) -> Iterator[str]:
    """From twice the least on, any number of words can be dealt out to sentences."""
    length = _range(demands, Measure.WORDS_A_SENTENCE)
    if length.low and length.high < 2 * length.low:
        yield f"{Measure.WORDS_A_SENTENCE}: {length} leaves numbers of words that no sentences add up to"


def _too_little_room(demands: Demands) -> Iterator[str]:
    for measure, needed in _needs(demands).items():
        if needed > (high := _range(demands, measure).high):
            yield f"{measure}: what is asked for may take {needed}, at most {high} allowed"


def _pieces_longer_than_a_sentence(demands: Demands) -> Iterator[str]:
    high = _range(demands, Measure.WORDS_A_SENTENCE).high
    for piece in _pieces(demands):
        if word_count(piece) >= high:
            yield f"{word_count(piece)} words in a piece that is asked for, under {high} fit into a sentence"


def _too_many_of_a_word(demands: Demands) -> Iterator[str]:
    text = " | ".join(_pieces(demands))
    for demand in demands:
        for word, most in demand.most_of.items():
            if (found := occurrences(word, text)) > most:
                yield f'"{word}": {found} times in what is asked for, at most {most} allowed'


def _letters_that_do_not_add_up(demands: Demands) -> Iterator[str]:
    text = " ".join(_pieces(demands)).casefold()
    for letter in sorted({letter for demand in demands for letter in demand.letters}):
        allowed = reduce(Range.within, (demand.letters.get(letter, Range()) for demand in demands))
        if (taken := allowed.low + text.count(letter)) > allowed.high:
            yield (
                f'the letter "{letter}": what is asked for may take {taken}, at most {allowed.high} allowed'
            )


def _signs_that_are_barred(demands: Demands) -> Iterator[str]:
    for demand in demands:
        others = _pieces([other for other in demands if other is not demand])
        for sign, name in demand.bars.items():
            for piece in others:
                if re.search(sign, piece):
                    yield f"a {name} in {piece[:_SHOWN]!r}, which is asked for"


def _case_that_does_not_fit(demands: Demands) -> Iterator[str]:
    cases = {demand.case for demand in demands} - {Case.ANY}
    if len(cases) > 1:
        yield f"both {Case.LOWER} and {Case.UPPER} throughout"
    letters = [letter for demand in demands for letter, times in demand.letters.items() if times.low]
    for case in cases:
        change, is_wrong = _CASES[case]
        for text in _texts(demands):
            if change(text) != text or any(map(is_wrong, text)):
                yield f"{text[:_SHOWN]!r} is asked for, and is not in {case}"
        for key in letters + [key for demand in demands for key in demand.keys]:
            if change(key).casefold() != key.casefold() or any(map(is_wrong, change(key))):
                yield f'"{key}" is not the same in {case}'


def _language_that_does_not_fit(demands: Demands) -> Iterator[str]:
    languages = sorted({demand.language for demand in demands} - {""})
    if len(languages) > 1:
        yield f"both {LANGUAGES[languages[0]]} and {LANGUAGES[languages[1]]}"
    has_case = any(demand.case for demand in demands) or _range(demands, Measure.CAPITALS).low
    of_words = any(measure in demand.ranges for demand in demands for measure in _OF_WORDS)
    for language in languages:
        if language in CASELESS and has_case:
            yield f"{LANGUAGES[language]} is written without capitals"
        if language in UNSPACED and of_words:
            yield f"{LANGUAGES[language]} is written without spaces between words"
        for piece in _pieces(demands):
            if language != "en" or not piece.isascii():
                yield f"{piece[:_SHOWN]!r} is asked for, and {LANGUAGES[language]} is, too"


def _needs(demands: Demands) -> dict[Measure, int]:
    """How much a text that is written without care for room may have at the least."""
    length = _range(demands, Measure.WORDS_A_SENTENCE)
    blocks = _range(demands, Measure.PARAGRAPHS).low
    needed = {measure: _taken(demands, measure) for measure in COUNTED}
    needed[Measure.WORDS] += sum(word_count(key) for demand in demands for key in demand.keys)
    needed[Measure.WORDS] += blocks + _range(demands, Measure.LINES).low
    needed[Measure.SENTENCES] += blocks + 1
    needed[Measure.LINES] += blocks + 1
    needed[Measure.PARAGRAPHS] += 1
    needed[Measure.CAPITALS] += _range(demands, Measure.CAPITALS).low
    if length.high < UNBOUNDED:
        most_words = max(needed[Measure.WORDS], _range(demands, Measure.WORDS).low)
        needed[Measure.SENTENCES] += most_words // length.high + sum(len(demand.keys) for demand in demands)
    least_sentences = max(_range(demands, Measure.SENTENCES).low, needed[Measure.SENTENCES])
    needed[Measure.WORDS] += least_sentences * max(1, length.low)
    return needed


_RULES = (  # of each the first evidence counts
    _parts_that_never_meet,
    _ranges_that_do_not_meet,
    _sentences_that_no_number_of_words_fills,
    _too_little_room,
    _pieces_longer_than_a_sentence,
    _too_many_of_a_word,
    _letters_that_do_not_add_up,
    _signs_that_are_barred,
    _case_that_does_not_fit,
    _language_that_does_not_fit,
)


def _range(demands: Demands, measure: Measure) -> Range:
    return reduce(Range.within, (demand.ranges.get(measure, Range()) for demand in demands), Range())


def _taken(demands: Demands, measure: Measure) -> int:
    number_in, _ = COUNTED[measure]
    shared = 1 if measure is Measure.PARAGRAPHS else 0  # a text that is asked for may share one with others
    pieces = sum(demand.takes.get(measure, 0) for demand in demands)
    return pieces + sum(max(0, number_in(text) - shared) for text in _texts(demands))


def _texts(demands: Demands) -> list[str]:
    return [text for demand in demands for text in demand.texts]


def _pieces(demands: Demands) -> list[str]:
    return _texts(demands) + [key for demand in demands for key in demand.keys]
