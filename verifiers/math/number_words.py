r"""Numbers in English words: "twenty-one", "two thirds", "minus five", "one and a half".

The idea: a grammar as regular expressions, which takes the longest number that stands at the beginning and
hands on what is left, so that "five apples" is five and a rest, and "twenty five" is never twenty.
"""

import re
from fractions import Fraction

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_VALUES = {"a": 1, "an": 1} | {
    word: step * value
    for words, start, step in ((_UNITS, 0, 1), (_TENS, 2, 10))
    for value, word in enumerate(words.split(), start)
}
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_PARTS = {"half": 2, "halve": 2, "quarter": 4, "sixteenth": 16, "hundredth": 100, "thousandth": 1000} | {
    word: value
    for value, word in enumerate(
        ["third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth"], 3
    )
}

_ONES = "|".join(_UNITS.split()[1:10])
_BELOW_20 = rf"(?:{'|'.join(_UNITS.split())})\b"
_BELOW_100 = rf"(?:(?:{'|'.join(_TENS.split())})\b(?:[ -](?:{_ONES})\b)?|{_BELOW_20})"
_BELOW_1000 = rf"(?:(?:an?|{_BELOW_20}) hundred\b(?:(?: and)? {_BELOW_100})?|{_BELOW_100})"
_SCALE = "|".join(_SCALES)
_WHOLE = rf"(?:{_BELOW_1000}|an?(?= (?:{_SCALE})))(?: (?:{_SCALE})\b(?:,?(?: and)? {_BELOW_1000})?)*"
_PART = rf"(?:half|(?:{'|'.join(_PARTS)})s?)\b"
_NUMBER = re.compile(
    rf"(?P<sign>(?:minus|negative|positive) )?"
    rf"(?:(?P<above>{_WHOLE}|an?)(?: |(?<!ty)-)(?P<below>{_PART})|(?P<half>half\b)|(?P<whole>{_WHOLE}))",
    re.IGNORECASE,
)
_AND_PART = re.compile(rf" and (?P<above>{_BELOW_20}|an?)[ -](?P<below>{_PART})", re.IGNORECASE)
_SIGN = re.compile(r"(?P<sign>minus|negative|positive) {0,3}(?=[-+]?[\d.\\$])", re.IGNORECASE)
_IN_TEXT = re.compile(r"\\text\s*\{\s*([^{}\\]*)\}(.*)", re.DOTALL)


def read_words(text: str) -> tuple[Fraction, str] | None:
    """The number that the words at the beginning of a text make, and what is left of the text."""
    text = _unwrapped(text)
    match = _NUMBER.match(text)
    if match is None:
        return None
    if match["half"]:
        value, end = Fraction(1, 2), match.end()
    elif match["below"]:
        value, end = _fraction(match), match.end()
    else:
        more, end = with_part(text, match.end())
        value = _value(match["whole"]) + more
    return (-value if _negative(match) else value), text[end:]


def with_part(text: str, start: int = 0) -> tuple[Fraction, int]:
    """The part that "and a half" adds to the number before it, and where it ends; 0 where there is none."""
    match = _AND_PART.match(text, start)
    return (Fraction(0), start) if match is None else (_fraction(match), match.end())


def signed_by_word(text: str) -> tuple[bool, str]:
    r"""Whether a word makes the number after it negative, and the number: `\text{minus } 5`, "negative 5"."""
    bare = _unwrapped(text)
    sign = _SIGN.match(bare)
    return (False, text) if sign is None else (_negative(sign), bare[sign.end() :])


def _negative(match: re.Match[str]) -> bool:
    return (match["sign"] or "").strip().lower() in ("minus", "negative")


def _unwrapped(text: str) -> str:
    match = _IN_TEXT.fullmatch(text) if text.startswith("\\text") else None
    return text if match is None else (match[1] + match[2]).rstrip()


def _fraction(match: re.Match[str]) -> Fraction:
    below = match["below"].lower()
    return Fraction(_value(match["above"]), _PARTS.get(below, 0) or _PARTS[below.removesuffix("s")])


def _value(words: str) -> int:
    total = group = 0
    for word in re.findall("[a-z]+", words.lower()):
        if word in _SCALES:
            total, group = total + group * _SCALES[word], 0
        elif word == "hundred":
            group *= 100
        else:
            group += _VALUES.get(word, 0)
    return total + group
