r"""Exact comparison of plain numbers without SymPy: most answers are one, and this takes microseconds.

A plain number is an integer, decimal, fraction, mixed number, repeating decimal or number in scientific
notation, with thousands separators, a currency sign, a percent sign or a unit as it may be. Values are
`Fraction`s, so nothing is rounded; digits and exponents are bounded, so that no text makes a huge number.

What counts as equal (the strictness is meant; each rule has its test):
- Values must be the same: 0.5 is not 50, 3.04 is not 0.0304, 1001 is not 1001.5.
- A percent sign allows both readings of the side that has it: 50% equals 50 and 0.5. Two percentages are
  compared as such. But a reference of at most 1 without the sign is a share: 0.5 is 50% and not 0.5%.
- A decimal equals a fraction with no finite decimal form (1/3), if it is that fraction correctly rounded to
  the digits shown, and shows at least `ROUNDED_DIGITS` significant ones, zeros at its end not counted and a
  whole number excluded: 0.3333 equals 1/3, 0.33 and 0.3334 do not.
- Words of scale multiply: 5 million is 5000000, 3 dozen is 36.
- Units: see `units.py`. A missing one does not count, different ones do.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from gristmill.verifiers.math.units import conflict, convertible, scale_after, unit_after
from gristmill.verifiers.reasons import Reason

ROUNDED_DIGITS = 4
_LONGEST = 400
_LARGEST_EXPONENT = 400

_DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d{1,3}(?: \d{3})+(?!\d)|\d+)"
_DECIMAL = rf"(?:{_DIGITS}(?:\.\d*)?|\.\d+)"
_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
)
_NUMBER_WORDS = {
    word: value for value, word in enumerate(f"{_WORDS} seventeen eighteen nineteen twenty".split())
}

_NUMBER_WORD = re.compile(
    rf"(?P<text>\\text\s*\{{\s*)?(?P<word>{'|'.join(_NUMBER_WORDS)})(?![A-Za-z])(?(text)(?=[^{{}}]*\}}$))",
    re.IGNORECASE,
)
_CURRENCY = re.compile(r"(\\\$|[$€£¥₹]|(?:USD|EUR|GBP|Rs\.?)(?= ?[\d.]))\s*")


@dataclass(frozen=True, slots=True)
class PlainNumber:
    """`decimals` are the digits shown after the point, None for what is no decimal; `significant` those that
    count.
    """

    value: Fraction
    decimals: int | None = None
    significant: int = 0
    percent: bool = False
    unit: str = ""


def read_number(text: str) -> PlainNumber | None:
    """The number that a normalised text is, None where it is anything else."""
    if len(text) > _LONGEST:
        return None
    if word := _NUMBER_WORD.match(text):
        rest = (
            text[word.end() :].removeprefix("}")
            if word["text"] and text.endswith("}")
            else text[word.end() :]
        )
        return _finished(PlainNumber(Fraction(_NUMBER_WORDS[word["word"].lower()])), False, "", rest)
    negative, money, rest = _prefix(text)
    for pattern, read in _FORMS:
        if (match := pattern.match(rest)) and (number := read(match)):
            return _finished(number, negative, money, rest[match.end() :])
    return None


def _prefix(text: str) -> tuple[bool, str, str]:
    """Sign and currency in either order, and what is left."""
    money, negative = "", False
    for _ in range(2):
        if match := _CURRENCY.match(text):
            money, text = match[1], text[match.end() :]
        if text[:1] in ("-", "+"):
            negative, text = negative != (text[0] == "-"), text[1:].lstrip()
    return negative, (unit_after(f" {money}") or "") if money else "", text


def _finished(number: PlainNumber, negative: bool, money: str, rest: str) -> PlainNumber | None:
    percent = rest.lstrip().startswith("%")
    if percent:
        rest = rest.lstrip()[1:]
    scale, rest = scale_after(rest)
    unit = unit_after(rest)
    if unit is None or rest[:1].isdigit():
        return None
    value = scale * (-number.value if negative else number.value)
    decimals = number.decimals if scale == 1 else None
    return replace(number, value=value, decimals=decimals, percent=percent, unit=money or unit)


def _decimal(text: str) -> PlainNumber:
    whole, _, part = re.sub("[, ]", "", text).partition(".")
    value = Fraction(int(whole + part or "0"), 10 ** len(part))
    significant = len((whole + part.rstrip("0")).lstrip("0"))
    return PlainNumber(value, len(part) if part else None, significant)


def _simple(match: re.Match[str]) -> PlainNumber:
    return _decimal(match[1])


def _fraction(match: re.Match[str]) -> PlainNumber | None:
    top, bottom = _decimal(match["top"]).value, _decimal(match["bottom"]).value
    signs = match.groupdict()
    negative = (signs.get("top_sign") == "-") != (signs.get("bottom_sign") == "-")
    return PlainNumber((-top if negative else top) / bottom) if bottom else None


def _mixed(match: re.Match[str]) -> PlainNumber | None:
    part = _fraction(match)
    return part and PlainNumber(int(match["whole"]) + part.value)


def _scientific(match: re.Match[str]) -> PlainNumber | None:
    exponent = int(match["exponent"]) if len(match["exponent"]) < 6 else _LARGEST_EXPONENT + 1
    if abs(exponent) > _LARGEST_EXPONENT:
        return None
    mantissa = _decimal(match["mantissa"] or "1")
    decimals = max(0, (mantissa.decimals or 0) - exponent)
    return PlainNumber(mantissa.value * Fraction(10) ** exponent, decimals or None, mantissa.significant)


def _repeating(match: re.Match[str]) -> PlainNumber:
    start, period = match["start"], match["period"]
    nines = 10 ** len(start) * (10 ** len(period) - 1)
    tail = Fraction(int(start + period) - int(start or "0"), nines)
    return PlainNumber(int(match["whole"] or "0") + tail)


_BRACED = r"\{{\s*(?P<{0}_sign>[-+]?)\s*(?P<{0}>{1})\s*\}}"
_TEX_FRACTION = rf"\\frac\s*{_BRACED.format('top', _DECIMAL)}\s*{_BRACED.format('bottom', _DECIMAL)}"
_WHOLE_TEX_FRACTION = r"\\frac\s*\{\s*(?P<top>\d+)\s*\}\s*\{\s*(?P<bottom>\d+)\s*\}"

_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], PlainNumber | None]], ...] = tuple(
    (re.compile(pattern), read)
    for pattern, read in (
        (rf"(?P<whole>\d+) ?(?:\+ ?)?{_WHOLE_TEX_FRACTION}", _mixed),
        (r"(?P<whole>\d+)(?: | ?\+ ?)(?P<top>\d+) ?/ ?(?P<bottom>\d+)(?![\d/])", _mixed),
        (_TEX_FRACTION, _fraction),
        (rf"(?P<top>{_DECIMAL}) ?/ ?(?P<bottom>{_DECIMAL})(?![\d/])", _fraction),
        (
            r"(?P<whole>\d*)\.(?P<start>\d*?)\s?\\(?:overline|dot|bar)\s*\{?(?P<period>\d+)\}?",
            _repeating,
        ),
        (r"(?P<whole>\d*)\.(?P<start>)\((?P<period>\d+)\)", _repeating),
        (r"(?P<whole>\d*)\.(?P<start>\d*?)(?P<period>\d)(?P=period){2,} ?\\ldots", _repeating),
        (rf"(?P<mantissa>{_DECIMAL})[eE](?P<exponent>[-+]?\d+)", _scientific),
        (
            rf"(?:(?P<mantissa>{_DECIMAL}) ?(?:\\times|\\cdot|\*) ?)?10 ?\^ ?(?:\{{ ?(?=[-+\d ]+\}}))?"
            r"(?P<exponent>[-+]?\d+) ?\}?",
            _scientific,
        ),
        (rf"({_DECIMAL})", _simple),
    )
)


def compare_numbers(reference: PlainNumber, answer: PlainNumber) -> Reason:
    """Equal, wrong, or in another unit."""
    equal = any(_close(wanted, given) for wanted, given in _readings(reference, answer))
    if equal:
        return Reason.WRONG_ANSWER if conflict(reference.unit, answer.unit) else Reason.EQUAL
    return Reason.OTHER_UNIT if convertible(reference.unit, answer.unit) else Reason.WRONG_ANSWER


def _readings(reference: PlainNumber, answer: PlainNumber) -> list[tuple[PlainNumber, PlainNumber]]:
    pairs = [(reference, answer)]
    if reference.percent and not answer.percent:
        pairs.append((_hundredth(reference), answer))
    elif answer.percent and not reference.percent:
        share = (reference, _hundredth(answer))
        pairs = [share] if abs(reference.value) <= 1 else [*pairs, share]
    return pairs


def _hundredth(number: PlainNumber) -> PlainNumber:
    decimals = None if number.decimals is None else number.decimals + 2
    return replace(number, value=number.value / 100, decimals=decimals)


def _close(one: PlainNumber, other: PlainNumber) -> bool:
    if one.value == other.value:
        return True
    return _rounded(one, other) or _rounded(other, one)


def _rounded(exact: PlainNumber, shown: PlainNumber) -> bool:
    return exact.decimals is None and not _finite(exact.value) and is_rounding(exact.value, shown)


def is_rounding(exact: Fraction, shown: PlainNumber) -> bool:
    """Whether `shown` is `exact` correctly rounded, with digits enough to count."""
    if shown.decimals is None or shown.value.denominator == 1 or shown.significant < ROUNDED_DIGITS:
        return False
    return abs(exact - shown.value) <= Fraction(1, 2 * 10**shown.decimals)


def _finite(value: Fraction) -> bool:
    """Whether the decimal form ends."""
    denominator = value.denominator
    for prime in (2, 5):
        while denominator % prime == 0:
            denominator //= prime
    return denominator == 1
