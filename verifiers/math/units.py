r"""Units after a number or an expression: how they are read, and which of them conflict.

Responses name units where references leave them out, and the other way round, so a missing unit is never held
against an answer. Two *different* known units are: with the same number they are different quantities, and
with different numbers they may be the same one, which nothing here converts. A single letter is a unit only
in `\text{}` or after a blank, and only if it is a common one: `2m` is a product.
"""

import re

from gristmill.verifiers.math.unit_names import (
    CHANGING_SIGNS,
    FOREIGN_NO_UNITS,
    MATH_NAMES,
    NAMES,
    NO_UNITS,
    SCALE_SIGNS,
    SCALES,
)

_UNITS = {
    spelling.replace("_", " "): name
    for names in NAMES.values()
    for name, spellings in names.items()
    for spelling in (name, *spellings.split())
}
_DIMENSIONS = {name: dimension for dimension, names in NAMES.items() for name in names}

_SPOKEN_ABBREVIATIONS = frozenset({"kb", "mb", "gb", "tb"})
"""Units that stand after a blank, as single letters do."""

_SCALE = re.compile(
    rf"(\s*(?:\\text\s*\{{)?\s*)(?:({'|'.join(SCALES)})s?(?![^\W\d_])|([{''.join(SCALE_SIGNS)}])(?![克米瓦卡分]))",
    re.IGNORECASE,
)
_EMPTY_TEXT = re.compile(r"\\text\s*\{\s*\}")
_CHARACTER = r"[^\W\d_]|[\u0900-\u0dff\u064b-\u065f]"
_SIGN = r"°'\"$€£¥₹¢₽"
_WORDS = re.compile(
    rf"(?:{_CHARACTER}|[{_SIGN}])(?:{_CHARACTER}|[{_SIGN}. -])*(?:/ ?(?:{_CHARACTER})+)*"
    r"(?: ?\^ ?\{?[23]\}?)?"
)
_LETTER = re.compile(r"[A-Za-z](?: ?\^ ?\{?[23]\}?)?")
_POWER = re.compile(r" ?\^ ?\{?([23])\}?$")
_MODULUS = re.compile(r" *\(?\\p?mod *\{? *(\d+) *\}? *\)?")
_PER = re.compile(r" ?/ ?(?=[A-Za-z])")
_IN_BRACKETS = re.compile(r" ?(?:\(([^()\[\]]{1,60})\)|\[([^()\[\]]{1,60})\])")
_BOUND = re.compile(r"\bat (?:the )?(?:very )?(?:most|least)\b", re.IGNORECASE)
_ZERO = re.compile(r"\s*(below|above) zero\s*(\}?)\s*$", re.IGNORECASE)
_NAMED = r"(?:\\text ?\{ ?)?([A-Za-z]{1,12}) ?\}?"
_FRACTION = re.compile(rf" ?\\frac ?\{{ ?{_NAMED} ?\}} ?\{{ ?{_NAMED}(?: ?\^ ?\{{?([23])\}}?)? ?\}}")
_TEXT_END = re.compile(r"(?:\s*\\text\s*\{[^{}]*\}(?:\s*\^\s*\{?[23]\}?)?)+$")
_BARE_END = re.compile(r"(?<=[\d})\s])([A-Za-z][A-Za-z ./]{0,30}(?: ?\^ ?\{?[23]\}?)?)$")
_LONGEST = 60


def unit_after(rest: str) -> str | None:
    r"""The unit that `rest` (normalised, what follows a number) names: a known name where there is one, with
    `^2` or `^3`, else the words themselves. "" where there is nothing, None where it is no unit: then it is
    mathematics.
    """
    if not rest.strip():
        return ""
    if modulus := _MODULUS.fullmatch(rest):
        return f"modulus {modulus[1]}"
    if fraction := _FRACTION.fullmatch(rest):
        return _known(f"{fraction[1]}/{fraction[2]}" + (f"^{fraction[3]}" if fraction[3] else ""))
    rest = without_brackets(rest)
    if (per := _PER.match(rest)) and len(rest) > per.end() + 1 and _known(rest[per.end() :]):
        return f"per {_known(rest[per.end() :])}"
    in_text = "\\text" in rest
    words = re.sub(r"\\text\s*\{([^{}]*)\}", r" \1 ", rest).replace(r"\$", "$").strip(" .")
    words = re.sub(r" +", " ", words)
    if len(words) > _LONGEST or not _WORDS.fullmatch(words):
        return None
    name = _known(words)
    if name is not None:
        short = _LETTER.fullmatch(words) is not None or name in _SPOKEN_ABBREVIATIONS
        return None if short and not in_text and not rest.startswith(" ") else name
    if words == "times" or _denies(words):
        return words if words == "times" else None
    plain = words.lower()
    return (
        plain.removesuffix("s")
        if (in_text and plain.replace("°", "").isascii()) or _is_prose(plain)
        else None
    )


