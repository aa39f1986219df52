r"""Reading of plain numbers without SymPy: most answers are one, and this takes microseconds.

A plain number is an integer, decimal, fraction, mixed number, repeating decimal, number in scientific
notation or in words, with thousands separators, a currency sign, a percent sign or a unit as it may be.
Values are `Fraction`s, so nothing is rounded; digits and exponents are bounded, so that no text makes a huge
number.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from gristmill.verifiers.math.number_words import read_words, signed_by_word, with_part
from gristmill.verifiers.math.units import scale_after, unit_after, without_brackets, without_zero

_LONGEST = 400
_LARGEST_EXPONENT = 400

_DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d{1,3}(?: \d{3})+(?!\d)|\d+)"
_DECIMAL = rf"(?:{_DIGITS}(?:\.\d*)?|\.\d+)"
_PERCENT = re.compile(r" ?(?:(?P<cent>%|\((?:%|percent)\))|(?P<mille>‰))")
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
    in_words = text[:1].isalpha() or text.startswith("\\text")
    if in_words and (spoken := read_words(text)):
        return _finished(PlainNumber(spoken[0]), False, "", spoken[1])
    minus, text = signed_by_word(text) if in_words else (False, text)
    negative, money, rest = _prefix(text)
    for pattern, read in _FORMS:
        if (match := pattern.match(rest)) and (number := read(match)):
            return _finished(number, negative != minus, money, rest[match.end() :])
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
    """With the sign, and with what follows the number: percent sign, words of scale, unit."""
    if not rest:
        return replace(number, value=-number.value, unit=money) if negative else replace(number, unit=money)
    mark = _PERCENT.match(rest)
    rest = rest[mark.end() :] if mark else rest
    part, end = with_part(rest)
    scale, rest = scale_after(without_brackets(rest[end:]))
    rest, below_zero = without_zero(rest)
    unit = unit_after(rest)
    if unit is None or rest[:1].isdigit():
        return None
    per_mille = bool(mark and mark["mille"])
    value = (number.value + part) * scale / (1000 if per_mille else 1)
    return replace(
        number,
        value=-value if negative != below_zero else value,
        decimals=number.decimals if scale == 1 and not per_mille else None,
        percent=bool(mark and mark["cent"]),
        unit=money or unit,
    )


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
