r"""Comparison of written answers: words, letters of a choice, times, ratios, numbers in another base.

They are compared as text or by their parts, whole against whole. Nothing here looks for a word inside
another: "unknown" is not "no", "monotone" is no Monday. Each function answers None where the reference is not
of its form, so that the next way of reading is tried.
"""

import re

from gristmill.verifiers.math.normalisation import skeleton
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
_ARTICLES = re.compile(r"^(?:the|a|an)\s+")
_CHOICE = re.compile(r"(\()?\s*([A-Za-z])\s*(\))?(?:[.:].*)?")
_TIME = re.compile(r"(\d{1,2})(?::(\d\d))?\s*([ap])?\s*\.?\s*(?:m\.?)?", re.IGNORECASE)
_RATIO = re.compile(r"-?\d+(?:\.\d+)?(?:\s*:\s*-?\d+(?:\.\d+)?)+")
_CLOCK = re.compile(r"\d{1,2}:\d\d")
_BASED = re.compile(r"([0-9][0-9A-Fa-f,]*)_\s*\{?\s*(?:\\text\s*\{)?\s*(\w+)\s*\}?\}?")
_BARE_DIGITS = re.compile(r"[0-9][0-9A-Fa-f,]*")


def compare_written(reference: str, answer: str) -> Reason | None:
    """The first of the forms below that the reference has decides; None where it has none of them."""
    for compare in (compare_times, compare_choices, compare_words, compare_based, compare_ratios):
        if (reason := compare(reference, answer)) is not None:
            return reason
    return None


def _reason(equal: bool) -> Reason:
    return Reason.EQUAL if equal else Reason.WRONG_ANSWER


def compare_words(reference: str, answer: str) -> Reason | None:
    """Words are equal without regard to case, articles and punctuation."""
    if (_says_empty(reference), _says_empty(answer)) == (True, True):
        return Reason.EQUAL
    if not is_words(reference):
        return None
    return _reason(_words_key(reference) == _words_key(answer))


def _says_empty(text: str) -> bool:
    return text == r"\emptyset" or _words_key(text) in _EMPTY


def is_words(text: str) -> bool:
    r"""Whether a text is words: letters in `\text{}`, or bare ones too long to be a product of variables."""
    bare = _TEXT.sub(r" \1 ", text).strip()
    if not _WORDS.fullmatch(bare):
        return False
    if _TEXT.sub("", text).strip(" .,'-") == "":
        return True
    words = re.findall(r"[^\W\d_]+", bare.lower())
    return any((len(word) > 3 or word in _SHORT_WORDS) and word not in _MATH_NAMES for word in words)


def _words_key(text: str) -> str:
    bare = " ".join(re.findall(r"\w+", _TEXT.sub(r" \1 ", text).casefold().replace("'", "")))
    return _ARTICLES.sub("", bare)


def compare_choices(reference: str, answer: str) -> Reason | None:
    r"""(C), C, \text{C} and "C: 12" are one choice. The letter's case counts unless the reference marks a
    choice.
    """
    wanted = _CHOICE.fullmatch(_unwrapped(reference))
    if wanted is None or bool(wanted[1]) != bool(wanted[3]):
        return None
    marked = bool(wanted[1]) or "\\text" in reference
    if not marked and not wanted[2].isupper():
        return None
    given = _CHOICE.fullmatch(_unwrapped(answer))
    if given is None:
        return Reason.WRONG_ANSWER if marked else None
    return _reason(wanted[2] == given[2] or (marked and wanted[2].upper() == given[2].upper()))


def _unwrapped(text: str) -> str:
    return " ".join(_TEXT.sub(r"\1", text).split())


def compare_times(reference: str, answer: str) -> Reason | None:
    """Times of day, where one of the two says a.m. or p.m.; the mark may be missing on one side, as a unit
    may.
    """
    wanted, given = _time(reference), _time(answer)
    if wanted is None or given is None or not (wanted[1] or given[1]):
        return None
    if wanted[1] and given[1]:
        return _reason(wanted == given)
    (marked, mark), bare = (wanted, given[0]) if wanted[1] else (given, wanted[0])
    return _reason(bare in (marked, marked % 720 + 720 * (mark == "p")))


def _time(text: str) -> tuple[int, str] | None:
    """Minutes as written, with twelve o'clock as 0 where there is a mark, and the mark."""
    match = _TIME.fullmatch(_unwrapped(text))
    if match is None or not (match[2] or match[3]) or int(match[1]) > 24 or int(match[2] or 0) > 59:
        return None
    mark = (match[3] or "").lower()
    hour = int(match[1]) % 12 if mark else int(match[1])
    return hour * 60 + int(match[2] or 0), mark


def compare_ratios(reference: str, answer: str) -> Reason | None:
    """Ratios are equal when their terms are proportional; a fraction stands for a ratio of two terms. What
    may be two times of day is compared term by term: 10:00 is not 5:00.
    """
    if not _RATIO.fullmatch(reference):
        return None
    if _CLOCK.fullmatch(reference) and _CLOCK.fullmatch(answer):
        return _reason(_terms(reference) == _terms(answer))
    if not _RATIO.fullmatch(answer):
        fraction = re.fullmatch(r"\\frac\{(\d+)\}\{(\d+)\}|(\d+)\s*/\s*(\d+)", answer)
        if fraction is None:
            return Reason.WRONG_ANSWER
        answer = ":".join(term for term in fraction.groups() if term)
    wanted, given = _terms(reference), _terms(answer)
    proportional = all(one * given[0] == other * wanted[0] for one, other in zip(wanted, given, strict=False))
    return _reason(len(wanted) == len(given) and proportional and any(given) == any(wanted))


def _terms(ratio: str) -> list[int]:
    """The terms as integers, scaled by one power of ten."""
    terms = [term.strip() for term in ratio.split(":")]
    decimals = max(len(term.partition(".")[2]) for term in terms)
    return [int(f"{whole}{part:0<{decimals}}") for whole, _, part in (term.partition(".") for term in terms)]


def compare_based(reference: str, answer: str) -> Reason | None:
    """Digits in another base: the same digits in the same base. The base may be left out in the answer: a
    reference without one is a decimal.
    """
    wanted, given = _based(reference), _based(answer)
    if not (wanted and given) or not (wanted[1] or given[1]):
        return None if wanted is None or not wanted[1] else Reason.WRONG_ANSWER
    same_base = wanted[1] == given[1] or not given[1]
    return _reason(same_base and wanted[0] == given[0])


def _based(text: str) -> tuple[str, str] | None:
    text = skeleton(text)
    if match := _BASED.fullmatch(text):
        return match[1].replace(",", "").lower().lstrip("0"), match[2].lower()
    if _BARE_DIGITS.fullmatch(text):
        return text.replace(",", "").lower().lstrip("0"), ""
    return None
