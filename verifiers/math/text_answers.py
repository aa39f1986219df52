r"""Comparison of written answers: words, letters of a choice, times, ratios, numbers in another base.

They are compared as text or by their parts, whole against whole. Nothing here looks for a word inside
another: "unknown" is not "no", "monotone" is no Monday. Each function answers None where the reference is not
of its form, so that the next way of reading is tried.
"""

import re
from itertools import pairwise

from gristmill.verifiers.math.clock_times import compare_times
from gristmill.verifiers.math.number_bases import compare_based
from gristmill.verifiers.math.plain_numbers import read_number
from gristmill.verifiers.math.unit_names import MATH_NAMES
from gristmill.verifiers.reasons import Reason

_TEXT = re.compile(r"\\text\s*\{([^{}]*)\}")
_WORDS = re.compile(r"[^\W\d_](?:[^\W\d_]|[ '.,-])*")
_SHORT_WORDS = frozenset(
    {"no", "yes", "all", "any", "red", "odd", "one", "two", "six", "ten", "win", "up", "on", "off", "day"}
    | {"sun", "mon", "tue", "wed", "thu", "fri", "sat"}
)
_MATH_NAMES = frozenset(
    {"sqrt", "frac", "sinh", "cosh", "tanh", "arcsin", "arccos", "arctan", "infty", "theta"}
)
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")
_VOWEL = re.compile("[aeiouAEIOU]")
_LETTERS = re.compile(r"[a-z]{4,10}|[A-Z]{4,10}")
_COMMAND = re.compile(r"\\[A-Za-z]+")
_WIDEST_STEP = 2
_EMPTY = frozenset(
    {
        "no solution",
        "no solutions",
        "no real solution",
        "no real solutions",
        "empty set",
        "there are no solutions",
    }
)
_ALL_SIGNS = frozenset({r"\mathbb{R}", r"(-\infty,\infty)", r"(-\infty, \infty)", r"(-\infty,+\infty)"})
_ARTICLES = re.compile(r"^(?:the|a|an)\s+")
_TERM = r"-?\d+(?:\.\d+)?"
_RATIO = re.compile(rf"{_TERM}(?:\s*(?::|\\colon(?![A-Za-z]))\s*{_TERM})+")
_SPOKEN_RATIO = re.compile(rf"({_TERM}) ?(?:to|\\text\s*\{{\s*to\s*\}}) ?({_TERM})")
_CLOCK = re.compile(r"\d{1,2}:\d\d")


def compare_written(reference: str, answer: str) -> Reason | None:
    """The first of the forms below that the reference has decides; None where it has none of them."""
    for compare in (compare_times, compare_words, compare_based, compare_ratios):
        if (reason := compare(reference, answer)) is not None:
            return reason
    return None


def _reason(equal: bool) -> Reason:
    return Reason.EQUAL if equal else Reason.WRONG_ANSWER


def compare_words(reference: str, answer: str) -> Reason | None:
    """Words are equal without regard to case, articles and punctuation. Left to others: numbers in words, and
    letters that could be a product.
    """
    for says in (_says_empty, _says_all):
        if says(reference) and says(answer):
            return Reason.EQUAL
    if not is_words(reference) or (_says_all(reference) and not is_words(answer)):
        return None
    if _words_key(reference) == _words_key(answer):
        return Reason.EQUAL
    if _is_number(reference) and (not is_words(answer) or read_number(answer) is not None):
        return None
    return _compare_letters(reference, answer) if _LETTERS.fullmatch(reference) else Reason.WRONG_ANSWER


def _is_number(words: str) -> bool:
    """Whether words are a number, with a unit perhaps; a name may begin with one, too: "One Direction"."""
    number = read_number(words)
    return number is not None and (not number.unit or words == words.lower())