def without_brackets(rest: str) -> str:
    """A unit in brackets without them; a single letter only where a blank tells it from a factor."""
    bracketed = _IN_BRACKETS.fullmatch(rest)
    if bracketed is None:
        return rest
    inside = bracketed[1] or bracketed[2]
    return inside if len(inside) == 1 and not rest.startswith(" ") else f" {inside}"


def scale_after(rest: str) -> tuple[int, str]:
    r"""What the words of scale at the beginning of `rest` multiply by, and what is left: million is 10**6."""
    scale = 1
    while match := _SCALE.match(rest):
        scale *= SCALES[match[2].lower()] if match[2] else SCALE_SIGNS[match[3]]
        rest = _EMPTY_TEXT.sub("", match[1] + rest[match.end() :])
    return scale, rest


def without_zero(rest: str) -> tuple[str, bool]:
    """Without "below zero" or "above zero" at the end, and whether it was "below"."""
    zero = _ZERO.search(rest) if "zero" in rest else None
    return (rest, False) if zero is None else (rest[: zero.start()] + zero[2], zero[1].lower() == "below")


def _denies(words: str) -> bool:
    each = re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", words.lower())
    return not (NO_UNITS.isdisjoint(each) and FOREIGN_NO_UNITS.isdisjoint(each)) or bool(_BOUND.search(words))


def _is_prose(words: str) -> bool:
    """Words of a language and not a product of variables: none of one letter, one at least of four; or words
    in another script than those of variables.
    """
    if words > "\u2e80":
        return CHANGING_SIGNS.isdisjoint(words)
    each = re.findall(rf"(?:{_CHARACTER})+(?:-(?:{_CHARACTER})+)*", words)
    if MATH_NAMES.intersection(each) or any(len(word) == 1 and word != "a" for word in each):
        return False
    return each[:1] in (["of"], ["per"]) or any(
        len(word) > 3 or (len(word) > 1 and word[0] > "\u0400") for word in each
    )


def _known(words: str) -> str | None:
    words = words.lower().strip(" .")
    if words in _UNITS:
        return _UNITS[words]
    power = _POWER.search(words)
    exponent = power[1] if power else ""
    words = _POWER.sub("", words)
    for prefix, value in (
        ("square ", "2"),
        ("sq. ", "2"),
        ("sq ", "2"),
        ("cubic ", "3"),
        ("cu. ", "3"),
        ("cu ", "3"),
    ):
        if words.startswith(prefix):
            words, exponent = words.removeprefix(prefix), value
    name = _UNITS.get(words.strip(" ."))
    return None if name is None else name + (f"^{exponent}" if exponent else "")


def without_unit(text: str) -> str:
    r"""An expression without the unit at its end: `\text{}` or a known unit of more than one letter. A word
    of scale becomes its factor; words that are no unit stay.
    """
    return split_unit(text)[0]


def split_unit(text: str) -> tuple[str, str]:
    """An expression and the unit at its end, "" where there is none."""
    text = _without_end_brackets(text)
    bare, unit = _split_text(text.removeprefix(r"\$").strip())
    if (
        (match := _BARE_END.search(bare))
        and (known := _known(match[1]) or "").split("^")[0] in _DIMENSIONS
        and not _LETTER.fullmatch(match[1])
    ):
        bare, unit = bare[: match.start()].strip(), known
    elif not unit and bare.endswith("°"):
        unit = "°"
    if text.startswith(r"\$"):
        unit = "$"
    return (bare, unit) if bare else (text, "")


def _without_end_brackets(text: str) -> str:
    r"""`8\pi (cm)` without the brackets, if a known unit of more than one letter stands in them."""
    start = text.rfind("(")
    inside = text[start + 1 : -1] if start > 0 and text.endswith(")") else ""
    return f"{text[:start]} {inside}" if len(inside) > 1 and _known(inside) else text


def _split_text(text: str) -> tuple[str, str]:
    match = _TEXT_END.search(text)
    if match is None or not match.start():
        return text, ""
    bare, (scale, rest) = text[: match.start()].strip(), scale_after(match.group())
    if _denies(rest):
        return text, ""
    unit = unit_after(rest) or ""
    return (bare if scale == 1 else rf"({bare}) \cdot {scale}"), unit


def conflict(reference: str, answer: str) -> bool:
    """Whether both are known units and not the same one."""
    return reference != answer and bool(_dimension(reference)) and bool(_dimension(answer))


def convertible(reference: str, answer: str) -> bool:
    """Whether two different numbers in these units could be one quantity."""
    return conflict(reference, answer) and _dimension(reference) == _dimension(answer)


def _dimension(unit: str) -> str:
    """What a known unit measures, e.g. `length^2`; "" for other words."""
    if unit.startswith("modulus "):
        return unit
    if unit in _DIMENSIONS:
        return _DIMENSIONS[unit]
    name, _, power = unit.partition("^")
    dimension = _DIMENSIONS.get(name, "")
    return f"{dimension}^{power}" if dimension and power else dimension