def _compare_letters(reference: str, answer: str) -> Reason | None:
    """A bare word could be a product: the same letters in another order are one only if they are no word."""
    letters = [char for char in _COMMAND.sub("", answer) if char.isalpha()]
    if sorted(letters) != sorted(reference):
        return Reason.WRONG_ANSWER
    if not _LETTERS.fullmatch(answer):
        return None
    return _reason(_is_product(reference) or _is_product(answer))


def _is_product(letters: str) -> bool:
    """Whether letters are surely no word: they have no vowel, or follow one another as in the alphabet, with
    gaps of one at most (`abcd`, `pqrt`).
    """
    return not _VOWEL.search(letters) or all(
        0 < ord(after) - ord(before) <= _WIDEST_STEP for before, after in pairwise(letters)
    )


def _says_empty(text: str) -> bool:
    return text == r"\emptyset" or _words_key(text) in _EMPTY


def _says_all(text: str) -> bool:
    return text in _ALL_SIGNS or _words_key(text) in ("all real numbers", "all reals", "all real x")


def is_words(text: str) -> bool:
    r"""Whether a text is words: letters in `\text{}`, or bare ones too long to be a product of variables."""
    bare = _TEXT.sub(r" \1 ", text).strip()
    if not _WORDS.fullmatch(bare):
        return False
    if _TEXT.sub("", text).strip(" .,'-") == "":
        return True
    words = re.findall(r"[^\W\d_]+", bare.lower())
    return any((len(word) > 3 or word in _SHORT_WORDS) and word not in _MATH_NAMES for word in words)


def is_prose(text: str) -> bool:
    """Whether words of a language stand among numbers, so that the whole is no formula: 3 apples left."""
    bare = _COMMAND.sub(" ", _TEXT.sub(" ", text))
    words = [word for word in _LONG_WORD.findall(bare) if word.lower() not in MATH_NAMES]
    return any(_VOWEL.search(word) and not _is_product(word) for word in words)


def _words_key(text: str) -> str:
    bare = " ".join(re.findall(r"\w+", _TEXT.sub(r" \1 ", text).casefold().replace("'", "")))
    return _ARTICLES.sub("", bare)


def compare_ratios(reference: str, answer: str) -> Reason | None:
    """Ratios are equal when their terms are proportional; a fraction or decimal stands for a ratio of two
    terms. What may be two times of day is compared term by term: 10:00 is not 5:00.
    """
    wanted, given = _ratio(reference), _ratio(answer)
    if ":" not in wanted + given or not (wanted or _ratio_of_share(reference)):
        return None
    if _CLOCK.fullmatch(wanted) and (_CLOCK.fullmatch(given) or ":0" in wanted):
        return _reason(bool(_CLOCK.fullmatch(given)) and _terms(wanted) == _terms(given))
    wanted, given = wanted or _ratio_of_share(reference), given or _ratio_of_share(answer)
    if not wanted or not given:
        return Reason.WRONG_ANSWER
    one, other = _terms(wanted), _terms(given)
    proportional = all(left * other[0] == right * one[0] for left, right in zip(one, other, strict=False))
    return _reason(len(one) == len(other) and proportional and any(one) == any(other))


def _ratio(text: str) -> str:
    """A ratio with colons, "" where the text is none."""
    if match := _SPOKEN_RATIO.fullmatch(text):
        return f"{match[1]}:{match[2]}"
    return text.replace("\\colon", ":").replace(" ", "") if _RATIO.fullmatch(text) else ""


def _ratio_of_share(text: str) -> str:
    """A plain fraction or decimal as a ratio of two terms; a whole number is none."""
    number = read_number(text)
    if number is None or number.unit or number.percent or number.value.denominator == 1:
        return ""
    return f"{number.value.numerator}:{number.value.denominator}"


def _terms(ratio: str) -> list[int]:
    """The terms as integers, scaled by one power of ten."""
    terms = [term.strip() for term in ratio.split(":")]
    decimals = max(len(term.partition(".")[2]) for term in terms)
    return [int(f"{whole}{part:0<{decimals}}") for whole, _, part in (term.partition(".") for term in terms)]
